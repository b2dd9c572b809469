"""Won value (D-50, money by B0)."""

from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 1


def won_value(won: Bucket) -> Figure:
    """Return what was won in the period, each deal at the booking rate of its day (B0).

    Unit: report currency. `detail.fx_effect` is the part that comes from booking rates differing from plan rates.
    Nothing won is 0, which is a fact and not a missing one.
    """
    value = rounded(won.amount, "money")
    at_plan = rounded(won.at_plan, "money")
    return Figure(
        value=value,
        unit="money",
        n=won.count,
        numerator=value,
        denominator=Decimal(1),
        excluded=won.excluded(),
        detail={"at_plan": at_plan, "fx_effect": value - at_plan},
        ids=list(won.ids),
    )
