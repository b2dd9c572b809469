"""Until when sales has promised to answer (math.md B20, D-27)."""

from datetime import datetime

from crm.facts import WorkingHours
from crm.policies.working_time import add_business_minutes

ANSWER_MINUTES = 4 * 60


def due_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return when a handoff assigned now is to be answered."""
    return add_business_minutes(assigned_at, ANSWER_MINUTES, hours=hours)


def clock_starts_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return the first working moment at or after `assigned_at`, in UTC: when its four hours begin to count."""
    return add_business_minutes(assigned_at, 0, hours=hours)
