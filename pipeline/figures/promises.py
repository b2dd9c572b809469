"""How long approvals take, whether promises are kept on time, and whether what was sold is delivered (EE-063, EE-070, EE-089)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import median, quantile, ratio, rounded, wilson

DEFINITION_VERSION = 1
HOUR = 3600


@dataclass(frozen=True, slots=True)
class AnsweredFacts:
    """Approvals answered in the period: of each the deal, the seconds from asking to the answer, and whether it was in time.

    `waiting` are the deals of those that nobody had answered yet.
    """

    deal_ids: tuple[int, ...] = ()
    seconds: tuple[Decimal, ...] = ()
    in_time: int = 0
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFacts:
    """Deals of the promises that were due in the period, one entry a promise, by what had become of each."""

    on_time: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    overdue: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveredFacts:
    """Won deals whose delivery was checked in the period, and those whose check is due and was not made."""

    as_sold: tuple[int, ...] = ()
    differs: tuple[int, ...] = ()
    unchecked: tuple[int, ...] = ()


def approval_time(answered: AnsweredFacts) -> Figure:
    """Return the median hours from asking for an approval to its answer, of those answered in the period (EE-070, B0).

    Unit: hours by the clock, nights and weekends among them; handing a question on does not stop it. `detail.in_time` is
    the share answered before its deadline, which is in working hours. Those that still wait are listed.
    """
    hours = [seconds / HOUR for seconds in answered.seconds]
    count = len(hours)
    return Figure(
        value=rounded(median(hours), "hours") if hours else None,
        unit="hours",
        n=count,
        reason=None if hours else Reason.NO_DATA,
        excluded=_listed(waiting=answered.waiting),
        detail={
            "p90": rounded(quantile(hours, "0.9"), "hours") if hours else None,
            "in_time": ratio(answered.in_time, count),
        },
        ids=_deals(answered.deal_ids),
        rate=True,
    )


def promises_on_time(kept: KeptFacts) -> Figure:
    """Return the share of promises kept by their day, of those whose day came in the period (EE-089, B0).

    Unit: ratio. Kept late, broken and still open after its day are not on time; what the customer no longer wanted is
    listed and left out.
    """
    missed = (*kept.late, *kept.broken, *kept.overdue)
    due = len(kept.on_time) + len(missed)
    return Figure(
        value=ratio(len(kept.on_time), due),
        unit="ratio",
        n=due,
        numerator=Decimal(len(kept.on_time)),
        denominator=Decimal(due),
        reason=None if due else Reason.NO_DATA,
        interval=wilson(len(kept.on_time), due),
        excluded=_listed(dropped=kept.dropped),
        detail={"late": len(kept.late), "broken": len(kept.broken), "overdue": len(kept.overdue)},
        ids=_deals((*kept.on_time, *missed)),
        rate=True,
    )


def delivered_as_sold(delivered: DeliveredFacts) -> Figure:
    """Return the share of won deals that were delivered as sold, of those checked in the period (EE-063, B0).

    Unit: ratio. The last check of a deal counts. Deals whose check is due and was not made are listed and left out.
    """
    checked = len(delivered.as_sold) + len(delivered.differs)
    return Figure(
        value=ratio(len(delivered.as_sold), checked),
        unit="ratio",
        n=checked,
        numerator=Decimal(len(delivered.as_sold)),
        denominator=Decimal(checked),
        reason=None if checked else Reason.NO_DATA,
        interval=wilson(len(delivered.as_sold), checked),
        excluded=_listed(unchecked=delivered.unchecked),
        detail={"differs": len(delivered.differs), "unchecked": len(delivered.unchecked)},
        ids=_deals((*delivered.as_sold, *delivered.differs)),
        rate=True,
    )


def _deals(ids: Sequence[int]) -> list[int]:
    return sorted(set(ids))


def _listed(**left_out: Sequence[int]) -> dict[str, list[int]]:
    return {why: _deals(ids) for why, ids in left_out.items() if ids}
