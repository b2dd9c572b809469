"""How often leads of a score became qualified, and what rules should give for it (B22).

Everything is counted on tallies: how many leads had a score, and how many of them became qualified.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from pipeline.figures.arithmetic import wilson

Tally = Mapping[int, tuple[int, int]]  # whole score: leads, of them qualified
DEFINITION_VERSION = 1
BANDS = (0, 25, 50, 75)
FEWEST_OF_EACH = 40  # qualified and not, for a curve
FEWEST_ISOTONIC = 1000
FEWEST_QUALIFIED = 20  # for suggesting anything at all
FEWEST_EXPOSED = 10  # leads that met a rule, and leads that did not
RIDGE = 1e-6
ROUNDS = 50
STEP = 5  # suggested points are multiples of it
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Band:
    """Leads whose score lies from `low` up to below `high` (None: no end).

    `mean` is (k + 1) / (n + 2), `low_end` and `high_end` Wilson's interval, `forced` the mean made to rise with score.
    """

    low: int
    high: int | None
    leads: int
    qualified: int
    mean: float
    low_end: float | None
    high_end: float | None
    forced: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """p = 1 / (1 + exp(-(a + b * score)))."""

    a: float
    b: float

    def __call__(self, score: float) -> float:
        """Return how likely a lead of this score becomes qualified."""
        return _sigmoid(self.a + self.b * score)

    @property
    def doubles_in(self) -> float | None:
        """Return how many points double the odds; None where more points do not raise them."""
        return log(2) / self.b if self.b > 0 else None

    @property
    def even_at(self) -> float | None:
        """Return the score at which it is as likely as not."""
        return -self.a / self.b if self.b > 0 else None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a rule should give by the odds of those who met it; `low` and `high` bound it with 95% confidence."""

    points: int
    exact: float
    low: float
    high: float
    odds_ratio: float
    is_corrected: bool  # a cell was empty, so half a lead was added to each


def get_bands(tally: Tally) -> list[Band]:
    """Return the bands 0-24, 25-49, 50-74, 75+ with what is likely in each; scores below 0 are in the first."""
    ends = [*BANDS[1:], None]
    cells = [_sum(tally, low if low else None, high) for low, high in zip(BANDS, ends, strict=True)]
    forced = pool([(k + 1, n + 2) for n, k in cells])
    found = []
    for low, high, (n, k), value in zip(BANDS, ends, cells, forced, strict=True):
        interval = wilson(k, n)
        low_end, high_end = (float(interval.low), float(interval.high)) if interval else (None, None)
        found.append(Band(low, high, n, k, (k + 1) / (n + 2), low_end, high_end, value))
    return found


def pool(cells: Sequence[tuple[float, float]]) -> list[float]:
    """Return rates (k of n) that never fall, pooling neighbours that do: the pool-adjacent-violators method."""
    blocks: list[list[float]] = []  # k, n, how many cells
    for k, n in cells:
        blocks.append([k, n, 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [sum(pair) for pair in zip(blocks[-1], last, strict=True)]
    return [k / n for k, n, width in blocks for _ in range(int(width))]


def fit_logistic(tally: Tally) -> Logistic | None:
    """Return the curve that fits best, by reweighted least squares with a small ridge on its slope.

    None where fewer than 40 became qualified, or fewer than 40 did not, or all have one score.
    """
    leads, qualified = totals(tally)
    if min(qualified, leads - qualified) < FEWEST_OF_EACH or len([n for n, _ in tally.values() if n]) < 2:
        return None
    middle = sum(score * n for score, (n, _) in tally.items()) / leads
    a, b = log(qualified / (leads - qualified)), 0.0
    for _ in range(ROUNDS):
        step_a, step_b = _newton(tally, middle, a, b)
        a, b = a + step_a, b + step_b
        if abs(step_a) + abs(step_b) < 1e-10:
            break
    return Logistic(a - b * middle, b)


def fit_isotonic(tally: Tally) -> Callable[[float], float] | None:
    """Return the best rate for each score that never falls; None up to 1,000 leads, where it would see patterns in noise."""
    if totals(tally)[0] <= FEWEST_ISOTONIC:
        return None
    scores = sorted(tally)
    rates = pool([(tally[score][1], tally[score][0]) for score in scores])
    return _steps(scores, rates)


def by_bands(tally: Tally) -> Callable[[float], float]:
    """Return what a score's band says is likely."""
    bands = get_bands(tally)
    return _steps([band.low for band in bands], [band.forced for band in bands])


def suggest_points(
    met: tuple[int, int], others: tuple[int, int], *, double_odds: float, step: int = STEP
) -> Suggestion | None:
    """Return what a rule should give: points of so many that double the odds, times the log of the odds ratio.

    `met` are the leads that met the rule and how many of them became qualified, `others` the rest. None where there
    is too little to say: fewer than 20 qualified in all, fewer than 10 leads on either side, or nobody failed.
    """
    (n1, k1), (n0, k0) = met, others
    if k1 + k0 < FEWEST_QUALIFIED or min(n1, n0) < FEWEST_EXPOSED or n1 + n0 == k1 + k0:
        return None
    cells: list[float] = [k1, n1 - k1, k0, n0 - k0]
    is_corrected = 0 in cells
    if is_corrected:
        cells = [cell + 0.5 for cell in cells]
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    factor, spread = double_odds / log(2), Z95 * sqrt(sum(1 / cell for cell in cells))
    exact = factor * log(ratio)
    return Suggestion(
        step * round(exact / step), exact, exact - factor * spread, exact + factor * spread, ratio, is_corrected
    )


def totals(tally: Tally) -> tuple[int, int]:
    """Return how many leads there are and how many became qualified."""
    return sum(n for n, _ in tally.values()), sum(k for _, k in tally.values())


def _newton(tally: Tally, middle: float, a: float, b: float) -> tuple[float, float]:
    grad_a, grad_b, aa, ab, bb = 0.0, -RIDGE * b, 0.0, 0.0, RIDGE
    for score, (n, k) in tally.items():
        x = score - middle
        p = _sigmoid(a + b * x)
        weight = n * p * (1 - p)
        grad_a, grad_b = grad_a + k - n * p, grad_b + (k - n * p) * x
        aa, ab, bb = aa + weight, ab + weight * x, bb + weight * x * x
    whole = aa * bb - ab * ab
    if whole <= 1e-12:
        return 0.0, 0.0  # told apart without fail: the curve is as steep as it can be
    return (bb * grad_a - ab * grad_b) / whole, (aa * grad_b - ab * grad_a) / whole


def _sum(tally: Tally, low: int | None, high: int | None) -> tuple[int, int]:
    cells = [cell for score, cell in tally.items() if (low is None or score >= low) and (high is None or score < high)]
    return sum(n for n, _ in cells), sum(k for _, k in cells)


def _steps(scores: Sequence[int], rates: Iterable[float]) -> Callable[[float], float]:
    pairs = list(zip(scores, rates, strict=True))

    def rate(score: float) -> float:
        return next((value for low, value in reversed(pairs) if low <= score), pairs[0][1])

    return rate


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
