"""The shapes of what marketing and sales agree on, want to reach and tell each other."""

from rest_framework import serializers

from crm.api.fields import Choice, Id, Instant, Shape, Text, Whole
from scoring.enums import AgreedTerm, GoalMeasure
from scoring.policies.agreements import LONGEST


class DefinitionShape(Shape):
    """One wording of a word both teams use; it holds once somebody of each agreed, until a later one does."""

    id = Id(source="pk", read_only=True)
    version = Whole(read_only=True)
    term = Choice(choices=list(AgreedTerm))
    number = Whole(read_only=True)
    text = Text(max_length=LONGEST)
    proposed_by = Id(source="proposed_by_id", read_only=True)
    proposed_at = Instant(read_only=True)
    marketing_by = Id(source="marketing_by_id", read_only=True, allow_null=True)
    marketing_at = Instant(read_only=True, allow_null=True)
    sales_by = Id(source="sales_by_id", read_only=True, allow_null=True)
    sales_at = Instant(read_only=True, allow_null=True)
    agreed_at = Instant(read_only=True, allow_null=True)
    withdrawn_at = Instant(read_only=True, allow_null=True)


class GoalShape(Shape):
    """What both teams want a figure to be from `at` on, as a share; null for no goal any more. The latest holds."""

    id = Id(source="pk", read_only=True)
    measure = Choice(choices=list(GoalMeasure))
    share = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    at = Instant(read_only=True)
    by = Id(source="by_id", read_only=True, allow_null=True)


class CommentShape(Shape):
    """What somebody of marketing or sales told both teams."""

    id = Id(source="pk", read_only=True)
    text = Text(max_length=LONGEST)
    by = Id(source="by_id", read_only=True)
    at = Instant(read_only=True)
