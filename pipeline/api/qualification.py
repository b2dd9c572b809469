"""The shapes of what is known of a deal's elements and of the people who decide."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, RelatedId, Shape, Text, Whole
from crm.api.serializers import contact_field
from crm.queries.contacts import contacts_visible_to
from pipeline.enums import Element, StakeholderRole, Stance


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


class StakeholderShape(Shape):
    """What part a contact has in the decision; what is left out of a change stays.

    `influence` is 1 a little, 2 some, 3 decides or is asked. `introduced_by` is the contact who leads us to this one.
    `left` is true once they no longer take part; `last_touch_at` is our last call, e-mail or meeting with them.
    """

    contact = RelatedId(source="contact_id", visible=contacts_visible_to)
    role = Choice(choices=list(StakeholderRole), required=False, allow_blank=True)
    stance = Choice(choices=list(Stance), required=False)
    influence = Whole(min_value=1, max_value=3, required=False, allow_null=True)
    met_on = Day(required=False, allow_null=True)
    introduced_by = RelatedId(source="introduced_by_id", visible=contacts_visible_to, required=False, allow_null=True)
    note = Text(max_length=1000, required=False, allow_blank=True)
    last_touch_at = Instant(source="touched_at", read_only=True, allow_null=True)
    main = Flag(source="is_main", read_only=True)
    left = Flag(required=False)

    def to_representation(self, person: Any) -> dict[str, Any]:
        """Return it with contacts by their own ids."""
        shown: dict[str, Any] = super().to_representation(person)
        return {**shown, "introduced_by": None if person.leads_id is None else str(person.leads_id)}


class ProgressShape(Shape):
    """How far the customer has come, of 100: `levels` by element, `n` of which apply, `not_applicable` with reasons."""

    value = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    n = Whole()
    weakest = Text(allow_null=True)
    levels = serializers.DictField(child=serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True))
    not_applicable = serializers.DictField(child=Text())
    definition_version = Whole()
    as_of = Instant()
