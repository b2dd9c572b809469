"""What may be written in the calendars: holidays as they are pasted, and absences (D-27)."""

from datetime import date, timedelta

from crm.lib.values import Refusal
from crm.policies.contact_details import normal_text

LONGEST_NAME, LONGEST_NOTE, MOST_LINES = 100, 200, 500
LONGEST_ABSENCE = timedelta(days=3 * 366)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def read_holidays(text: str) -> tuple[dict[date, str], list[Refusal]]:
    """Return the holidays of a pasted list, a day and its name a line (`2026-12-25 Christmas Day`), and what is wrong."""
    found: dict[date, str] = {}
    refusals: list[Refusal] = []
    lines = [line for line in text.splitlines() if line.strip(" \t,;")]
    for number, line in enumerate(lines[:MOST_LINES], start=1):
        day, name = _day_of(line), normal_text(line.strip()[10:].strip(" \t,;"))
        if day is None:
            refusals.append(Refusal.of("holiday_without_day", field="days", line=number, value=line.strip()[:60]))
        elif not 0 < len(name) <= LONGEST_NAME:
            refusals.append(Refusal.of("holiday_without_name", field="days", line=number, limit=LONGEST_NAME))
        else:
            found[day] = name
    if not lines or len(lines) > MOST_LINES:
        refusals.append(Refusal.of("too_many_holidays" if lines else "required", field="days", limit=MOST_LINES))
    return found, refusals


def absence_refusals(*, from_on: date, to_on: date, note: str) -> list[Refusal]:
    """Return why somebody cannot be away like this."""
    refusals = []
    if to_on < from_on:
        refusals.append(Refusal.of("ends_before_it_begins", field="to_on"))
    elif to_on - from_on > LONGEST_ABSENCE or not EARLIEST <= from_on <= to_on < LATEST:
        refusals.append(Refusal.of("out_of_range", field="to_on"))
    if len(note) > LONGEST_NOTE:
        refusals.append(Refusal.of("too_long", field="note", limit=LONGEST_NOTE))
    return refusals


def _day_of(line: str) -> date | None:
    try:
        day = date.fromisoformat(line.strip()[:10])
    except ValueError:
        return None
    return day if EARLIEST <= day < LATEST else None
