"""The score over time: each rise and fall with its causes, and how it goes on if nothing happens (S-5, math.md B23).

The curve follows the same walk a replay takes, by one version of the rules for the whole history (D-46).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from scoring.enums import ContributionKind, Counting, EffectKind
from scoring.facts import KNOWN, Curve, Effect, ModelFacts, Moment, Shift
from scoring.policies.decay import POINT, to_points
from scoring.policies.plan import PARTS, GroupPlan, RulePlan
from scoring.policies.score import LOOK_AHEAD, next_change
from scoring.policies.walk import NEVER, Walk, limited
from scoring.policies.zones import Zones

AGEING = frozenset({EffectKind.FADE, EffectKind.CAP, EffectKind.FLOOR, EffectKind.CEILING})


def get_curve(
    moments: Iterable[Moment], *, model: ModelFacts, zones: Zones, as_of: datetime, ahead_days: int = 0
) -> Curve:
    """Return how a score came to be what it is as of a moment.

    `ahead_days` asks for how it goes on; the next fall is looked for beyond them.
    """
    trace = _Trace(Walk(model, zones))
    past = [moment for moment in sorted(moments) if moment[0] <= as_of]
    today = zones.day(as_of)
    trace.begin(zones.day(past[0][0]) if past else today)
    begin = to_points(trace.stands.value)
    for moment in past:
        trace.take(moment)
    trace.reach(today)
    shifts, trace.shifts = trace.shifts, []
    trace.go_on(today + ahead_days)
    start = zones.start(today + ahead_days + 1)
    return Curve(
        begin=begin,
        shifts=tuple(shifts),
        ahead=tuple(shift for shift in trace.shifts if shift.at < start),
        next_fall=next((shift for shift in trace.shifts if shift.after < shift.before), None),
    )


def get_spells(shifts: Iterable[Shift]) -> list[Shift]:
    """Return the shifts with those one after another that are nothing but ageing taken together."""
    spells: list[Shift] = []
    for shift in shifts:
        last = spells[-1] if spells else None
        if last and _ages(last) and _ages(shift) and (last.after < last.before) == (shift.after < shift.before):
            effects = _sum([*last.effects, *shift.effects])
            spells[-1] = Shift(last.at, last.before, shift.after, effects, until=shift.at)
        else:
            spells.append(shift)
    return spells


def _ages(shift: Shift) -> bool:
    kinds = {effect.kind for effect in shift.effects}
    return EffectKind.FADE in kinds and kinds <= AGEING


def _sum(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    sums: dict[tuple[EffectKind, str, str, str], int] = {}
    for effect in effects:
        key = (effect.kind, effect.part, effect.rule, effect.name)
        sums[key] = sums.get(key, 0) + round(effect.points * POINT)
    return tuple(
        Effect(kind, to_points(points), part, rule, name) for (kind, part, rule, name), points in sums.items() if points
    )


class _Stand(NamedTuple):
    """What a score is made of on a day, in millionths; the rules and groups are those that move."""

    value: int
    lost: int
    rules: tuple[int, ...]
    rule_cuts: tuple[int, ...]
    group_cuts: tuple[int, ...]
    lift: int  # up to the lowest score
    cut: int  # down to the highest


class _Trace:
    """A walk that notes what changed whenever the score does."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.movers = [(group, each) for group in walk.plan.moving for each in group.rules]
        self.day = 0
        self.stands: _Stand
        self.shifts: list[Shift] = []

    def begin(self, day: int) -> None:
        """Start on the local day of the first moment."""
        self.day, self.stands = day, self._stand(day)

    def take(self, moment: Moment) -> None:
        """Let a moment happen, after what fell due before its local day."""
        walk = self.walk
        day = walk.zones.day(moment[0])
        self.reach(day)
        noted = len(walk.ledger)
        walk.take(*moment)
        entries = walk.ledger[noted:]
        if not entries and moment[2] != KNOWN and moment[2] not in walk.plan.watched:
            return  # it changes nothing, as most moments of a busy lead do
        now = self._stand(day)
        earned = [
            _effect(EffectKind.EVENT, entry.points, entry.rule, event=(entry.event_id, entry.type))
            for entry in entries
            if entry.kind is ContributionKind.EVENT
        ]
        self._note(moment[0], now, [*earned, *self._flips(now)])

    def reach(self, day: int) -> None:
        """Pass every midnight up to and including a local day's at which the score can change."""
        while self.day < day:
            self.day = min(day, next_change(self.walk, self.day))
            self._pass(self.day)

    def go_on(self, until: int) -> None:
        """Pass the midnights ahead up to a day, and on to the first fall."""
        for _ in range(LOOK_AHEAD):
            day = next_change(self.walk, self.day)
            if day == NEVER or (day > until and any(shift.after < shift.before for shift in self.shifts)):
                return
            self.day = day
            self._pass(day)

    def _pass(self, day: int) -> None:
        self.walk.reach(day)
        now, before = self._stand(day), self.stands
        silence = before.lost - now.lost
        effects = [_effect(EffectKind.INACTIVITY, silence)] if silence else []
        for (_, each), was, left in zip(self.movers, before.rules, now.rules, strict=True):
            if was != left and each.rule.counting is not Counting.WHILE:
                effects.append(_effect(EffectKind.FADE, left - was, each))
        effects += self._flips(now)
        self._note(self.walk.zones.start(day), now, effects, silence=silence)

    def _flips(self, now: _Stand) -> Iterator[Effect]:
        """Give the rules whose conditions began, or ceased, to hold."""
        for (_, each), was, brings in zip(self.movers, self.stands.rules, now.rules, strict=True):
            if was != brings and each.rule.counting is Counting.WHILE:
                yield _effect(EffectKind.BEGAN if brings else EffectKind.ENDED, brings - was, each)

    def _note(self, at: datetime, now: _Stand, effects: list[Effect], *, silence: int = 0) -> None:
        before, self.stands = self.stands, now
        if now.value == before.value:
            return
        effects += self._limits(before, now)
        # What silence took beyond the points there were is forgiven when it ends: the lift to the lowest score goes too.
        forgiven = before.lost - now.lost - silence
        if lift := now.lift - before.lift + forgiven:
            effects.append(_effect(EffectKind.FLOOR, lift))
        if cut := now.cut - before.cut:
            effects.append(_effect(EffectKind.CEILING, cut))
        self.shifts.append(Shift(at, to_points(before.value), to_points(now.value), tuple(effects)))

    def _limits(self, before: _Stand, now: _Stand) -> Iterator[Effect]:
        for (_, each), was, cut in zip(self.movers, before.rule_cuts, now.rule_cuts, strict=True):
            if was != cut:
                yield _effect(EffectKind.CAP, cut - was, each)
        for group, was, cut in zip(self.walk.plan.moving, before.group_cuts, now.group_cuts, strict=True):
            if was != cut:
                yield _effect(EffectKind.CAP, cut - was, group.rules[-1], name=group.group.name if group.group else "")

    def _stand(self, day: int) -> _Stand:
        walk, model = self.walk, self.walk.model
        rules = tuple(walk.unlimited(each, day) for _, each in self.movers)
        brought = tuple(
            limited(points, each.rule.least, each.rule.most)
            for (_, each), points in zip(self.movers, rules, strict=True)
        )
        groups = list(_by_group(walk.plan.moving, brought))
        kept = [
            total if group.group is None else limited(total, group.group.least, group.group.most)
            for group, total in zip(walk.plan.moving, groups, strict=True)
        ]
        stands = walk.steady + sum(kept) - walk.lost
        value = walk.value(day)
        floor, ceiling = model.floor * POINT, model.ceiling
        return _Stand(
            value=value,
            lost=walk.lost,
            rules=rules,
            rule_cuts=tuple(one - other for one, other in zip(brought, rules, strict=True)),
            group_cuts=tuple(one - other for one, other in zip(kept, groups, strict=True)),
            lift=max(0, floor - stands),
            cut=min(0, ceiling * POINT - max(stands, floor)) if ceiling is not None else 0,
        )


def _by_group(groups: Iterable[GroupPlan], brought: tuple[int, ...]) -> Iterator[int]:
    start = 0
    for group in groups:
        yield sum(brought[start : start + len(group.rules)])
        start += len(group.rules)


def _effect(
    kind: EffectKind, points: int, each: RulePlan | None = None, *, event: tuple[int, str] = (0, ""), name: str = ""
) -> Effect:
    return Effect(
        kind=kind,
        points=to_points(points),
        part=PARTS[each.part] if each else "",
        rule=each.rule.code if each else "",
        name=name or (each.rule.name if each else ""),
        event_id=event[0] or None,
        event_type=event[1],
    )
