"""Time to an end when some have not ended yet (B3): Kaplan-Meier and Aalen-Johansen."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.figures.arithmetic import ONE, ZERO

CENSORED = ""
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Spell:
    """Days under observation and how they ended: a cause such as won or lost, or nothing yet (`CENSORED`).

    `count` deals had it alike.
    """

    days: int
    end: str = CENSORED
    count: int = 1
    band: str = ""
    deal_type: str = ""


def survival_curve(spells: Sequence[Spell]) -> list[tuple[int, Decimal]]:
    """Return S(t) at each time something ended, any cause: the product of (1 - d/n) (B3)."""
    return [(days, remaining) for days, remaining, _ in _steps(spells)]


def median_time(spells: Sequence[Spell]) -> int | None:
    """Return the first time at which half have ended; None where that was never observed (B3)."""
    return next((days for days, remaining in survival_curve(spells) if remaining <= HALF), None)


def cumulative_incidence(spells: Sequence[Spell], cause: str) -> list[tuple[int, Decimal]]:
    """Return the share that has ended for `cause` by each time, others competing: C += S(t-) d/n (B3)."""
    share, before, curve = ZERO, ONE, []
    for days, remaining, by_cause in _steps(spells):
        share += before * by_cause.get(cause, ZERO)
        before = remaining
        curve.append((days, share))
    return curve


def _steps(spells: Sequence[Spell]) -> list[tuple[int, Decimal, dict[str, Decimal]]]:
    by_day: dict[int, Counter[str]] = defaultdict(Counter)
    for spell in spells:
        by_day[spell.days][spell.end] += spell.count
    at_risk, remaining, steps = sum(spell.count for spell in spells), ONE, []
    for days, ended in sorted(by_day.items()):
        censored = ended.pop(CENSORED, 0)
        if ended:
            remaining *= ONE - Decimal(ended.total()) / at_risk
            steps.append((days, remaining, {cause: Decimal(count) / at_risk for cause, count in ended.items()}))
        at_risk -= censored + ended.total()
    return steps
