"""Days, months and fiscal quarters in the organisation's zone (B0, D-46). No clock in here."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTER = re.compile(r"^(\d{4})Q([1-4])$")
MONTH = re.compile(r"^(\d{4})-(\d{2})$")
YEAR = re.compile(r"^(\d{4})$")


class BadPeriod(ValueError):
    """The text names no period; write 2026, 2026Q3 or 2026-07."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `start` up to, not including, `end`."""

    code: str
    start: date
    end: date

    @property
    def last_day(self) -> date:
        """Return the last local day of the period."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return the number of local days."""
        return (self.end - self.start).days

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the half-open instants of the period in `zone`."""
        return start_of_day(self.start, zone), start_of_day(self.end, zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 00:00 of the local day; in a DST gap the first instant that exists."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant the local day ends, which is what a bare `as_of` date means (D-46)."""
    return start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def add_months(day: date, months: int) -> date:
    """Return the first day of the month `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_period(day: date) -> Period:
    """Return the calendar month of `day`."""
    start = day.replace(day=1)
    return Period(f"{start:%Y-%m}", start, add_months(start, 1))


def year_period(year: int, *, fiscal_start: int = 1) -> Period:
    """Return the fiscal year named for the calendar year in which it starts."""
    start = date(year, fiscal_start, 1)
    return Period(str(year), start, add_months(start, 12))


def quarter_period(year: int, quarter: int, *, fiscal_start: int = 1) -> Period:
    """Return fiscal quarter 1 to 4; `fiscal_start` is the month the fiscal year starts in."""
    start = add_months(date(year, fiscal_start, 1), (quarter - 1) * 3)
    return Period(f"{year}Q{quarter}", start, add_months(start, 3))


def quarter_of(day: date, *, fiscal_start: int = 1) -> Period:
    """Return the fiscal quarter that holds `day`."""
    offset = (day.month - fiscal_start) % 12
    year = day.year if day.month >= fiscal_start else day.year - 1
    return quarter_period(year, offset // 3 + 1, fiscal_start=fiscal_start)


def parse_period(text: str, *, fiscal_start: int = 1) -> Period:
    """Read 2026 (fiscal year), 2026Q3 (fiscal quarter) or 2026-07 (month).

    :raises BadPeriod: for anything else
    """
    if match := QUARTER.match(text):
        return quarter_period(int(match[1]), int(match[2]), fiscal_start=fiscal_start)
    if (match := MONTH.match(text)) and 1 <= int(match[2]) <= 12:
        return month_period(date(int(match[1]), int(match[2]), 1))
    if match := YEAR.match(text):
        return year_period(int(match[1]), fiscal_start=fiscal_start)
    raise BadPeriod(text)
