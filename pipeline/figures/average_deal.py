"""Average deal value (B25)."""

from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 1


def average_deal(won: Bucket) -> Figure:
    """Return the mean of the amounts won in the period, `detail.median` beside it (B25).

    Unit: report currency. A deal won for 0 counts, so that mean times count is the won value; deals without an
    amount or a rate are listed and left out.
    """
    counted = won.valued
    return Figure(
        value=rounded(won.amount / counted, "money") if counted else None,
        unit="money",
        n=counted,
        numerator=rounded(won.amount, "money"),
        denominator=Decimal(counted),
        reason=None
        if counted
        else Reason.NO_CLOSED_DEALS
        if not won.count
        else Reason.NO_RATE
        if won.no_rate
        else Reason.NO_DATA,
        excluded=won.excluded(),
        detail={"median": None if won.middle is None else rounded(won.middle, "money")},
        ids=list(won.ids),
    )
