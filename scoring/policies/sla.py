"""Until when sales has promised to answer (math.md B20, D-27)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scoring.facts import WorkingHours

ANSWER_MINUTES = 4 * 60
LONGEST_PAUSE = 366  # days without a working day after which the calendar is taken to be wrong


def add_business_minutes(start: datetime, minutes: int, *, hours: WorkingHours) -> datetime:
    """Return the moment at which `minutes` of working time have passed since `start`, in UTC.

    :raises ValueError: the calendar has no working day
    """
    zone = ZoneInfo(hours.zone)
    left = timedelta(minutes=minutes)
    moment = start.astimezone(zone)
    day = moment.date()
    for _ in range(LONGEST_PAUSE):
        if _works(day, hours):
            opens, closes = (_local(day, hour, zone) for hour in (hours.opens, hours.closes))
            begins = max(opens, start.astimezone(UTC))
            if begins < closes and begins + left <= closes:
                return begins + left
            left -= max(timedelta(0), closes - begins)
        day += timedelta(days=1)
    raise ValueError("the calendar has no working day")


def due_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return when a handoff assigned now is to be answered."""
    return add_business_minutes(assigned_at, ANSWER_MINUTES, hours=hours)


def _works(day: date, hours: WorkingHours) -> bool:
    return day.isoweekday() in hours.days and day not in hours.holidays


def _local(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def clock_starts_at(assigned_at: datetime, *, hours: WorkingHours) -> datetime:
    """Return the first working moment at or after `assigned_at`, in UTC: when its four hours begin to count."""
    return add_business_minutes(assigned_at, 0, hours=hours)
