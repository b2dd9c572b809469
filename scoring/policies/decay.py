"""How points fade with age, as tables by local day (math.md B23 "Schemes").

Points are counted in whole millionths, so that sums are exact in whatever order they are made.
"""

from functools import lru_cache
from typing import NamedTuple

from scoring.enums import DecayKind
from scoring.facts import Decay

POINT = 1_000_000
MONTH = 30
LAST_LEFT = POINT // 1000  # less than this is nothing, so that what halves for ever ends


class Fade(NamedTuple):
    """What is left of an event by its age: `left[age]`, the last value for ever; `changes[age]` is the next age at which
    it differs, or None.
    """

    left: tuple[int, ...]
    changes: tuple[int | None, ...]

    def at(self, age: int) -> int:
        """Return what is left at an age, in millionths of a point."""
        return self.left[age] if age < len(self.left) else self.left[-1]

    def next_change(self, age: int) -> int | None:
        """Return at which greater age something else is left."""
        return self.changes[age] if age < len(self.changes) else None


@lru_cache(maxsize=512)
def get_fade(points: int, decay: Decay | None) -> Fade:
    """Return how so many points fade."""
    whole = points * POINT
    if decay is None or decay.kind is DecayKind.NONE or not whole:
        return Fade((whole,), (None,))
    left = [round(whole * _factor(decay, 0))]  # steps by age may begin below the whole
    while left[-1]:
        value = round(whole * _factor(decay, len(left)))
        left.append(0 if abs(value) < LAST_LEFT else value)
        if left[-1] == whole and _is_for_ever(decay):
            break
    changes: list[int | None] = [None] * len(left)
    for age in range(len(left) - 2, -1, -1):
        changes[age] = age + 1 if left[age + 1] != left[age] else changes[age + 1]
    return Fade(tuple(left), tuple(changes))


def to_points(millionths: int) -> float:
    """Return points: whole ones as an int."""
    return millionths // POINT if millionths % POINT == 0 else millionths / POINT


def _factor(decay: Decay, age: int) -> float:
    if decay.kind is DecayKind.HALF_LIFE:
        return float(2 ** (-age / decay.days))
    if decay.kind is DecayKind.LINEAR:
        return max(0, 100 - decay.percent * (age // MONTH)) / 100
    if decay.kind is DecayKind.WINDOW:
        return 1 if age < decay.days else 0
    return next((percent / 100 for upto, percent in decay.steps if age <= upto), 0)


def _is_for_ever(decay: Decay) -> bool:
    return decay.kind is DecayKind.LINEAR and not decay.percent
