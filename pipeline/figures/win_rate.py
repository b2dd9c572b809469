"""Win rate (B2, D-19)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ratio, wilson
from pipeline.figures.buckets import Bucket, total

DEFINITION_VERSION = 1
NO_DEALS = Bucket()


@dataclass(frozen=True, slots=True)
class ClosedFacts:
    """Deals closed in the period by what became of them.

    `declined_late` had reached 50% and counts as not won; `declined_early` had not and stands beside.
    `voided` counts outcomes that a later new cycle followed, for the variant that counts every closing.
    """

    won: Bucket = NO_DEALS
    lost: Bucket = NO_DEALS
    no_decision: Bucket = NO_DEALS
    declined_late: Bucket = NO_DEALS
    declined_early: Bucket = NO_DEALS
    voided: int = 0

    @property
    def not_won(self) -> Bucket:
        """Return the deals that count against the rate."""
        return total([self.lost, self.no_decision, self.declined_late])


def win_rate(closed: ClosedFacts) -> Figure:
    """Return won / (won + lost + no decision + declined from 50% on) of the deals closed in the period (B2, D-19).

    Unit: ratio. `detail.by_value` is the same share by amount at close, without an interval;
    `detail.every_closing` also counts outcomes that were voided by a reopening within the grace (B1b).
    """
    not_won = closed.not_won
    decided = closed.won.count + not_won.count
    by_value = ratio(closed.won.amount, closed.won.amount + not_won.amount)
    return Figure(
        value=ratio(closed.won.count, decided),
        unit="ratio",
        n=decided,
        numerator=Decimal(closed.won.count),
        denominator=Decimal(decided),
        reason=None if decided else Reason.NO_CLOSED_DEALS,
        interval=wilson(closed.won.count, decided),
        excluded={"declined_before_50": list(closed.declined_early.ids)} if closed.declined_early.count else {},
        detail={
            "lost": closed.lost.count,
            "no_decision": closed.no_decision.count,
            "declined_from_50": closed.declined_late.count,
            "declined_before_50": closed.declined_early.count,
            "by_value": by_value,
            "every_closing": ratio(closed.won.count, decided + closed.voided),
        },
        ids=[*closed.won.ids, *not_won.ids],
        rate=True,
    )
