"""Clocks that run stand still on the days their rep is away, where that was agreed on (B20)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.models import User
from crm.queries.calendars import get_days_away
from crm.queries.working_hours import get_working_hours
from scoring.facts import Clock
from scoring.models import Handoff
from scoring.policies.sla import LONGEST_AWAY, days_it_stood, move_clock
from scoring.queries.routing import get_terms

MOVED = ("due_at", "remind_at", "away_days", "version")


def follow_absences(*, user_id: int, by: User | None, at: datetime) -> None:
    """Move the open clocks of a person whose absences changed; what ran out is left, and days that went by stood still.

    Run again, nothing moves. The audit of handoffs keeps what was due when, and who moved it.
    """
    if not get_terms().pauses_when_away:
        return
    waiting = Handoff.objects.filter(owner_id=user_id, answered_at=None, due_at__gt=at).order_by("pk")
    handoffs = list(waiting.select_for_update(of=("self",), no_key=True))
    if not handoffs:
        return
    hours = get_working_hours([user_id])[user_id]
    today, began = (
        at.astimezone(ZoneInfo(hours.zone)).date(),
        [each.assigned_at for each in handoffs if each.assigned_at],
    )
    since, until = min(began).date() - timedelta(days=1), max(began).date() + LONGEST_AWAY
    away = get_days_away([user_id], since=since, until=until)[user_id]
    moved = []
    for handoff in handoffs:
        if not (handoff.assigned_at and handoff.due_at and handoff.remind_at):
            continue
        stood, last = frozenset(handoff.away_days), handoff.assigned_at.date() + LONGEST_AWAY
        days = {day for day in away if day <= last} | {day for day in stood if day <= today}
        clock = Clock(due_at=handoff.due_at, remind_at=handoff.remind_at)
        found = move_clock(clock, handoff.assigned_at, hours=hours, before=stood, after=days)
        now = days_it_stood(days, handoff.assigned_at, found.due_at, hours=hours)
        if (found, now) != (clock, handoff.away_days):
            handoff.due_at, handoff.remind_at, handoff.away_days = found.due_at, found.remind_at, now
            handoff.version += 1
            moved.append(handoff)
    Handoff.objects.bulk_update(moved, MOVED)
