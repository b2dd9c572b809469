"""The shapes of how leads find their rep, of what was handed over, and of what waits or is offered."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, RelatedId, Shape, Text, Whole
from crm.api.serializers import RecordShape
from crm.queries.people import teams_visible_to, users_visible_to
from scoring.api.serializers import HandoffShape, Points
from scoring.enums import CrossingState, HandoffAnswer, NoticeKind, TrialAnswer, WaitingReason


def _codes(**kwargs: Any) -> Any:
    return serializers.ListField(child=Text(**kwargs), required=False, max_length=200)


class TerritoryShape(RecordShape):
    """Leads of these countries, languages and industries are a team's or a rep's; an empty list takes every lead.

    Territories are asked from the lowest `order` on.
    """

    name = Text(max_length=100)
    order = Whole(required=False)
    countries = _codes(max_length=2)
    languages = _codes(max_length=10)
    industries = _codes(max_length=100)
    team = RelatedId(source="team_id", visible=teams_visible_to, required=False, allow_null=True)
    rep = RelatedId(source="rep_id", visible=users_visible_to, required=False, allow_null=True)


class ShareShape(Shape):
    """How many leads a rep takes beside the others, from 0, which takes no turn, to 10; and in which languages."""

    capacity = Whole()
    languages = serializers.ListField(child=Text(max_length=10), max_length=200)


class RepShareShape(ShareShape):
    """The share of a rep."""

    rep = RelatedId(source="user_id", visible=users_visible_to)


class TermsShape(Shape):
    """What marketing and sales agreed on: working minutes to answer, how long before that one is reminded, and the share
    of what reps call that is drawn from low scores. With `pauses_when_away` clocks stand still on days their rep is away.
    """

    version = Whole(read_only=True)
    answer_minutes = Whole(required=False)
    remind_minutes = Whole(required=False)
    trial_percent = Whole(required=False)
    pauses_when_away = Flag(required=False)


class NoticeShape(Shape):
    """That somebody was told: the rep that it runs out, their manager that it ran out. Once for each clock."""

    kind = Choice(choices=list(NoticeKind))
    to = Id(source="to_id", allow_null=True)
    at = Instant()


class HandedShape(HandoffShape):
    """A lead in sales' hands, and what was answered: `reason` is the code of why it was sent back."""

    lead = Id(source="lead_id")
    crossing = Id(source="crossing_id")
    created_at = Instant()
    answer = Choice(choices=list(HandoffAnswer), allow_blank=True)
    answered_at = Instant(allow_null=True)
    answered_by = Id(source="answered_by_id", allow_null=True)
    reason = Text(source="reason.code", allow_null=True, default=None)
    note = Text(allow_blank=True)
    recycle_on = Day(allow_null=True)
    notices = NoticeShape(many=True)


class GivingShape(Shape):
    """Who is to answer, and who had the lead as you saw it: nobody where `from_owner` is left out."""

    owner = Id(source="owner_id")
    from_owner = Id(source="from_owner_id", required=False, allow_null=True)


class CrossingShape(Shape):
    """A lead went over the threshold at `crossed_at`; where it waits for a person, `waiting_reason` says why."""

    id = Id(source="pk")
    lead = Id(source="lead_id")
    event = Id(source="event_id", allow_null=True)
    fast_track = Flag()
    model = Id(source="model_id")
    score = Points()
    crossed_at = Instant()
    recorded_at = Instant()
    state = Choice(choices=list(CrossingState))
    waiting_reason = Choice(choices=list(WaitingReason), allow_blank=True)
    released_at = Instant(allow_null=True)
    released_by = Id(source="released_by_id", allow_null=True)
    handoff = Id(source="handoff.pk", allow_null=True, default=None)


class ReleaseShape(Shape):
    """Which crossings that wait are handed over."""

    crossings = serializers.ListField(child=Id(), min_length=1, max_length=1000)


class ReleasedShape(Shape):
    """What is in sales' hands now."""

    handoffs = HandedShape(many=True)


class TrialShape(Shape):
    """A lead below the threshold that a rep is offered to call; `take/` or `pass/` at the lead answers."""

    id = Id(source="pk")
    lead = Id(source="lead_id")
    owner = Id(source="owner_id")
    score = Points()
    week = Day(source="week_id")
    drawn_at = Instant()
    answer = Choice(choices=list(TrialAnswer), allow_blank=True)
    answered_at = Instant(allow_null=True)
