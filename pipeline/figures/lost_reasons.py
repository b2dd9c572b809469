"""Why deals were not won, and what pursuing them cost (D-50, EE-040)."""

from collections.abc import Sequence
from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.acquisition import EffortFacts, pursuit_cost
from pipeline.figures.arithmetic import ratio, rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 1


def lost_reason(
    deals: Bucket, *, of: int, efforts: Sequence[EffortFacts] = (), hour_brings: Decimal | None = None
) -> Figure:
    """Return how many deals closed for one outcome, reason and competitor in the period (D-50).

    Unit: deals; money is in the report currency at plan rates. `of` is how many were not won in all. `detail` has the
    `hours` logged on them, what those `cost` (B16; None without any, or where some have no rate) and what as many hours brought
    `elsewhere`: times what an hour on deals that were won in the period brought (EE-040).
    """
    spent = pursuit_cost(efforts)
    hours: Decimal = spent.detail["hours"]
    return Figure(
        value=Decimal(deals.count),
        unit="deals",
        n=deals.count,
        numerator=Decimal(deals.count),
        denominator=Decimal(of),
        excluded=deals.excluded(),
        detail={
            "amount": rounded(deals.amount, "money"),
            "share": ratio(deals.count, of),
            "hours": hours,
            "cost": spent.value if efforts else None,
            "elsewhere": rounded(hours * hour_brings, "money") if efforts and hour_brings is not None else None,
        },
        ids=list(deals.ids),
    )


def hour_brings(won: Bucket, efforts: Sequence[EffortFacts]) -> Decimal | None:
    """Return what an hour logged on deals that were won brought, in amount; None where no hour was logged on them."""
    minutes = sum(each.minutes for each in efforts)
    return won.amount * 60 / minutes if minutes else None
