"""The shapes of approvals."""

from rest_framework import serializers

from crm.api.fields import Choice, Flag, Id, Instant, RelatedId, Shape, Text, Whole
from pipeline.enums import ApprovalState, PolicyArea
from pipeline.queries.opportunities import opportunities_visible_to


class ApprovalShape(Shape):
    """A question whether a deal may go so far in an area; `asked` is in its unit: percent, hours, days or months.

    `approver` answers until `due_at`. While `state` is open or refused the deal cannot reach 90% or be won.
    """

    id = Id(read_only=True)
    version = Whole(read_only=True)
    opportunity = RelatedId(source="opportunity_id", visible=opportunities_visible_to)
    area = Choice(choices=list(PolicyArea))
    asked = serializers.DecimalField(max_digits=10, decimal_places=2)
    why = Text(max_length=1000)
    state = Choice(choices=list(ApprovalState), read_only=True)
    approver = Id(source="approver_id", read_only=True)
    delegated_from = Id(source="delegated_from_id", read_only=True, allow_null=True)
    escalated_to = Id(source="escalated_to_id", read_only=True, allow_null=True)
    due_at = Instant(read_only=True)
    asked_by = Id(source="asked_by_id", read_only=True, allow_null=True)
    asked_at = Instant(read_only=True)
    decided_by = Id(source="decided_by_id", read_only=True, allow_null=True)
    decided_at = Instant(read_only=True, allow_null=True)
    answer = Text(read_only=True, allow_blank=True)
    withdrawn_at = Instant(read_only=True, allow_null=True)


class DecisionShape(Shape):
    """Yes or no; a no needs its `answer`."""

    approves = Flag()
    answer = Text(max_length=1000, required=False, allow_blank=True)


class DelegationShape(Shape):
    """Who answers instead."""

    to = Id(source="to_id")
