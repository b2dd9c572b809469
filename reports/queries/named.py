"""What people type to name a team, a person, a pipeline, a moment or a period; and what to do when it names nothing."""

import re
from datetime import date, datetime

from django.db.models import Q, QuerySet

from crm.lib.errors import CommandRefused
from crm.lib.moments import BadMoment
from crm.lib.periods import BadPeriod, Period, parse_period
from crm.lib.values import Refusal
from crm.models import Team, User
from crm.queries.organisation import get_organisation, read_local_moment
from pipeline.models import Pipeline

DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
MOST_NAMED = 8


class NotUnderstood(CommandRefused):
    """What was typed names nothing we know; the refusal says what would."""


def find_team(text: str, among: QuerySet[Team] | None = None) -> Team:
    """Return the team of this name, without regard to case.

    :raises NotUnderstood: there is none, with the names there are
    """
    teams = Team.objects.filter(archived_at=None) if among is None else among
    found = teams.filter(name__iexact=text.strip()).first()
    if found is None:
        raise _unknown("no_such_team", text, [team.name for team in teams.order_by("name")[:MOST_NAMED]], "team")
    return found


def find_person(text: str) -> User:
    """Return the person of this e-mail or name.

    :raises NotUnderstood: there is none, or several of the name
    """
    found = list(User.objects.filter(Q(email__iexact=text.strip()) | Q(name__iexact=text.strip()))[:2])
    if len(found) != 1:
        code = "several_people" if found else "no_such_person"
        raise NotUnderstood(Refusal.of(code, given=text), field="owner")
    return found[0]


def find_pipeline(text: str) -> Pipeline:
    """Return the pipeline of this code or name.

    :raises NotUnderstood: there is none, with the codes there are
    """
    found = Pipeline.objects.filter(Q(code=text.strip()) | Q(name__iexact=text.strip())).first()
    if found is None:
        raise _unknown("no_such_pipeline", text, list(Pipeline.objects.values_list("code", flat=True)), "pipeline")
    return found


def read_moment(text: str | None, *, option: str) -> datetime | None:
    """Read a date, meaning the end of that day in the zone the organisation had then (D-46), or an instant.

    An instant without offset is in the organisation's zone.

    :raises NotUnderstood: it is neither
    """
    if not text:
        return None
    try:
        return read_local_moment(text.strip())
    except BadMoment:
        raise NotUnderstood(Refusal.of("bad_moment", given=text, option=option), field=option.strip("-")) from None


def read_day(text: str, *, option: str) -> date:
    """Read a date such as 2026-07-01.

    :raises NotUnderstood: it is none
    """
    try:
        if not DAY.match(text.strip()):
            raise ValueError(text)
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotUnderstood(Refusal.of("bad_day", given=text, option=option), field=option.strip("-")) from None


def read_period_code(text: str) -> Period:
    """Read 2026, 2026Q3 or 2026-07, fiscal as the organisation has it.

    :raises NotUnderstood: it names no period
    """
    try:
        return parse_period(text.strip(), fiscal_start=get_organisation().fiscal_year_start_month)
    except (BadPeriod, ValueError):
        raise NotUnderstood(Refusal.of("bad_period", given=text), field="period") from None


def read_period(first: str | None, last: str | None, *, today: date) -> Period | None:
    """Read the days a period spans; one side may be a whole period. None where nothing was said.

    :raises NotUnderstood: a side is no day, or the last day comes before the first
    """
    if not first and not last:
        return None
    if not (first and last) and (only := (first or last or "")) and not DAY.match(only):
        return read_period_code(only)
    start = read_day(first, option="--from") if first else today.replace(month=1, day=1)
    end = read_day(last, option="--to") if last else today
    if end < start:
        raise NotUnderstood(Refusal.of("period_backwards", first=start, last=end), field="to")
    try:
        following = date.fromordinal(end.toordinal() + 1)
    except ValueError:
        raise NotUnderstood(Refusal.of("bad_day", given=str(end), option="--to"), field="to") from None
    return whole_period(start, following)


def whole_period(start: date, end: date) -> Period:
    """Name the days: as quarter, year or month where they are one, so that targets are found; else by both days."""
    fiscal_start = get_organisation().fiscal_year_start_month
    codes = [f"{start.year}", f"{start.year - 1}", f"{start:%Y-%m}"]
    codes += [f"{year}Q{quarter}" for year in (start.year, start.year - 1) for quarter in (1, 2, 3, 4)]
    for code in codes:
        try:
            period = parse_period(code, fiscal_start=fiscal_start)
        except ValueError:
            continue  # the first and the last year of the calendar
        if (period.start, period.end) == (start, end):
            return period
    return Period(f"{start}/{date.fromordinal(end.toordinal() - 1)}", start, end)


def _unknown(code: str, given: str, known: list[str], field: str) -> NotUnderstood:
    return NotUnderstood(Refusal.of(code, given=given, known=", ".join(known) or "none yet"), field=field)
