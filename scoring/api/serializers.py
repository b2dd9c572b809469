"""The shapes of leads, scores and events."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Day, Email, Flag, Id, Instant, MoneyValue, Shape, Text, Whole
from crm.api.serializers import CodeOf, RecordShape, account_field, contact_field, owner_field
from crm.enums import Approach, Channel, Seniority
from crm.queries.sources import find_campaign, find_source
from pipeline.enums import DealType
from scoring.enums import ContributionKind, EffectKind, EventStatus, LeadStatus, RoutedBy


@extend_schema_field(OpenApiTypes.DOUBLE)
class Points(serializers.Field[Any, Any, Any, Any]):
    """Points, exact to a millionth; whole ones are written so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"read_only": True, **kwargs})

    def to_representation(self, value: Any) -> float:
        """Return the number."""
        return int(value) if value == int(value) else float(value)


class Grade(Text):
    """A to D; null where the rules set no limits for grades."""

    def to_representation(self, value: Any) -> Any:
        """Return the letter, or null."""
        return value or None


class HandoffShape(Shape):
    """A lead in sales' hands, to be answered by `due_at`."""

    id = Id(source="pk")
    owner = Id(source="owner_id", allow_null=True)
    assigned_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    remind_at = Instant(allow_null=True)
    routed_by = Choice(choices=list(RoutedBy), allow_blank=True)


class LeadShape(RecordShape):
    """Who is interested. `score` is the stored one; `score/` traces it. `handoff` waits for accept or reject."""

    first_name = Text(max_length=200, required=False, allow_blank=True)
    last_name = Text(max_length=200, required=False, allow_blank=True)
    email = Email(max_length=254, required=False, allow_null=True)
    phone = Text(max_length=40, required=False, allow_blank=True)
    company = Text(max_length=300, required=False, allow_blank=True)
    job_title = Text(max_length=200, required=False, allow_blank=True)
    seniority = Choice(choices=list(Seniority), required=False)
    industry = Text(max_length=100, required=False, allow_blank=True)
    employee_count = Whole(required=False, allow_null=True)
    country = Text(max_length=2, required=False, allow_blank=True)
    technologies = serializers.ListField(child=Text(max_length=100), required=False, max_length=200)
    channel = Choice(choices=list(Channel), required=False)
    source = CodeOf(of="source", find=find_source, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    campaign = CodeOf(of="campaign", find=find_campaign, required=False, allow_null=True)
    approach = Choice(choices=list(Approach), required=False, allow_blank=True)
    owner = owner_field()
    status = Choice(choices=list(LeadStatus), read_only=True)
    account = account_field()
    contact = contact_field()
    score = Points(source="score.score", allow_null=True, default=None)
    grade = Grade(source="score.grade", read_only=True, allow_null=True, default=None)
    next_change_at = Instant(source="score.next_change_at", read_only=True, allow_null=True, default=None)
    handoff = serializers.SerializerMethodField()

    @extend_schema_field(HandoffShape(allow_null=True))
    def get_handoff(self, lead: Any) -> Any:
        """Return the handoff that waits for an answer."""
        return HandoffShape(lead.open_handoffs[0]).data if lead.open_handoffs else None


class LeadChangesShape(LeadShape):
    """What may change about a lead."""

    external_id = Text(read_only=True, allow_null=True)


class RejectionShape(Shape):
    """Why sales sends a lead back: the code of a reason, words, and for one that may come again the day it does."""

    reason = Text(source="reason_code", max_length=100)
    recycle_on = Day(required=False, allow_null=True)
    note = Text(max_length=1000, required=False, allow_blank=True)


class ConvertingShape(Shape):
    """What a lead becomes: account and contact are found or made where none is named.

    `deal_type` is needed unless `opens_deal` is false. `override`, in 20 characters or more, stands in for facts that the
    deal misses at its first setpoint.
    """

    first_meeting_at = Instant(required=False)
    amount = MoneyValue(required=False, allow_null=True)
    deal_type = Choice(choices=list(DealType), required=False)
    deal_name = Text(max_length=300, required=False, allow_blank=True)
    expected_close_on = Day(required=False)
    account = account_field()
    contact = contact_field()
    opens_deal = Flag(required=False)
    override = Text(max_length=1000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the type of the deal, which nothing may guess (D-35)."""
        if attrs.get("opens_deal", True) and "deal_type" not in attrs:
            raise serializers.ValidationError({"deal_type": self.fields["deal_type"].error_messages["required"]})
        return attrs


class ConversionShape(Shape):
    """What a lead became."""

    lead = Id(source="lead_id")
    account = Id(source="account_id", allow_null=True)
    contact = Id(source="contact_id", allow_null=True)
    opportunity = Id(source="opportunity_id", allow_null=True)
    at = Instant()


class ContributionShape(Shape):
    """One row of "why this score"; the points of all rows sum to the score."""

    kind = Choice(choices=list(ContributionKind))
    part = Text()
    points = Points()
    at = Instant()
    rule = Text(allow_blank=True)
    name = Text(allow_blank=True)
    event = Id(source="event_id", allow_null=True)
    event_type = Text(allow_blank=True)
    uncounted = Whole()


class ScoreShape(Shape):
    """A score as of a moment: fit + behaviour + engagement + inactivity = score."""

    lead = Id()
    as_of = Instant()
    known_at = Instant()
    score = Points()
    fit = Points()
    behaviour = Points()
    engagement = Points()
    inactivity = Points()
    grade = Text(allow_null=True)
    model_version = Whole()
    threshold = serializers.IntegerField()
    last_activity_at = Instant(allow_null=True)
    next_change_at = Instant(allow_null=True)
    next_score = Points(allow_null=True)
    contributions = ContributionShape(many=True)


class EffectShape(Shape):
    """One cause of a rise or fall; `name` is the rule's, or the group's whose limit it is."""

    kind = Choice(choices=list(EffectKind))
    points = Points()
    part = Text(allow_blank=True)
    rule = Text(allow_blank=True)
    name = Text(allow_blank=True)
    event = Id(source="event_id", allow_null=True)
    event_type = Text(allow_blank=True)


class ShiftShape(Shape):
    """A rise or fall of a score: `before` and the points of its causes sum to `after`."""

    at = Instant()
    before = Points()
    after = Points()
    effects = EffectShape(many=True)


class CurveShape(Shape):
    """A score over time: from `begin` on every rise and fall up to `score`, then what comes if nothing happens."""

    lead = Id()
    as_of = Instant()
    known_at = Instant()
    model_version = Whole()
    threshold = serializers.IntegerField()
    begin = Points()
    score = Points()
    shifts = ShiftShape(many=True)
    ahead = ShiftShape(many=True)
    next_fall = ShiftShape(allow_null=True)


class WhoseShape(Shape):
    """Whose event it is; the first given wins, a visitor beside one of the others says who the visitor is."""

    id = Id(required=False)
    external_id = Text(max_length=200, required=False)
    email = Text(max_length=254, required=False)
    visitor = Text(max_length=200, required=False)


class NewEventShape(Shape):
    """Something a lead or a visitor did; the key is unique for ever."""

    idempotency_key = Text(max_length=200)
    type = Text(max_length=100)
    occurred_at = Instant()
    lead = WhoseShape()
    properties = serializers.DictField(required=False)


class NewEventsShape(Shape):
    """Up to 1,000 events."""

    events = serializers.ListField(child=NewEventShape(), min_length=1, max_length=1000)


class WhyShape(Shape):
    """Why an event was rejected."""

    code = Text()
    field = Text(required=False)
    message = Text()


class EventAnswerShape(Shape):
    """What became of one event. Accepted means stored; `why` is empty unless it was rejected."""

    idempotency_key = Text(allow_null=True)
    status = Choice(choices=list(EventStatus))
    event = Id(source="event_id", allow_null=True)
    lead = Id(source="lead_id", allow_null=True)
    why = WhyShape(many=True)


class EventAnswersShape(Shape):
    """What became of each event, in the order they were sent."""

    events = EventAnswerShape(many=True)
