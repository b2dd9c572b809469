"""The shapes of what is known of a deal's elements and of the people who decide."""

from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, Shape, Text, Whole
from crm.api.serializers import contact_field
from pipeline.enums import Element


class AssessmentShape(Shape):
    """How well an element is known: `level` 0 unknown, 1 assumed, 2 told by one contact, 3 confirmed.

    From 2 on `contact` said it; 3 may be in writing instead, which `note` names. `applies` false, for the reason in
    `note`, takes a milestone or a question out of the deal's progress. `ended_at` is when something newer came.
    """

    id = Id(read_only=True)
    element = Choice(choices=list(Element))
    level = Whole(max_value=3, required=False)
    said_on = Day()
    contact = contact_field()
    note = Text(max_length=1000, required=False, allow_blank=True)
    applies = Flag(required=False)
    by = Id(source="by_id", read_only=True, allow_null=True)
    at = Instant(read_only=True)
    ended_at = Instant(read_only=True, allow_null=True)

    def validate(self, values: dict[str, object]) -> dict[str, object]:
        """Ask for the level of what applies."""
        if values.get("applies", True) and "level" not in values:
            raise serializers.ValidationError({"level": self.fields["level"].error_messages["required"]})
        return {"level": 0, **values}
