"""Targets as figures compare with them (B26, D-50)."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q

from crm.lib.periods import Period, add_months, month_period
from crm.models import Team
from pipeline.enums import TargetMeasure
from pipeline.figures.attainment import MonthShare
from pipeline.models import Target

ZERO = Decimal(0)
# The targets of one team or person: value by period code, in the report currency.
ByPeriod = Mapping[str, Decimal]


def get_targets(
    period: Period,
    *,
    team_ids: Collection[int] = (),
    owner_ids: Collection[int] = (),
    topmost: bool = False,
    rates: Mapping[str, Decimal],
    currency: str,
) -> dict[int, ByPeriod]:
    """Return the revenue targets for the period and its months by team or person, at plan rates; one query.

    `topmost` asks for the teams that stand under no other, which together are the organisation.
    """
    wanted = Q(team_id__in=team_ids) | Q(owner_id__in=owner_ids)
    if topmost:
        wanted |= Q(team__in=Team.objects.filter(parent=None))
    rows = Target.objects.filter(wanted, measure=TargetMeasure.REVENUE, period__in=[period.code, *months_of(period)])
    found: dict[int, dict[str, Decimal]] = {}
    for team, owner, code, value, unit in rows.values_list("team_id", "owner_id", "period", "value", "currency"):
        found.setdefault(owner or team, {})[code] = value * rates.get(unit or currency, ZERO)
    return dict(found)


def target_of(targets: ByPeriod, period: Period) -> Decimal | None:
    """Return the target for exactly this period: its own, else the sum of its months where all are there (B34)."""
    if period.code in targets:
        return targets[period.code]
    months = months_of(period)
    return (
        sum((targets[month] for month in months), ZERO)
        if months and all(month in targets for month in months)
        else None
    )


def target_together(found: Mapping[int, ByPeriod], period: Period) -> Decimal | None:
    """Return the targets of several teams together; None where there are none or one of them has none."""
    values = [target_of(targets, period) for targets in found.values()]
    return sum((value for value in values if value is not None), ZERO) if values and None not in values else None


def months_of(period: Period) -> list[str]:
    """Return the codes of the whole months that make up the period; none where it cuts one."""
    if period.start.day != 1 or period.end.day != 1:
        return []
    first, codes = period.start, []
    while first < period.end:
        codes.append(month_period(first).code)
        first = add_months(first, 1)
    return codes


def month_shares(period: Period, targets: ByPeriod, *, today: date, weekdays: list[int]) -> list[MonthShare]:
    """Return each month's weight and how much of it has passed, `today` included (B26).

    Weights are the month targets where every month has one, else the working days; a month the period cuts counts
    by the days that lie in it.
    """
    months = months_of(period)
    weighted = bool(months) and all(month in targets for month in months)
    first, shares, tomorrow = period.start, [], date.fromordinal(today.toordinal() + 1)
    while first < period.end:
        following = min(add_months(first, 1), period.end)
        days = working_days(first, following, weekdays=weekdays)
        passed = working_days(first, min(following, max(first, tomorrow)), weekdays=weekdays)
        weight = targets[month_period(first).code] if weighted else Decimal(days)
        shares.append(MonthShare(weight, Decimal(passed) / days if days else Decimal(1)))
        first = following
    return shares


def working_days(start: date, end: date, *, weekdays: list[int]) -> int:
    """Return how many of the organisation's working days lie in `[start, end)`."""
    return sum(date.fromordinal(day).isoweekday() in weekdays for day in range(start.toordinal(), end.toordinal()))
