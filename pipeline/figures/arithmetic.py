"""Rounding, quantiles and the Wilson interval, shared by the figures (B0, B2, B3). Decimal throughout."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from crm.lib.envelope import Interval

ZERO, ONE = Decimal(0), Decimal(1)
Z95 = Decimal("1.959964")
LEVEL95 = Decimal("0.95")
PLACES = {
    "money": Decimal("0.01"),
    "ratio": Decimal("0.000001"),
    "times": Decimal("0.01"),
    "days": Decimal("0.01"),
    "months": Decimal("0.01"),
    "years": Decimal("0.01"),
    "hours": Decimal("0.01"),
    "points": Decimal("0.01"),
}


def rounded(value: Decimal, unit: str) -> Decimal:
    """Round once, at the end, half to even: money to cents, ratios to six places, all else to two (B0)."""
    return value.quantize(PLACES[unit], ROUND_HALF_EVEN)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal | None:
    """Divide and round; None over nothing, which is never 0 and never infinity (B0)."""
    return rounded(Decimal(numerator) / Decimal(denominator), "ratio") if denominator else None


def wilson(successes: int, trials: int) -> Interval | None:
    """Return the 95% Wilson interval of a share, clamped to [0, 1] (B2); None for no trials."""
    if trials == 0:
        return None
    n, p = Decimal(trials), Decimal(successes) / Decimal(trials)
    shrink = ONE + Z95**2 / n
    centre = (p + Z95**2 / (2 * n)) / shrink
    half = Z95 / shrink * (p * (1 - p) / n + Z95**2 / (4 * n**2)).sqrt()
    low, high = max(ZERO, centre - half), min(ONE, centre + half)
    if successes == 0:
        low = ZERO
    if successes == trials:
        high = ONE
    return Interval(rounded(low, "ratio"), rounded(high, "ratio"), LEVEL95, "wilson")


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> Interval | None:
    """Return the 95% interval of other − one, each (successes, trials), from their Wilson intervals (B29).

    None where one of them has no trials.
    """
    intervals = wilson(*one), wilson(*other)
    if intervals[0] is None or intervals[1] is None:
        return None
    first, second = (Decimal(successes) / Decimal(trials) for successes, trials in (one, other))
    difference = second - first
    below = ((second - intervals[1].low) ** 2 + (intervals[0].high - first) ** 2).sqrt()
    above = ((intervals[1].high - second) ** 2 + (first - intervals[0].low) ** 2).sqrt()
    return Interval(rounded(difference - below, "ratio"), rounded(difference + above, "ratio"), LEVEL95, "newcombe")


def quantile(values: Sequence[Decimal | int], share: Decimal | str) -> Decimal:
    """Return the quantile with linear interpolation between neighbours; for a half and even n their mean (B3).

    :raises IndexError: for no values
    """
    ordered = sorted(values)
    position = Decimal(share) * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    start = Decimal(ordered[below])
    return start + (Decimal(ordered[above]) - start) * (position - below)


def median(values: Sequence[Decimal | int]) -> Decimal:
    """Return the middle value, for even n the mean of the two middle ones.

    :raises IndexError: for no values
    """
    return quantile(values, "0.5")
