"""The shapes of deals, their history and the setpoints. Pipelines, setpoints and reasons are codes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, MoneyValue, Shape, Text, Whole
from crm.api.serializers import CodeOf, RecordShape, account_field, contact_field, owner_field
from crm.enums import Approach
from crm.queries.sources import find_campaign, find_source
from pipeline.api.signals import SignalsField
from pipeline.enums import DealType, ForecastCategory, Outcome


class StageId(Id):
    """Where within its setpoint a deal is; a stage of a setpoint it left says nothing any more."""

    def get_attribute(self, deal: Any) -> int | None:
        """Return the stage if the deal's setpoint has it."""
        stage = deal.stage
        return stage.pk if stage and stage.setpoint_id == deal.setpoint_id and stage.retired_at is None else None


class OpportunityShape(RecordShape):
    """A deal. Its setpoint changes by `move/`, its outcome by `close/`.

    `stage` is one of its setpoint's stages; null means the first there.
    """

    account = account_field(read_only=True)
    name = Text(max_length=300)
    owner = owner_field()
    pipeline = Text(source="pipeline.code", read_only=True)
    setpoint = Text(source="setpoint.code", read_only=True, allow_null=True, default=None)
    evidenced_setpoint = Text(source="evidenced_setpoint.code", read_only=True, allow_null=True, default=None)
    stage = StageId(source="stage_id", required=False, allow_null=True)
    setpoint_entered_at = Instant(read_only=True, allow_null=True)
    severity = Whole(read_only=True)
    signals = SignalsField()
    paused_until = Day(read_only=True, allow_null=True)
    amount = MoneyValue(required=False, allow_null=True)
    deal_type = Choice(choices=list(DealType), required=False)
    category = Choice(choices=list(ForecastCategory), required=False)
    expected_close_on = Day(required=False, allow_null=True)
    decision_on = Day(required=False, allow_null=True)
    required_results = Text(max_length=1000, required=False, allow_blank=True)
    go_live_on = Day(required=False, allow_null=True)
    next_step = Text(source="current_step.purpose", read_only=True, allow_null=True, default=None)
    next_step_on = Day(read_only=True, allow_null=True)
    contact = contact_field()
    source = CodeOf(of="source", find=find_source, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    campaign = CodeOf(of="campaign", find=find_campaign, required=False, allow_null=True)
    approach = Choice(choices=list(Approach), required=False, allow_blank=True)
    lead_created_at = Instant(read_only=True, allow_null=True)
    outcome = Choice(choices=list(Outcome), read_only=True, allow_blank=True)
    closed_at = Instant(read_only=True, allow_null=True)
    close_reason = Text(source="close_reason.code", read_only=True, allow_null=True, default=None)
    close_note = Text(read_only=True, allow_blank=True)
    competitor = Text(source="competitor.name", read_only=True, allow_null=True, default=None)
    revisit_on = Day(read_only=True, allow_null=True)
    backfilled = Flag(read_only=True)
    cycle_no = Whole(read_only=True)


class NewOpportunityShape(OpportunityShape):
    """A deal to open: with its first meeting, or with `override`, in 20 characters or more, for what its setpoint misses."""

    account = account_field(required=True, allow_null=False)
    pipeline = Text(source="pipeline_code", max_length=50, required=False)
    setpoint = Text(source="setpoint_code", max_length=50, required=False)
    deal_type = Choice(choices=list(DealType))
    stage = StageId(source="stage_id", read_only=True, allow_null=True)
    category = Choice(choices=list(ForecastCategory), read_only=True)
    required_results = Text(read_only=True, allow_blank=True)
    go_live_on = Day(read_only=True, allow_null=True)
    first_meeting_at = Instant(write_only=True, required=False)
    override = Text(write_only=True, required=False, max_length=1000, allow_blank=True)


class OpportunityChangesShape(OpportunityShape):
    """What may change about a deal besides its setpoint and outcome."""

    external_id = Text(read_only=True, allow_null=True)


class MoveShape(Shape):
    """Where a deal goes: `override` is why it may without the missing facts, in 20 characters or more.

    `reason` is why it goes back.
    """

    setpoint = Text(max_length=50)
    override = Text(max_length=1000, required=False, allow_blank=True)
    reason = Text(max_length=1000, required=False, allow_blank=True)


class CloseShape(Shape):
    """How a deal ended: `competitor` names who won it, on a won deal whom we beat.

    `amount` is the final value where it is not the deal's; `criteria` are codes of the facts that spoke against it.
    The `reason` of a declined deal is one of its pipeline's criteria, by default the first of `criteria`.
    """

    outcome = Choice(choices=list(Outcome))
    closed_on = Day(required=False)
    reason = Text(source="reason_code", max_length=100, required=False, allow_blank=True)
    competitor = Text(max_length=200, required=False, allow_blank=True)
    note = Text(max_length=10_000, required=False, allow_blank=True)
    revisit_on = Day(required=False, allow_null=True)
    amount = MoneyValue(required=False, allow_null=True)
    criteria = serializers.ListField(child=Text(max_length=100), required=False, max_length=100)


class CriterionShape(Shape):
    """A fact a deal needs to stand at a setpoint and at every one above."""

    code = Text()
    text = Text()
    ask = Text(allow_blank=True)
    evidence = Text()
    check = Text(source="check_code", allow_blank=True)
    gate = Text()
    deal_types = serializers.ListField(child=Text())


class StageShape(Shape):
    """A sub-step of a setpoint."""

    id = Id()
    name = Text()


class SetpointShape(Shape):
    """A control point of the sale; `criteria` are its own, on top of those below."""

    id = Id()
    pipeline = Text()
    code = Text()
    name = Text()
    meaning = Text(allow_blank=True)
    rank = Whole()
    probability = serializers.DecimalField(max_digits=5, decimal_places=4)
    stall_limit_days = Whole(allow_null=True)
    guidance = Text(allow_blank=True)
    key_fields = serializers.ListField(child=Text())
    stages = StageShape(many=True)
    criteria = CriterionShape(many=True)


@extend_schema_serializer(many=False)
class SetpointListShape(Shape):
    """All setpoints on one page."""

    next = Text(allow_null=True)
    previous = Text(allow_null=True)
    results = SetpointShape(many=True)


# Keys of event values that hold ids; pipelines and setpoints become their codes.
IDS = frozenset(
    {
        "owner",
        "competitor",
        "step",
        "stage",
        "attestation",
        "into",
        "opportunity",
        "contact",
        "line",
        "product",
        "direct_cost",
        "effort",
        "proposal",
        "point",
        "document",
        "file",
    }
)


class EventShape(Shape):
    """One thing that happened to a deal: when it was true, when it was recorded, by whom and from where."""

    seq = Whole()
    kind = Text()
    occurred_at = Instant()
    recorded_at = Instant()
    by = Id(source="by_id", allow_null=True)
    via = Text()
    old = serializers.SerializerMethodField()
    new = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
    def get_old(self, event: Any) -> Any:
        """Return what stood before."""
        return self._with_codes(event.old)

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
    def get_new(self, event: Any) -> Any:
        """Return what stands since."""
        return self._with_codes(event.new)

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_detail(self, event: Any) -> Any:
        """Return what else is known of it."""
        return self._with_codes(event.detail)

    def _with_codes(self, values: dict[str, Any] | None) -> dict[str, Any] | None:
        if values is None:
            return None
        codes = self.context["codes"]
        shown = dict(values)
        for name in ("setpoint", "pipeline"):
            if shown.get(name) is not None:
                shown[name] = codes[name].get(shown[name], str(shown[name]))
        if isinstance(shown.get("skipped"), list):
            shown["skipped"] = [codes["setpoint"].get(pk, str(pk)) for pk in shown["skipped"]]
        return {name: str(value) if name in IDS and isinstance(value, int) else value for name, value in shown.items()}
