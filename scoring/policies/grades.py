"""The grade of a lead: who they are and what they do, taken together (S-1)."""

from collections.abc import Sequence

from scoring.facts import ModelFacts, Score

GRADES = ("D", "C", "B", "A")
# Fit and interest each give 0 to 3 steps; so many together are worth the next better grade.
STEPS_NEEDED = (2, 4, 5)
LIMITS = 3


def get_grade(score: Score, model: ModelFacts) -> str:
    """Return A to D, empty where the rules set no limits.

    Interest is what a lead does and how it responds, less what silence took.
    """
    if not model.fit_limits or not model.interest_limits:
        return ""
    interest = score.behaviour + score.engagement + score.inactivity
    steps = _reached(score.fit, model.fit_limits) + _reached(interest, model.interest_limits)
    return GRADES[_reached(steps, STEPS_NEEDED)]


def move_limits(old: Sequence[int], wanted: Sequence[int]) -> tuple[int, ...]:
    """Return limits as wanted, with neighbours moved along so that each stays above the one before.

    What was changed stands where it was put; of two that were changed and collide, the higher gives way.
    """
    limits = list(wanted)
    if len(limits) != LIMITS:
        return tuple(limits)
    anchor = next((at for at, (was, now) in enumerate(zip(old, limits, strict=False)) if was != now), 0)
    for at in range(anchor + 1, LIMITS):
        limits[at] = max(limits[at], limits[at - 1] + 1)
    for at in range(anchor - 1, -1, -1):
        limits[at] = min(limits[at], limits[at + 1] - 1)
    return tuple(limits)


def _reached(value: float, limits: Sequence[int]) -> int:
    return sum(value >= limit for limit in limits)
