"""Why deals were not won (D-50)."""

from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import ratio, rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 1


def lost_reason(deals: Bucket, *, of: int) -> Figure:
    """Return how many deals closed for one outcome, reason and competitor in the period (D-50).

    Unit: deals; the amount is in the report currency at plan rates. `of` is how many were not won in all.
    """
    return Figure(
        value=Decimal(deals.count),
        unit="deals",
        n=deals.count,
        numerator=Decimal(deals.count),
        denominator=Decimal(of),
        excluded=deals.excluded(),
        detail={"amount": rounded(deals.amount, "money"), "share": ratio(deals.count, of)},
        ids=list(deals.ids),
    )
