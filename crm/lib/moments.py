"""Moments as people and API clients write them (D-46)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.lib.periods import end_of_day

# What people and clients may write. Beyond years 1 and 9999 a zone's offset leads out of every calendar we have.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class BadMoment(ValueError):
    """The text is neither a date nor a time."""


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a date, meaning the end of that day in `zone`, or a time; one without offset is local to `zone`.

    :raises BadMoment: for anything else
    """
    try:
        if len(text) == 10:
            return end_of_day(date.fromisoformat(text), zone)
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        moment.astimezone(zone)
    except (ValueError, OverflowError):
        raise BadMoment(text) from None
    return moment
