"""Deadlines in working time: local hours, the organisation's days (math.md B20)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.facts import WorkingHours

LONGEST_PAUSE = 366  # days without a working day after which the calendar is taken to be wrong


def add_business_minutes(start: datetime, minutes: int, *, hours: WorkingHours) -> datetime:
    """Return the moment at which `minutes` of working time have passed since `start`, in UTC.

    :raises ValueError: the calendar has no working day
    """
    return add_business_time(start, timedelta(minutes=minutes), hours=hours)


def add_business_time(start: datetime, left: timedelta, *, hours: WorkingHours) -> datetime:
    """Return the moment at which that much working time has passed since `start`, in UTC.

    :raises ValueError: the calendar has no working day
    """
    zone = ZoneInfo(hours.zone)
    moment = start.astimezone(zone)
    day = moment.date()
    for _ in range(LONGEST_PAUSE):
        if hours.works_on(day):
            opens, closes = (_local(day, hour, zone) for hour in (hours.opens, hours.closes))
            begins = max(opens, start.astimezone(UTC))
            if begins < closes and begins + left <= closes:
                return begins + left
            left -= max(timedelta(0), closes - begins)
        day += timedelta(days=1)
    raise ValueError("the calendar has no working day")


def business_time(start: datetime, end: datetime, *, hours: WorkingHours) -> timedelta:
    """Return how much working time passes from `start` to `end`."""
    zone, passed = ZoneInfo(hours.zone), timedelta(0)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if hours.works_on(day):
            opens, closes = (_local(day, hour, zone) for hour in (hours.opens, hours.closes))
            passed += max(timedelta(0), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
    return passed


def _local(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
