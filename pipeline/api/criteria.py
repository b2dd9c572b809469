"""The shapes of what a deal needs to stand where it goes, and of its next steps."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, RelatedId, Shape, Text
from crm.api.serializers import contact_field, owner_field
from crm.enums import ActivityKind
from crm.queries.contacts import contacts_visible_to
from crm.queries.organisation import get_local_date
from pipeline.api.serializers import CriterionShape


class EvidenceShape(Shape):
    """What meets a criterion: `said_by` names somebody at the customer's, `by` a colleague."""

    on = Day(allow_null=True)
    note = Text(allow_blank=True)
    said_by = Text(allow_blank=True)
    by = Text(allow_blank=True)
    attestation = Id(source="attestation_id", allow_null=True)


class DealCriterionShape(CriterionShape):
    """A fact that a deal is asked for at `setpoint`; `met_by` is null where it is missing."""

    setpoint = Text()
    met_by = EvidenceShape(allow_null=True)


@extend_schema_serializer(many=False)
class DealCriteriaShape(Shape):
    """Everything a deal is asked for, on one page."""

    next = Text(allow_null=True)
    previous = Text(allow_null=True)
    results = DealCriterionShape(many=True)


class AttestingShape(Shape):
    """What was said that meets an attested criterion, named by its code: on which day, by whom."""

    criterion = Text(max_length=50)
    said_on = Day()
    contact = contact_field()
    note = Text(max_length=1000)


class PlannedStepShape(Shape):
    """A step to agree on: `due_at` is the hour on that day, in the organisation's zone, where one was agreed."""

    kind = Choice(choices=list(ActivityKind), required=False)
    purpose = Text(max_length=300)
    due_on = Day()
    due_at = Instant(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """See that the hour lies on the day."""
        return _on_its_day(attrs)


class NextStepShape(PlannedStepShape):
    """What happens next on a deal: with a day, a purpose, and `agreed_with`, without whom it is our own intention.

    `due_at` is the hour on that day, in the organisation's zone, where one was agreed.
    """

    id = Id(source="pk", read_only=True)
    agreed_with = RelatedId(source="agreed_with_id", visible=contacts_visible_to, required=False, allow_null=True)
    owner = owner_field()
    created_at = Instant(read_only=True)
    done_at = Instant(read_only=True, allow_null=True)
    dropped_at = Instant(read_only=True, allow_null=True)


class StepDayShape(Shape):
    """The day a step moves to, with its hour where one was agreed."""

    due_on = Day()
    due_at = Instant(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """See that the hour lies on the day."""
        return _on_its_day(attrs)


class StepEndShape(Shape):
    """Whether a step was done or given up."""

    done = Flag()


def _on_its_day(attrs: dict[str, Any]) -> dict[str, Any]:
    due_at = attrs.get("due_at")
    if due_at is not None and get_local_date(due_at) != attrs["due_on"]:
        raise serializers.ValidationError({"due_at": _("This hour lies on another day.")})
    return attrs
