"""Until when sales has promised to answer, and when to remind of it (math.md B20, D-27)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.facts import WorkingHours
from crm.policies.working_time import add_business_minutes, add_business_time, business_time
from scoring.facts import Clock, Terms

LONGEST_AWAY = timedelta(days=180)  # a clock stands still no longer than that after it began


def start_clock(assigned_at: datetime, *, hours: WorkingHours, terms: Terms) -> Clock:
    """Return when a handoff assigned now is to be answered, and from when its rep is reminded."""
    return Clock(
        due_at=add_business_minutes(assigned_at, terms.answer_minutes, hours=hours),
        remind_at=add_business_minutes(assigned_at, terms.answer_minutes - terms.remind_minutes, hours=hours),
    )


def clock_starts_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return the first working moment at or after `assigned_at`, in UTC: when its hours begin to count."""
    return add_business_minutes(assigned_at, 0, hours=hours)


def without(hours: WorkingHours, days: Collection[date]) -> WorkingHours:
    """Return the same hours with these days taken as holidays."""
    return replace(hours, holidays=hours.holidays | frozenset(days))


def move_clock(
    clock: Clock, assigned_at: datetime, *, hours: WorkingHours, before: Collection[date], after: Collection[date]
) -> Clock:
    """Return the clock with the same working time, where its rep is away on other days than was counted before.

    It never ends sooner than it did unless a day fewer is away: what else changed in the calendar stays out of it.
    """
    was, now = without(hours, before), without(hours, after)
    due_at, remind_at = (
        add_business_time(assigned_at, business_time(assigned_at, until, hours=was), hours=now)
        for until in (clock.due_at, clock.remind_at)
    )
    if set(before) <= set(after):
        return Clock(due_at=max(due_at, clock.due_at), remind_at=max(remind_at, clock.remind_at))
    return Clock(due_at=due_at, remind_at=remind_at)


def days_it_stood(
    days: Collection[date], assigned_at: datetime, due_at: datetime, *, hours: WorkingHours
) -> list[date]:
    """Return which of these days a clock would have run on, in order."""
    zone = ZoneInfo(hours.zone)
    first, last = assigned_at.astimezone(zone).date(), due_at.astimezone(zone).date()
    return sorted(day for day in days if first <= day <= last and hours.works_on(day))
