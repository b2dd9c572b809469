"""The replay of rules that do nothing but count, in whole numbers: most installations' rules, for a million leads.

It gives what `replay` gives, or nothing where `replay` is to be asked: where rules fade, have limits, hold for a while or
ask for conditions, and for a lead that goes over the threshold.
"""

from bisect import bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

from scoring.enums import InactivityMode
from scoring.facts import KNOWN, ModelFacts, Score
from scoring.policies.decay import POINT, to_points
from scoring.policies.past import EPOCH, MICROSECOND, SAME_PAGE_FOR, Past, get_codes
from scoring.policies.plan import RulePlan, get_plan
from scoring.policies.walk import NEVER
from scoring.policies.zones import Zones

DAY = timedelta(days=1) // MICROSECOND
LEEWAY = 3  # days by which a midnight can come earlier, where zones or days of other lengths lie between
LONG_AGO, HIGHEST = -(10**18), 10**18


class _Rule(NamedTuple):
    number: int
    points: int
    part: int
    cap_count: int
    cap_days: int


class _Type(NamedTuple):
    ends_silence: bool
    rules: tuple[_Rule, ...]


def only_counts(model: ModelFacts) -> bool:
    """Return whether rules do nothing but count, so that a `Tally` can."""
    plan = get_plan(model)
    return not plan.moving and not any(each.fields or each.happened or each.rule.fast_track for each in plan.rules)


class Tally:
    """Counts one past after the other, by one model as of one moment.

    `_net` is what was earned less what silence took, `_tick` the local day on which it takes again where that is not
    told by what ended it last.
    """

    def __init__(self, model: ModelFacts, zones: Zones, as_of: datetime) -> None:
        self._zones, self._today, self._now = zones, zones.day(as_of), (as_of - EPOCH) // MICROSECOND
        self._floor, self._threshold = model.floor * POINT, model.threshold * POINT
        self._ceiling = HIGHEST if model.ceiling is None else model.ceiling * POINT
        self._fall, self._days = model.inactivity_points * POINT, model.inactivity_days
        self._falls_once = model.inactivity_mode is InactivityMode.ONCE
        self._types = _types(model)
        self._begin()

    def _begin(self) -> None:
        self._net, self._parts = 0, [0, 0, 0]
        self._tick: int | None = None
        self._counted: dict[int, list[int]] = {}
        self._pages: dict[tuple[int, str], int] = {}

    def count(self, past: Past) -> Score | None:
        """Return the score of a past by time, without what explains it; None where it went over the threshold."""
        self._begin()
        types, codes, instants = self._types, past.codes, past.instants
        until = bisect_right(instants, self._now)
        margin, woke = (self._days - LEEWAY) * DAY, False
        last: int | None = None
        for place in range(until):
            ends_silence, rules = types[codes[place]]
            if not ends_silence and not rules:
                continue
            at = instants[place]
            if last is not None and at - last >= margin:
                self._reach(last, self._zones.day_at(at))
            if ends_silence:
                last, self._tick, woke = at, None, True
            if rules:
                if self._earn(rules, at, place, past, woke=woke):
                    return None
                woke = False
        if last is not None and self._now - last >= margin:
            self._reach(last, self._today)
        return self._score(last, instants[until] if until < len(instants) else None)

    def _earn(self, rules: tuple[_Rule, ...], at: int, place: int, past: Past, *, woke: bool) -> bool:
        """Count an event for its rules; return whether that took the lead over the threshold."""
        if woke:  # points count from the lowest score again
            self._net = max(self._net, self._floor)
        if past.urls and (url := past.urls[place]):
            page = past.codes[place], url
            if at - self._pages.get(page, LONG_AGO) <= SAME_PAGE_FOR:
                return False
            self._pages[page] = at
        before, day = self._value(), self._zones.day_at(at)
        for number, points, part, cap_count, cap_days in rules:
            days = self._counted.setdefault(number, [])
            if not cap_count or len(days) < cap_count or days[-cap_count] <= day - cap_days:
                days.append(day)
                self._net += points
                self._parts[part] += points
        return before < self._threshold <= self._value()

    def _value(self) -> int:
        return max(self._floor, min(self._ceiling, self._net))

    def _reach(self, last: int, day: int) -> None:
        """Let silence take what it does up to a local day; `last` is what ended it last."""
        tick = self._tick or self._zones.day_at(last) + self._days
        while tick <= day:
            fall = min(self._fall, self._net - self._floor)
            if fall > 0:
                self._net -= fall
            if self._falls_once:
                tick = NEVER
            else:
                tick += self._days if fall > 0 else self._days * ((day - tick) // self._days + 1)
        self._tick = tick

    def _score(self, last: int | None, upcoming: int | None) -> Score:
        changes_at = self._changes_at(last)
        if upcoming is not None and (changes_at is None or _moment(upcoming) < changes_at):
            changes_at = _moment(upcoming)
        value, parts = self._value(), self._parts
        return Score(
            score=to_points(value),
            fit=to_points(parts[0]),
            behaviour=to_points(parts[1]),
            engagement=to_points(parts[2]),
            inactivity=to_points(value - sum(parts)),
            last_activity_at=None if last is None else _moment(last),
            next_change_at=changes_at,
            next_score=None,
            steps=(),
            contributions=(),
        )

    def _changes_at(self, last: int | None) -> datetime | None:
        if last is None or self._net <= self._floor or self._fall <= 0:
            return None
        day = self._tick or self._zones.day_at(last) + self._days
        return None if day == NEVER else self._zones.start(day)


def _types(model: ModelFacts) -> list[_Type]:
    by_type, silent = get_plan(model).by_type, model.silent_types | {KNOWN}
    return [_Type(name not in silent, tuple(map(_rule, by_type.get(name, ())))) for name in get_codes(model)]


def _rule(each: RulePlan) -> _Rule:
    return _Rule(each.number, each.points, each.part, each.cap_count, each.cap_days)


def _moment(instant: int) -> datetime:
    return EPOCH + instant * MICROSECOND
