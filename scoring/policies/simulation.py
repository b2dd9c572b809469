"""What rules would have done with one lead of the real past (S-7, S-8, math.md B22).

A lead is judged by its score as it stood when sales took it over, or thirty days after it came: what sales typed in
later tells of the outcome and is not to be learned from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from scoring.enums import ScorePart
from scoring.facts import ModelFacts, Moment
from scoring.policies.decay import POINT
from scoring.policies.plan import PARTS
from scoring.policies.walk import Walk
from scoring.policies.zones import Zones

MARK = timedelta(days=30)
HORIZON = timedelta(days=90)  # after a lead came: until then it becomes qualified, or did not
JUST_BEFORE = timedelta(microseconds=1)
LOWEST, HIGHEST = -100, 300  # scores beyond count as these
FIT = PARTS.index(ScorePart.FIT)
WON, QUALIFIED, MISSED = "w", "k", "m"  # what became of a lead, in the counts of a try; who is won was qualified


@dataclass(frozen=True, slots=True)
class PastLead:
    """A lead as the past knows it; `crossed_at` is when it was first handed over, `answered_at` when sales first
    said something of it, `drawn_at` when it was drawn by lot and then called (FI-006). `came_qualified` says that it
    was qualified when it came here, nobody knows since when.
    """

    id: int
    created_at: datetime
    owner_id: int | None = None
    crossed_at: datetime | None = None
    answered_at: datetime | None = None
    qualified_at: datetime | None = None
    won_at: datetime | None = None
    drawn_at: datetime | None = None
    came_qualified: bool = False

    @property
    def mark(self) -> datetime:
        """Return as of when the lead is judged."""
        ends = [self.created_at + MARK]
        if self.crossed_at is not None:
            ends.append(self.crossed_at)
        if self.answered_at is not None:
            ends.append(self.answered_at - JUST_BEFORE)
        return min(ends)

    def is_decided(self, as_of: datetime) -> bool:
        """Return whether its time is over; early winners do not count before the others can.

        A lead drawn by lot within its time was called for that, not for its score: it is judged from the draw on, apart.
        """
        ends_at = self.created_at + HORIZON
        was_drawn = self.drawn_at is not None and self.drawn_at < ends_at
        is_undated = self.came_qualified and self.qualified_at is None
        return ends_at <= as_of and not was_drawn and not is_undated

    def became(self, since: datetime) -> str:
        """Return what became of it within its time from then on: won, qualified, or nothing of these."""
        if self.won_at is not None and self.won_at <= since + HORIZON:
            return WON
        return QUALIFIED if self.qualified_at is not None and self.qualified_at <= since + HORIZON else MISSED


@dataclass(frozen=True, slots=True)
class Trace:
    """Where rules would have brought a lead. `records` are its new highest scores, each with when it was reached.

    `score`, `fit`, `highest` and `met`, the numbers of rules, are as of the mark.
    """

    score: int
    fit: int
    highest: int
    met: frozenset[int]
    records: tuple[tuple[datetime, int], ...]

    @property
    def top(self) -> int:
        """Return the highest score of all, however late."""
        return self.records[-1][1] if self.records else LOWEST


def trace(moments: Iterable[Moment], *, model: ModelFacts, zones: Zones, mark: datetime, as_of: datetime) -> Trace:
    """Return where a model would have brought a lead by its mark, and the highest scores up to `as_of`.

    Something that asks for sales whatever the score reaches the highest score there is.
    """
    walk, top, records = Walk(model, zones, explain=False), LOWEST, []
    found: tuple[int, int, int, frozenset[int]] | None = None
    fast_tracks = any(rule.fast_track for rule in model.rules)
    for moment in sorted(moments):
        at = moment[0]
        if at > as_of:
            break
        if found is None and at > mark:
            found = _as_of(walk, zones.day(mark), top)
        before = len(walk.steps)
        walk.take(*moment)
        value = whole(walk.value(zones.day(at)))
        if fast_tracks and any(step.fast_track for step in walk.steps[before:]):
            value = HIGHEST
        if value > top:
            top = value
            records.append((at, value))
    score, fit, highest, met = found or _as_of(walk, zones.day(min(mark, as_of)), top)
    return Trace(score, fit, highest, met, tuple(records))


def whole(value: int) -> int:
    """Return millionths as whole points, within what is told apart."""
    return max(LOWEST, min(HIGHEST, floor(value / POINT)))


def _as_of(walk: Walk, day: int, top: int) -> tuple[int, int, int, frozenset[int]]:
    walk.reach(day)
    fit = walk.parts[FIT] + sum(walk.in_group(group, day) for group in walk.plan.moving if group.part == FIT)
    score = whole(walk.value(day))
    return score, whole(fit), max(top, score), walk.met(day)
