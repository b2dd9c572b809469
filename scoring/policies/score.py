"""The score as a pure function of what happened, the rules and the moment (math.md B23, D-26, D-47).

Nothing is ever decremented: a score is replayed from the lead's moments. Hence a job that runs late, twice
or half-way changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from scoring.enums import ContributionKind, ScorePart
from scoring.facts import Contribution, ModelFacts, Moment, RuleFacts, Score, Step
from scoring.policies.zones import Zones

SAME_PAGE = timedelta(minutes=30)
NEVER = 10**9  # a local day that never comes


def replay(
    moments: Iterable[Moment], *, model: ModelFacts, zones: Zones, as_of: datetime, explain: bool = True
) -> Score:
    """Return the score as of a moment, with every point traced when `explain`.

    Order and number of calls do not matter, nor does the order of `moments`; each is to be given once.
    """
    walk = Walk(model, zones, explain=explain)
    upcoming: datetime | None = None
    for moment in sorted(moments):
        if moment[0] > as_of:
            upcoming = moment[0]
            break
        walk.take(*moment)
    walk.reach(zones.day(as_of))
    return walk.score(as_of, upcoming)


class _Entry(NamedTuple):
    kind: ContributionKind
    points: int
    at: datetime | int  # a local day for what falls at midnight
    rule: RuleFacts | None = None
    event_id: int = 0
    type: str = ""


class Walk:
    """One replay under way. `base` is what was earned, `lost` what silence has taken of it (D in D-26).

    Steps that can neither cross the threshold nor arm a lead again are not kept; most are not.
    """

    __slots__ = (
        "_by_type", "_counted", "_explain", "_floor", "_ledger", "_pages", "_parts", "_rearm_at", "_silent",
        "_threshold", "_uncounted", "base", "last", "lost", "model", "steps", "tick", "zones",
    )  # fmt: skip

    def __init__(self, model: ModelFacts, zones: Zones, *, explain: bool = True) -> None:
        self.model, self.zones, self._explain = model, zones, explain
        self._floor, self._silent = model.floor, model.silent_types
        self._threshold, self._rearm_at = model.threshold, model.rearm_at
        self.base = self.lost = 0
        self.tick = NEVER
        self.last: datetime | None = None
        self.steps: list[Step] = []
        self._by_type = _rules_by_type(model.rules)
        self._counted: dict[str, list[int]] = {}
        self._pages: dict[tuple[str, str], datetime] = {}
        self._parts: dict[ScorePart, int] = {}
        self._uncounted: Counter[str] = Counter()
        self._ledger: list[_Entry] = []

    @property
    def value(self) -> int:
        """Return the score as it stands."""
        return max(self._floor, self.base - self.lost)

    def take(self, at: datetime, key: str, type: str, event_id: int, url: str = "") -> None:
        """Let a moment happen: what fell due before its local day, then the end of silence, then points."""
        day = self.zones.day(at)
        if day >= self.tick:
            self.reach(day)
        if (before := self.base - self.lost) < self._floor:
            before = self._floor
        if type not in self._silent:
            self._end_silence(at, day)
        if rules := self._by_type.get(type):
            self._earn(rules, at, day, type, event_id, url)
        if event_id:
            after = self.base - self.lost
            if before <= self._rearm_at or before < self._threshold <= after:
                self.steps.append(Step(at, event_id, before, max(self._floor, after)))

    def reach(self, day: int) -> None:
        """Apply the ticks at 00:00 of every local day up to and including `day`."""
        days = self.model.inactivity_days
        while self.tick <= day:
            fall = min(self.model.inactivity_points, self.base - self.lost - self._floor)
            if fall > 0:
                self._note(ContributionKind.INACTIVITY, -fall, self.tick)
                self.lost += fall
                self.tick += days
            else:  # nothing left to take: on to the first tick that lies ahead
                self.tick += days * ((day - self.tick) // days + 1)

    def score(self, as_of: datetime, upcoming: datetime | None) -> Score:
        """Return where the walk has come to; `upcoming` is the next moment already known to lie ahead."""
        inactivity = self.value - self.base
        falls_at, falls_to = self._next_fall()
        next_change_at = min((moment for moment in (falls_at, upcoming) if moment), default=None)
        return Score(
            score=self.value,
            fit=self._parts.get(ScorePart.FIT, 0),
            behaviour=self._parts.get(ScorePart.BEHAVIOUR, 0),
            engagement=self._parts.get(ScorePart.ENGAGEMENT, 0),
            inactivity=inactivity,
            last_activity_at=self.last,
            next_change_at=next_change_at,
            next_score=falls_to if next_change_at == falls_at else None,
            steps=tuple(self.steps),
            contributions=self._contributions(as_of) if self._explain else (),
        )

    def _end_silence(self, at: datetime, day: int) -> None:
        spare = self.lost - self.base + self._floor
        if spare > 0:  # the base fell below what silence had taken: points count from the lowest score again
            self._note(ContributionKind.FLOOR, spare, at)
            self.lost -= spare
        self.last, self.tick = at, day + self.model.inactivity_days

    def _earn(self, rules: list[RuleFacts], at: datetime, day: int, type: str, event_id: int, url: str) -> None:
        if url:
            seen = self._pages.get((type, url))
            if seen is not None and at - seen <= SAME_PAGE:
                self._uncounted.update(rule.code for rule in rules)
                return
            self._pages[type, url] = at
        for rule in rules:
            counted = self._counted.setdefault(rule.code, [])
            cap = rule.cap_count
            if cap and len(counted) >= cap and counted[-cap] > day - rule.cap_days:
                self._uncounted[rule.code] += 1
                continue
            counted.append(day)
            self.base += rule.points
            self._parts[rule.part] = self._parts.get(rule.part, 0) + rule.points
            self._note(ContributionKind.EVENT, rule.points, at, rule, event_id, type)

    def _note(self, *entry: Any) -> None:
        if self._explain:
            self._ledger.append(_Entry(*entry))

    def _next_fall(self) -> tuple[datetime | None, int | None]:
        fall = min(self.model.inactivity_points, self.base - self.lost - self.model.floor)
        if self.tick == NEVER or fall <= 0:
            return None, None
        return self.zones.start(self.tick), self.value - fall

    def _contributions(self, as_of: datetime) -> tuple[Contribution, ...]:
        entries = list(self._ledger)
        if missing := self.value - (self.base - self.lost):
            entries.append(_Entry(ContributionKind.FLOOR, missing, as_of))
        last = {entry.rule.code: number for number, entry in enumerate(entries) if entry.rule}
        return tuple(
            Contribution(
                kind=entry.kind,
                part=entry.rule.part if entry.rule else ContributionKind.INACTIVITY,
                points=entry.points,
                at=entry.at if isinstance(entry.at, datetime) else self.zones.start(entry.at),
                rule=entry.rule.code if entry.rule else "",
                name=entry.rule.name if entry.rule else "",
                event_id=entry.event_id or None,
                event_type=entry.type,
                uncounted=self._uncounted[entry.rule.code] if entry.rule and last[entry.rule.code] == number else 0,
            )
            for number, entry in enumerate(entries)
        )


@lru_cache(maxsize=32)
def _rules_by_type(rules: tuple[RuleFacts, ...]) -> dict[str, list[RuleFacts]]:
    by_type: defaultdict[str, list[RuleFacts]] = defaultdict(list)
    for rule in rules:
        for event_type in rule.event_types:
            by_type[event_type].append(rule)
    return dict(by_type)
