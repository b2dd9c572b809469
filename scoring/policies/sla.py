"""Until when sales has promised to answer, and when to remind of it (math.md B20, D-27)."""

from datetime import datetime

from crm.facts import WorkingHours
from crm.policies.working_time import add_business_minutes
from scoring.facts import Clock, Terms


def start_clock(assigned_at: datetime, *, hours: WorkingHours, terms: Terms) -> Clock:
    """Return when a handoff assigned now is to be answered, and from when its rep is reminded."""
    return Clock(
        due_at=add_business_minutes(assigned_at, terms.answer_minutes, hours=hours),
        remind_at=add_business_minutes(assigned_at, terms.answer_minutes - terms.remind_minutes, hours=hours),
    )


def clock_starts_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return the first working moment at or after `assigned_at`, in UTC: when its hours begin to count."""
    return add_business_minutes(assigned_at, 0, hours=hours)
