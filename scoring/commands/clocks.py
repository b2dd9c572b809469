"""Who answers a handoff, and the clock that starts with it (B20, D-27)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from crm.queries.calendars import get_days_away
from crm.queries.working_hours import get_working_hours
from scoring.facts import Route
from scoring.models import EndedClock, Handoff
from scoring.policies.sla import LONGEST_AWAY, days_it_stood, start_clock, without
from scoring.queries.routing import get_terms

CLOCK = ("owner", "assigned_at", "due_at", "remind_at", "away_days", "routed_by", "territory", "version")


def assign(*, handoffs: Collection[Handoff], routes: Mapping[int, Route], at: datetime) -> None:
    """Let open handoffs, new or locked, be answered as the route of each lead's id says, and start their clocks.

    A handoff nobody takes has no clock. New ones are still to be saved. What was somebody's stays in their figures.
    """
    people = {route.rep_id for route in routes.values() if route.rep_id is not None}
    hours, terms = get_working_hours(people), get_terms()
    away = get_away_of(people, at=at) if terms.pauses_when_away else {}
    ended = [_end(handoff, at=at) for handoff in handoffs if handoff.assigned_at is not None]
    for handoff in handoffs:
        route = routes[handoff.lead_id]
        handoff.routed_by, handoff.territory_id = route.by or "", route.territory_id
        handoff.owner_id = handoff.assigned_at = handoff.due_at = handoff.remind_at = None
        handoff.away_days = []
        if route.rep_id is not None:
            works, days = hours[route.rep_id], away.get(route.rep_id, frozenset())
            clock = start_clock(at, hours=without(works, days), terms=terms)
            handoff.away_days = days_it_stood(days, at, clock.due_at, hours=works)
            handoff.owner_id, handoff.assigned_at = route.rep_id, at
            handoff.due_at, handoff.remind_at = clock.due_at, clock.remind_at
    known = [handoff for handoff in handoffs if handoff.pk]
    for handoff in known:
        handoff.version += 1
    if known:
        Handoff.objects.bulk_update(known, CLOCK)
    if ended:
        EndedClock.objects.bulk_create(ended)


def get_away_of(user_ids: Collection[int], *, at: datetime) -> dict[int, frozenset[date]]:
    """Return on which days these people are away that a clock begun at a moment can meet."""
    return get_days_away(user_ids, since=at.date() - timedelta(days=1), until=at.date() + LONGEST_AWAY)


def _end(handoff: Handoff, *, at: datetime) -> EndedClock:
    clock = {name: getattr(handoff, name) for name in ("owner_id", "assigned_at", "due_at")}
    return EndedClock(handoff=handoff, ended_at=at, **clock)
