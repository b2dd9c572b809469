"""What the weekly note to marketing and sales tells of: figures as they stood when the week ended (S-11)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.lib.envelope import Envelope
from crm.lib.periods import Period
from reports.queries.figures import compute, read_shared

COHORT_DAYS = 84  # twelve weeks, so that most fates are known


@dataclass(frozen=True, slots=True)
class WeeklyFigures:
    """The rows of one week's note, and the moment they are seen from."""

    as_of: datetime
    rows: dict[str, list[Envelope]]


def build_weekly(week: date, *, at: datetime) -> WeeklyFigures:
    """Return the figures of the week that begins on this Monday, over everything, as known at `at`."""
    shared = read_shared()
    end = week + timedelta(days=7)
    as_of = shared.zones.start(end.toordinal()) - timedelta(microseconds=1)
    given: dict[str, Any] = {"user": None, "at": at, "as_of": as_of, "known_at": at, "shared": shared}
    of_week, lately = _days(week, end), _days(end - timedelta(days=COHORT_DAYS), end)
    return WeeklyFigures(
        as_of,
        {
            "leads": compute("leads", period=of_week, **given),
            "lead-velocity": compute("lead-velocity", period=of_week, **given),
            "mql-to-sql": compute("mql-to-sql", period=lately, **given),
            "sla": compute("sla", period=of_week, **given),
            "leads-sent-back": compute("leads-sent-back", period=of_week, **given),
            "rule-precision": compute("rule-precision", period=lately, **given),
            "lead-yield": compute("lead-yield", period=lately, by="source", **given),
        },
    )


def _days(start: date, end: date) -> Period:
    return Period(f"{start}/{end - timedelta(days=1)}", start, end)
