"""Weighted pipeline (B6, D-5, D-50)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import ZERO, ratio, rounded
from pipeline.figures.buckets import Bucket, total

DEFINITION_VERSION = 1
FEW_BIG_DEALS = 5


class BadWeight(ValueError):
    """A setpoint's weight lies outside 0 to 1."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Open qualified deals at one setpoint whose close date lies in the period."""

    probability: Decimal
    deals: Bucket


def weighted(cells: Sequence[Weighed], *, overdue: Bucket) -> Figure:
    """Return the nominal sum over open qualified deals that are to close in the period, without what is won (B6).

    Unit: report currency, at plan rates. `detail.spread` is the standard deviation if deals were independent,
    `detail.effective_deals` how many equal deals would be as concentrated. Deals whose close date has passed are
    left out and listed under `overdue_close_date`; a deal without amount counts 0 and is listed.

    :raises BadWeight: for a weight outside 0 to 1
    """
    if any(not 0 <= cell.probability <= 1 for cell in cells):
        raise BadWeight([str(cell.probability) for cell in cells])
    every = total(cell.deals for cell in cells)
    value = rounded(sum((cell.deals.amount * cell.probability for cell in cells), ZERO), "money")
    variance = sum((cell.deals.squares * cell.probability * (1 - cell.probability) for cell in cells), ZERO)
    effective = ratio(every.amount**2, every.squares)
    excluded = every.excluded()
    if overdue.ids:
        excluded["overdue_close_date"] = list(overdue.ids)
    return Figure(
        value=value,
        unit="money",
        n=every.count,
        numerator=value,
        denominator=Decimal(1),
        excluded=excluded,
        detail={
            "unweighted": rounded(every.amount, "money"),
            "variance": rounded(variance, "money"),
            "spread": rounded(variance.sqrt(), "money"),
            "top_deal_share": ratio(every.largest, every.amount),
            "effective_deals": effective,
            "few_big_deals": effective is not None and effective < FEW_BIG_DEALS,
        },
        ids=list(every.ids),
    )
