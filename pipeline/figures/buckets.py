"""The sufficient statistics that most figures share (D-14): a bucket of deals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Reason
from pipeline.figures.arithmetic import ZERO


@dataclass(frozen=True, slots=True)
class Bucket:
    """Deals of one kind: how many, worth what in the report currency, and which.

    `no_rate` and `no_amount` hold the ids that count but have no value; the value of such a deal is in no sum.
    `squares` is the sum of squared values, `largest` the largest one, `middle` their median. `at_plan` is the
    value at plan rates where `amount` is at booking rates.
    """

    count: int = 0
    amount: Decimal = ZERO
    at_plan: Decimal = ZERO
    squares: Decimal = ZERO
    largest: Decimal = ZERO
    middle: Decimal | None = None
    ids: tuple[int, ...] = ()
    no_rate: tuple[int, ...] = ()
    no_amount: tuple[int, ...] = ()

    @property
    def valued(self) -> int:
        """Return how many of the deals have a value."""
        return self.count - len(self.no_rate) - len(self.no_amount)

    def excluded(self) -> dict[str, list[int]]:
        """Return the ids without a value by reason, for the envelope."""
        left_out = {Reason.NO_RATE.value: list(self.no_rate), "no_amount": list(self.no_amount)}
        return {reason: ids for reason, ids in left_out.items() if ids}


def total(buckets: Iterable[Bucket]) -> Bucket:
    """Add buckets up, ids in order; the median of several is not known from theirs and is left out."""
    every = list(buckets)
    if len(every) == 1:
        return every[0]
    return Bucket(
        count=sum(bucket.count for bucket in every),
        amount=sum((bucket.amount for bucket in every), ZERO),
        at_plan=sum((bucket.at_plan for bucket in every), ZERO),
        squares=sum((bucket.squares for bucket in every), ZERO),
        largest=max((bucket.largest for bucket in every), default=ZERO),
        ids=tuple(sorted(pk for bucket in every for pk in bucket.ids)),
        no_rate=tuple(sorted(pk for bucket in every for pk in bucket.no_rate)),
        no_amount=tuple(sorted(pk for bucket in every for pk in bucket.no_amount)),
    )
