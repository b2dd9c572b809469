"""How fast the number of leads ready for sales grows (B18)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.facts import WorkingHours
from crm.lib.envelope import Figure, Reason
from crm.lib.periods import add_months
from pipeline.figures.arithmetic import ratio

DEFINITION_VERSION = 2  # holidays are no working days
MONTHS = 6


@dataclass(frozen=True, slots=True)
class EnteredDay:
    """Leads that crossed the threshold first in their cycle on a local day, by one version of the rules."""

    day: date
    version: int
    ids: tuple[int, ...]


def lead_velocity(entered: Sequence[EnteredDay], *, last_day: date, hours: WorkingHours) -> Figure:
    """Return how many more leads crossed in the month of `last_day` than in the one before, as a share of that (B18).

    Unit: ratio. A month that `last_day` does not complete is compared with as many working days of the month before
    (`detail.to_date`). `detail.smooth` compares the average of three months with that of the three before;
    `detail.like_for_like` is false where the two months were counted by different versions of the rules.
    """
    month = last_day.replace(day=1)
    before = add_months(month, -1)
    to_date = last_day + timedelta(days=1) < add_months(month, 1)
    until = _as_far(month, last_day, before, hours) if to_date else month - timedelta(days=1)
    now = [each for each in entered if month <= each.day <= last_day]
    then = [each for each in entered if before <= each.day <= until]
    count, base = _count(now), _count(then)
    totals = _by_month(entered, month)
    return Figure(
        value=ratio(count - base, base),
        unit="ratio",
        n=base,
        numerator=Decimal(count - base),
        denominator=Decimal(base),
        reason=None if base else Reason.ZERO_DENOMINATOR if count else Reason.NO_DATA,
        detail={
            "this_month": count,
            "last_month": base,
            "to_date": to_date,
            "smooth": ratio(sum(totals[-3:]) - sum(totals[:3]), sum(totals[:3])),
            "months": {f"{add_months(month, back - MONTHS + 1):%Y-%m}": total for back, total in enumerate(totals)},
            "like_for_like": len(_versions(now) | _versions(then)) < 2,
            "versions": sorted(_versions(now) | _versions(then)),
        },
        ids=_ids(now),
        cells={"last_month": _ids(then)},
        rate=True,
    )


def _as_far(month: date, last_day: date, before: date, hours: WorkingHours) -> date:
    """Return the day of the month before that has as many working days behind it, and days off where `last_day` is one."""
    left = sum(hours.works_on(month + timedelta(days=day)) for day in range((last_day - month).days + 1))
    reached = before - timedelta(days=1)
    while (following := reached + timedelta(days=1)) < month:
        works = hours.works_on(following)
        if left == 0 and (works or hours.works_on(last_day)):
            break
        left -= works
        reached = following
    return reached


def _by_month(entered: Iterable[EnteredDay], month: date) -> list[int]:
    counts: Counter[date] = Counter()
    for each in entered:
        counts[each.day.replace(day=1)] += len(each.ids)
    return [counts[add_months(month, -back)] for back in reversed(range(MONTHS))]


def _count(entered: Iterable[EnteredDay]) -> int:
    return sum(len(each.ids) for each in entered)


def _ids(entered: Iterable[EnteredDay]) -> list[int]:
    return sorted({pk for each in entered for pk in each.ids})


def _versions(entered: Iterable[EnteredDay]) -> set[int]:
    return {each.version for each in entered}
