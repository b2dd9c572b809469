"""How well scores tell leads that became qualified from the rest, and what each threshold would bring (B22)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scoring.figures.calibration import Tally, totals

DEFINITION_VERSION = 1
CHANCES = (0.0, 0.1, 0.25, 0.5, 1.0)  # between which what was likely is held against what came


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


@dataclass(frozen=True, slots=True)
class Said:
    """Leads that were said to become qualified with a chance from `low` up to below `high`, and how many did.

    `likely` is the mean of what was said; None of no leads.
    """

    low: float
    high: float
    leads: int
    qualified: int
    likely: float | None

    @property
    def came(self) -> float | None:
        """Return the share that became qualified."""
        return _share(self.qualified, self.leads)


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


def get_best(tally: Tally, leads: int) -> ThresholdRow:
    """Return what so many leads of the highest scores would bring; of those that share the last score, a part."""
    everybody, all_qualified = totals(tally)
    left, found, lowest = min(leads, everybody), 0.0, 0
    taken = left
    for score in sorted(tally, reverse=True):
        n, k = tally[score]
        if left <= 0:
            break
        part = min(n, left)
        left, found, lowest = left - part, found + k * (_share(part, n) or 0), score
    precision, base = _share(found, taken), _share(all_qualified, everybody)
    return ThresholdRow(
        threshold=lowest,
        leads=taken,
        qualified=round(found),
        precision=precision,
        recall=_share(found, all_qualified),
        lift=precision / base if precision is not None and base else None,
        a_week=None,
        qualified_a_week=None,
        hours_a_week=None,
    )


def reliability(tally: Tally, likely: Callable[[float], float]) -> tuple[Said, ...]:
    """Return what was said to be likely beside what came, by how likely it was said to be (B22)."""
    cells = [(score, likely(score), n, k) for score, (n, k) in tally.items()]
    found = []
    for low, high in pairwise(CHANCES):
        within = [each for each in cells if low <= each[1] and (each[1] < high or high == CHANCES[-1])]
        leads = sum(n for _, _, n, _ in within)
        mean = _share(sum(p * n for _, p, n, _ in within), leads)
        found.append(Said(low, high, leads, sum(k for _, _, _, k in within), mean))
    return tuple(found)


def off_by(said: Sequence[Said]) -> float | None:
    """Return how far what was said lay from what came, on the mean of all leads; 0 is perfect."""
    far = sum(abs(each.likely * each.leads - each.qualified) for each in said if each.likely is not None)
    return _share(far, sum(each.leads for each in said))


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
