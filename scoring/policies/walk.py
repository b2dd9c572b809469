"""One replay under way: what happened, in order, and the days that pass between (math.md B23, D-26, D-47)."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from scoring.enums import ContributionKind, Counting, InactivityMode
from scoring.facts import KNOWN, Cause, ModelFacts, Step
from scoring.policies.conditions import hold
from scoring.policies.decay import POINT, to_points
from scoring.policies.happened import NOTHING, Happened
from scoring.policies.plan import GroupPlan, RulePlan, get_plan
from scoring.policies.zones import Zones

SAME_PAGE = timedelta(minutes=30)
NEVER = 10**9  # a local day that never comes


class Entry(NamedTuple):
    """Something that changed the score; what silence took, or a floor forgave, has no rule."""

    kind: ContributionKind
    points: int
    at: datetime | int  # a local day for what falls at midnight
    rule: RulePlan | None = None
    event_id: int = 0
    type: str = ""
    day: int = 0


class Passed(NamedTuple):
    """A step as it is counted, in millionths; most are never asked for."""

    at: datetime
    number: int
    is_known: bool
    before: int
    after: int
    fast_track: bool


_passed = partial(tuple.__new__, Passed)  # a third of what Passed() takes


class Walk:
    """Where a replay has come to, in millionths of a point.

    `steady` is what was earned for good, `moving` what fades, is limited or holds for a while, `lost` what silence
    has taken of both (D in D-26). Steps that can neither cross the threshold nor arm a lead again are not kept; most
    are not.
    """

    __slots__ = (
        "_by_type", "_ceiling", "_counted", "_explain", "_fall", "_floor", "_happened", "_known", "_moved_on",
        "_moves", "_moving", "_pages", "_read", "_rearm_at", "_silent", "_sums", "_threshold", "_watched", "counts",
        "crosses", "known_at", "last", "ledger", "lost", "model", "parts", "plan", "steady", "steps", "tick",
        "uncounted", "zones",
    )  # fmt: skip

    def __init__(self, model: ModelFacts, zones: Zones, *, explain: bool = True) -> None:
        self.model, self.zones, self._explain, self.plan = model, zones, explain, get_plan(model)
        self._floor, self._fall, self._silent = model.floor * POINT, model.inactivity_points * POINT, model.silent_types
        self._threshold, self._rearm_at = model.threshold * POINT, model.rearm_at * POINT
        self._ceiling = None if model.ceiling is None else model.ceiling * POINT
        self._by_type, self._watched, self._read = self.plan.by_type, self.plan.watched, self.plan.read
        self._moves = bool(self.plan.moving)
        self.steady = self.lost = self._moving = 0
        self._moved_on = -1  # the day `_moving` was summed for; -1 asks for it anew
        self.tick = NEVER
        self.last: datetime | None = None
        self.steps: list[Passed] = []
        self.crosses = False
        self.parts = [0, 0, 0]
        self.counts: dict[int, dict[int, int]] = {}  # of rules that move: how many events count, by local day
        self._sums: dict[int, tuple[int, int]] = {}  # of those rules: a local day, and what they bring on it
        self._counted: dict[int, list[int]] = {}
        self._happened = Happened(self.plan.watched)
        self._known = NOTHING
        self.known_at: datetime | None = None
        self._pages: dict[tuple[str, str], datetime] = {}
        self.uncounted: Counter[str] = Counter()
        self.ledger: list[Entry] = []

    def base(self, day: int) -> int:
        """Return what was earned, as it stands on a local day."""
        if not self._moves:
            return self.steady
        if self._moved_on != day:
            self._moving, self._moved_on = sum(self.in_group(group, day) for group in self.plan.moving), day
        return self.steady + self._moving

    def value(self, day: int) -> int:
        """Return the score on a local day."""
        value = (self.base(day) if self._moves else self.steady) - self.lost
        if value < self._floor:
            return self._floor
        return value if self._ceiling is None or value < self._ceiling else self._ceiling

    def in_group(self, group: GroupPlan, day: int) -> int:
        """Return what a group's rules that move bring together, within its limits."""
        total = sum(self.in_rule(each, day) for each in group.rules)
        return total if group.group is None else limited(total, group.group.least, group.group.most)

    def in_rule(self, each: RulePlan, day: int) -> int:
        """Return what a rule that moves brings, within its limits."""
        return limited(self.unlimited(each, day), each.rule.least, each.rule.most)

    def unlimited(self, each: RulePlan, day: int) -> int:
        """Return what a rule that moves would bring without limits."""
        summed = self._sums.get(each.number)
        if summed is not None and summed[0] == day:
            return summed[1]
        if each.rule.counting is Counting.WHILE:
            total = each.points if self.holds(each, day) else 0
        else:
            left, last = each.fade.left, len(each.fade.left) - 1
            total = 0
            for then, count in self.counts.get(each.number, {}).items():
                age = day - then
                total += count * (left[age] if age < last else left[last])
        self._sums[each.number] = day, total
        return total

    def take(
        self, at: datetime, key: str, type: str, event_id: int, url: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        """Let a moment happen: what fell due before its local day, then the end of silence, then points."""
        day = self.zones.day(at)
        if day >= self.tick:
            self.reach(day)
        before = self.value(day)
        fast_track = False
        if type == KNOWN:
            self._known, self.known_at = details or NOTHING, at
            self._forget()
        else:
            if type not in self._silent:
                self._end_silence(at, day)
            if type in self._read and not (url and self._is_repeat(at, type, url)):
                fast_track = self._earn(at, day, type, event_id, details or NOTHING)
        if event_id:
            after = self.value(day)
            crosses = before < self._threshold <= after or fast_track
            if crosses or before <= self._rearm_at:
                self.crosses = self.crosses or crosses
                self.steps.append(_passed((at, event_id, type == KNOWN, before, after, fast_track)))

    def _forget(self) -> None:
        """Ask anew which rules hold: something they ask for has changed."""
        self._moved_on = -1
        for each in self.plan.whiles:
            self._sums.pop(each.number, None)

    def get_steps(self) -> tuple[Step, ...]:
        """Return what crossed the threshold or armed the lead again, by time, in points."""
        return tuple(
            Step(at, Cause(number, is_known), to_points(before), to_points(after), fast_track)
            for at, number, is_known, before, after, fast_track in self.steps
        )

    def reach(self, day: int) -> None:
        """Apply the ticks at 00:00 of every local day up to and including `day`."""
        days = self.model.inactivity_days
        while self.tick <= day:
            fall = min(self._fall, self.base(self.tick) - self.lost - self._floor)
            if fall > 0:
                self.note(ContributionKind.INACTIVITY, -fall, self.tick)
                self.lost += fall
            if self.model.inactivity_mode is InactivityMode.ONCE:
                self.tick = NEVER
            elif fall > 0 or self._moves:
                self.tick += days
            else:  # nothing left to take: on to the first tick that lies ahead
                self.tick += days * ((day - self.tick) // days + 1)

    def note(self, *entry: Any) -> None:
        """Keep what changed the score, where it is to be explained."""
        if self._explain:
            self.ledger.append(Entry(*entry))

    def changes_on(self, day: int) -> int:
        """Return the first local day after `day` on which what fades or holds for a while can bring something else."""
        ahead = [NEVER]
        for group in self.plan.moving:
            for each in group.rules:
                for then in reversed(self.counts.get(each.number, {})):  # the latest first: it changes the soonest
                    if (age := each.fade.next_change(day - then)) is not None:
                        if then + age == day + 1:
                            return day + 1
                        ahead.append(then + age)
                if each.rule.counting is Counting.WHILE:
                    ahead += [turn for watch in each.happened if (turn := self._happened.turns_on(watch, day))]
        return min(ahead)

    def holds(self, each: RulePlan, day: int, properties: Mapping[str, Any] = NOTHING) -> bool:
        """Return whether a rule's conditions hold on a local day, for an event with these properties."""
        if not hold(each.fields, known=self._known, properties=properties):
            return False
        return all(self._happened.holds(watch, day) for watch in each.happened)

    def met(self, day: int) -> frozenset[int]:
        """Return the numbers of the rules that gave points for an event, or hold on a local day."""
        return frozenset(self._counted) | {each.number for each in self.plan.whiles if self.holds(each, day)}

    def _end_silence(self, at: datetime, day: int) -> None:
        spare = self.lost - (self.base(day) if self._moves else self.steady) + self._floor
        if spare > 0:  # the base fell below what silence had taken: points count from the lowest score again
            self.note(ContributionKind.FLOOR, spare, at)
            self.lost -= spare
        self.last, self.tick = at, day + self.model.inactivity_days

    def _is_repeat(self, at: datetime, type: str, url: str) -> bool:
        """Return whether it is a page looked at just before, which counts for nothing."""
        seen = self._pages.get((type, url))
        if seen is not None and at - seen <= SAME_PAGE:
            self.uncounted.update(each.rule.code for each in self._by_type.get(type, ()))
            return True
        self._pages[type, url] = at
        return False

    def _earn(self, at: datetime, day: int, type: str, event_id: int, properties: Mapping[str, Any]) -> bool:
        """Count an event for its rules; return whether one of them hands the lead over at once."""
        if type in self._watched and self._happened.take(type, day, properties):
            self._forget()
        fast_track = False
        for each in self._by_type.get(type, ()):
            if (each.fields or each.happened) and not self.holds(each, day, properties):
                continue
            fast_track = fast_track or each.rule.fast_track
            counted = self._counted.setdefault(each.number, [])
            cap = each.cap_count
            if cap and len(counted) >= cap and counted[-cap] > day - each.cap_days:
                self.uncounted[each.rule.code] += 1
                continue
            counted.append(day)
            if each.is_steady:
                self.steady += each.points
                self.parts[each.part] += each.points
            else:
                self._count(each, day)
            self.note(ContributionKind.EVENT, each.points, at, each, event_id, type, day)
        return fast_track

    def _count(self, each: RulePlan, day: int) -> None:
        """Count an event of a rule that moves."""
        by_day = self.counts.setdefault(each.number, {})
        by_day[day] = by_day.get(day, 0) + 1
        summed_on, total = self._sums.get(each.number, (-1, 0))
        if summed_on == day:
            self._sums[each.number] = day, total + each.points
        self._moved_on = -1


def limited(value: int, least: int | None, most: int | None) -> int:
    """Return millionths kept between two numbers of points."""
    if most is not None and value > most * POINT:
        value = most * POINT
    return least * POINT if least is not None and value < least * POINT else value
