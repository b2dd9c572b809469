"""The shapes of one change of many deals, and of what became of each."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, Shape, Text, Whole
from crm.api.problems import refusal_json
from crm.api.serializers import owner_field
from crm.lib.values import Refusal
from pipeline.api.criteria import PlannedStepShape
from pipeline.commands.bulk import MOST, BulkChange, SeenDeal
from pipeline.commands.opportunities import StepPlan
from pipeline.enums import BulkKind, BulkOutcome, DealType
from pipeline.queries.setpoints import find_setpoint_by_codes

KINDS = {
    "owner": BulkKind.OWNER,
    "setpoint": BulkKind.SETPOINT,
    "expected_close_on": BulkKind.EXPECTED_CLOSE_ON,
    "deal_type": BulkKind.DEAL_TYPE,
    "next_step": BulkKind.NEXT_STEP,
}
NAMES = {kind: name for name, kind in KINDS.items()}


class ChosenShape(Shape):
    """A deal and the version of it that you read."""

    id = Id()
    version = Whole()


class NewBulkEditShape(Shape):
    """The deals, and one thing each of them is given. `setpoint` is a code of `pipeline`; a `next_step` is its owner's.

    `reason` stands in for facts that miss there, in 20 characters or more, and says why deals go back.
    """

    deals = ChosenShape(many=True, allow_empty=False)
    owner = owner_field()
    setpoint = Text(max_length=50, required=False)
    pipeline = Text(max_length=50, required=False)
    expected_close_on = Day(required=False)
    deal_type = Choice(choices=list(DealType), required=False)
    next_step = PlannedStepShape(required=False)
    reason = Text(max_length=1000, required=False, allow_blank=True)

    def validate_deals(self, deals: list[dict[str, int]]) -> list[SeenDeal]:
        """Return the deals as the command takes them."""
        if len(deals) > MOST:
            raise serializers.ValidationError(_("At most %(most)s deals at once.") % {"most": MOST})
        return [SeenDeal(each["id"], each["version"], by_version=True) for each in deals]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return `deals` and the `change`, which is one of one kind."""
        given = [name for name in KINDS if attrs.get(f"{name}_id", attrs.get(name)) is not None]
        if len(given) != 1:
            raise serializers.ValidationError(_("Give one of: %(names)s.") % {"names": ", ".join(KINDS)})
        if ("pipeline" in attrs) != (given == ["setpoint"]):
            raise serializers.ValidationError({"pipeline": _("Name the pipeline of the setpoint, with it alone.")})
        name = given[0]
        value: Any = attrs.get(f"{name}_id", attrs.get(name))
        if name == "setpoint":
            value = self._setpoint(attrs["pipeline"], value)
        if name == "next_step":
            value = StepPlan(**value)
        return {"deals": attrs["deals"], "change": BulkChange(KINDS[name], value, attrs.get("reason", ""))}

    def _setpoint(self, pipeline: str, code: str) -> int:
        found = find_setpoint_by_codes(pipeline, code)
        if found is None:
            raise serializers.ValidationError({"setpoint": _("There is no such setpoint in use in this pipeline.")})
        return found


class AnswerShape(Shape):
    """What became of one deal: `refusals` say why it stays as it was, `override_allowed` that a reason would do."""

    deal = Id(source="opportunity_id")
    outcome = Choice(choices=list(BulkOutcome))
    version = Whole()
    refusals = serializers.SerializerMethodField()
    override_allowed = Flag()
    undone_at = Instant(allow_null=True)

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_refusals(self, answer: Any) -> list[dict[str, Any]]:
        """Return each reason with its code and its sentence."""
        return [refusal_json(Refusal.of(each["code"], **each["params"])) for each in answer.refusals]


class BulkEditShape(Shape):
    """A change of many deals; `undone_at` is when it was taken back as a whole."""

    id = Id()
    kind = serializers.SerializerMethodField()
    reason = Text(allow_blank=True)
    at = Instant()
    undone_at = Instant(allow_null=True)
    answers = AnswerShape(many=True)

    @extend_schema_field({"type": "string", "enum": list(KINDS)})
    def get_kind(self, edit: Any) -> str:
        """Return what was given, by its name in the request."""
        return NAMES[edit["kind"]]
