"""Open value (B25, D-50)."""

from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import rounded
from pipeline.figures.buckets import Bucket, total

DEFINITION_VERSION = 1


def open_value(qualified: Bucket, unqualified: Bucket) -> Figure:
    """Return the amount of all deals open at `as_of`, with the qualified ones (D-18) beside it (B25, D-50).

    Unit: report currency, at plan rates.
    """
    every = total([qualified, unqualified])
    value = rounded(every.amount, "money")
    return Figure(
        value=value,
        unit="money",
        n=every.count,
        numerator=value,
        denominator=Decimal(1),
        excluded=every.excluded(),
        detail={
            "qualified": rounded(qualified.amount, "money"),
            "qualified_count": qualified.count,
            "first_meeting": rounded(unqualified.amount, "money"),
            "first_meeting_count": unqualified.count,
        },
        ids=list(every.ids),
    )
