"""Attainment, pace and run-rate (B26, D-50)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ONE, ZERO, ratio, rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 1
EARLY = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A month of the period: its weight in the target and how much of its working days has passed (0 to 1)."""

    weight: Decimal
    passed: Decimal


def elapsed_share(months: Sequence[MonthShare]) -> Decimal | None:
    """Return how far the period has come, by month weights and working days, not by the calendar (B26)."""
    whole = sum((month.weight for month in months), ZERO)
    if not whole:
        return None
    return sum((month.weight * month.passed for month in months), ZERO) / whole


def attainment(won: Bucket, *, target: Decimal | None, elapsed: Decimal | None) -> Figure:
    """Return won / target of the same scope and period; null `no_target` without one (B26, D-50).

    Unit: ratio. `detail.pace` compares with the target for the time that has passed, `detail.run_rate` is what the
    period would bring at this speed, `detail.early` warns that less than a fifth of it has passed.
    """
    counts = bool(target)
    share = None if elapsed is None else min(ONE, elapsed)
    run_rate = won.amount / share if share else None
    return Figure(
        value=ratio(won.amount, target) if target else None,
        unit="ratio",
        n=won.count,
        numerator=rounded(won.amount, "money"),
        denominator=None if target is None else rounded(target, "money"),
        reason=None if counts else Reason.NO_TARGET,
        excluded=won.excluded(),
        detail={
            "won": rounded(won.amount, "money"),
            "target": None if target is None else rounded(target, "money"),
            "elapsed": None if share is None else rounded(share, "ratio"),
            "pace": ratio(won.amount, target * share) if target and share else None,
            "run_rate": None if run_rate is None else rounded(run_rate, "money"),
            "early": share is not None and share < EARLY,
        },
        ids=list(won.ids),
    )
