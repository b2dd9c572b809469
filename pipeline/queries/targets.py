"""Targets as figures compare with them (B26, D-50)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from crm.lib.periods import Period, add_months, month_period
from crm.models import Team
from pipeline.enums import TargetMeasure
from pipeline.figures.attainment import MonthShare
from pipeline.models import Target

ZERO = Decimal(0)


def get_target(
    period: Period,
    *,
    team_id: int | None,
    owner_id: int | None,
    whole: bool,
    rates: Mapping[str, Decimal],
    currency: str,
) -> Decimal | None:
    """Return the revenue target of exactly this scope and period, in the report currency at plan rates.

    A quarter or year without a row of its own is the sum of its months where all are there (B34). `whole` asks for
    the organisation: its topmost teams that have a target, together. None where the scope has no target.
    """
    rows = Target.objects.filter(measure=TargetMeasure.REVENUE)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    elif team_id is not None:
        rows = rows.filter(team_id=team_id)
    elif whole:
        rows = rows.filter(team__in=Team.objects.filter(parent=None))
    else:
        return None
    months = _months(period)
    found: dict[int, dict[str, Decimal]] = {}
    wanted = rows.filter(period__in=[period.code, *months]).values_list("team_id", "owner_id", "period", "value", "currency")
    for team, owner, code, value, unit in wanted:
        found.setdefault(owner or team, {})[code] = value * rates.get(unit or currency, ZERO)
    values = [_of_scope(by_period, period.code, months) for by_period in found.values()]
    return sum((value for value in values if value is not None), ZERO) if values and None not in values else None


def _of_scope(by_period: Mapping[str, Decimal], code: str, months: list[str]) -> Decimal | None:
    if code in by_period:
        return by_period[code]
    complete = bool(months) and all(month in by_period for month in months)
    return sum((by_period[month] for month in months), ZERO) if complete else None


def _months(period: Period) -> list[str]:
    """Return the codes of the whole months that make up the period; none where it cuts one."""
    if period.start.day != 1 or period.end.day != 1:
        return []
    first, codes = period.start, []
    while first < period.end:
        codes.append(month_period(first).code)
        first = add_months(first, 1)
    return codes


def get_month_targets(period: Period, *, team_id: int | None, owner_id: int | None) -> dict[str, Decimal]:
    """Return the month targets of one team or person within the period; only those that exist."""
    rows = Target.objects.filter(measure=TargetMeasure.REVENUE, period__in=_months(period))
    if owner_id is None and team_id is None:
        return {}
    rows = rows.filter(owner_id=owner_id) if owner_id is not None else rows.filter(team_id=team_id)
    return dict(rows.values_list("period", "value"))


def get_month_shares(
    period: Period, *, today: date, team_id: int | None, owner_id: int | None, weekdays: list[int]
) -> list[MonthShare]:
    """Return each month's weight and how much of it has passed, `today` included (B26).

    Weights are the month targets where every month has one, else the working days; a month the period cuts counts
    by the days that lie in it.
    """
    targets = get_month_targets(period, team_id=team_id, owner_id=owner_id)
    first, shares = period.start, []
    while first < period.end:
        following = min(add_months(first, 1), period.end)
        days = working_days(first, following, weekdays=weekdays)
        passed = working_days(first, min(following, max(first, date.fromordinal(today.toordinal() + 1))), weekdays=weekdays)
        weight = targets.get(month_period(first).code) if len(targets) == len(_months(period)) else None
        shares.append(MonthShare(Decimal(days) if weight is None else weight, Decimal(passed) / days if days else Decimal(1)))
        first = following
    return shares


def working_days(start: date, end: date, *, weekdays: list[int]) -> int:
    """Return how many of the organisation's working days lie in `[start, end)`."""
    return sum(date.fromordinal(day).isoweekday() in weekdays for day in range(start.toordinal(), end.toordinal()))
