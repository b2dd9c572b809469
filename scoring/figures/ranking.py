"""How well scores tell leads that became qualified from the rest, and what each threshold would bring (B22)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scoring.figures.calibration import Tally, totals

DEFINITION_VERSION = 1


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """What handing over from a threshold on would bring; shares are None over nothing."""

    threshold: int
    leads: int
    qualified: int
    precision: float | None
    recall: float | None
    lift: float | None
    a_week: float | None
    qualified_a_week: float | None
    hours_a_week: float | None


def get_row(tally: Tally, threshold: int, *, weeks: float = 0, hours_a_lead: float = 1) -> ThresholdRow:
    """Return what one threshold would bring; `weeks` is how long the leads of the tally took to come."""
    everybody, all_qualified = totals(tally)
    leads, qualified = totals({score: cell for score, cell in tally.items() if score >= threshold})
    precision, base = _share(qualified, leads), _share(all_qualified, everybody)
    a_week = _share(leads, weeks)
    return ThresholdRow(
        threshold=threshold,
        leads=leads,
        qualified=qualified,
        precision=precision,
        recall=_share(qualified, all_qualified),
        lift=precision / base if precision is not None and base else None,
        a_week=a_week,
        qualified_a_week=_share(qualified, weeks),
        hours_a_week=None if a_week is None else a_week * hours_a_lead,
    )


def suggest_threshold(
    rows: Sequence[ThresholdRow], *, capacity: float | None, precision: float | None
) -> ThresholdRow | None:
    """Return the lowest threshold that brings no more leads a week than sales can take, good enough; a person confirms."""
    for row in sorted(rows, key=lambda row: row.threshold):
        fits = capacity is None or (row.a_week is not None and row.a_week <= capacity)
        is_good = precision is None or (row.precision is not None and row.precision >= precision)
        if fits and is_good and row.leads:
            return row
    return None


def auc(tally: Tally) -> float | None:
    """Return how likely a qualified lead has a higher score than another lead, ties half; None with one kind only."""
    leads, qualified = totals(tally)
    if not qualified or qualified == leads:
        return None
    below = won = 0.0
    for score in sorted(tally):
        n, k = tally[score]
        won += k * (below + (n - k) / 2)
        below += n - k
    return won / (qualified * (leads - qualified))


def brier(tally: Tally, likely: Callable[[float], float]) -> float | None:
    """Return the mean squared distance of what was likely from what came; 0 is perfect."""
    leads, _ = totals(tally)
    if not leads:
        return None
    lost = 0.0
    for score, (n, k) in tally.items():
        p = likely(score)
        lost += k * (1 - p) ** 2 + (n - k) * p**2
    return lost / leads


def skill(tally: Tally, likely: Callable[[float], float]) -> float | None:
    """Return how much better than always saying the mean: 1 - Brier / (base * (1 - base))."""
    leads, qualified = totals(tally)
    found = brier(tally, likely)
    if found is None or not qualified or qualified == leads:
        return None
    base = qualified / leads
    return 1 - found / (base * (1 - base))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
