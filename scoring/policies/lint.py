"""What rules say that nobody can have meant (math.md B23: "double punishment" and its like)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import product

from crm.lib.values import Refusal
from scoring.enums import Counting, DecayKind, Operator, ScorePart
from scoring.facts import Condition, Decay, EventCondition, ModelFacts, RuleFacts
from scoring.policies.asking import SEVERAL, as_number, values_of
from scoring.policies.conditions import NEGATIVE, PROPERTY, hold, of_events, of_fields

# With one of these the rules cannot be published; the others are told and may be meant.
BLOCKING = frozenset({"fades_twice", "matches_nobody", "out_of_reach"})
WITHOUT_END = float("inf")


def lint(model: ModelFacts) -> list[Refusal]:
    """Return what is odd about the rules, what keeps them from being published first; `name` says where."""
    found = [*_fades_twice(model), *_out_of_reach(model), *_grades(model), *_never_again(model), *_same(model.rules)]
    for rule in model.rules:
        found += _odd(rule)
    return sorted(found, key=lambda each: each.code not in BLOCKING)


def blocks(model: ModelFacts) -> list[Refusal]:
    """Return what keeps the rules from being published."""
    return [each for each in lint(model) if each.code in BLOCKING]


def most_points(model: ModelFacts) -> float:
    """Return the highest score the rules can give; infinite where some rule counts again and again."""
    by_group: defaultdict[str, list[float]] = defaultdict(list)
    for number, rule in enumerate(model.rules):
        by_group[rule.group or f"={number}"].append(_most_of(rule))
    tops = {group.code: group.most for group in model.groups}
    found = 0.0
    for code, brought in by_group.items():
        top = tops.get(code)
        found += sum(brought) if top is None else min(sum(brought), top)
    return found if model.ceiling is None else min(found, model.ceiling)


def _most_of(rule: RuleFacts) -> float:
    once = max(rule.points, 0)
    most = WITHOUT_END if once and rule.counting is Counting.EACH else once
    if _contradicts(rule):
        most = 0
    most = max(most, rule.least or 0)
    return most if rule.most is None else min(most, rule.most)


def _fades_twice(model: ModelFacts) -> Iterable[Refusal]:
    if model.fades_twice or not model.inactivity_points:
        return
    groups = {group.code: group for group in model.groups}
    told = set()
    for rule in model.rules:
        group = groups.get(rule.group)
        decay = rule.decay or (group.decay if group else None)
        if rule.part is ScorePart.FIT or rule.counting is Counting.WHILE or not _fades(decay):
            continue
        code, name = (group.code, group.name) if group and rule.decay is None else (rule.code, rule.name)
        if code not in told:
            told.add(code)
            yield Refusal.of("fades_twice", field=f"{code}-decay_kind", name=name)


def _fades(decay: Decay | None) -> bool:
    return decay is not None and decay.kind is not DecayKind.NONE


def _out_of_reach(model: ModelFacts) -> Iterable[Refusal]:
    most = most_points(model)
    if most < model.threshold and not any(rule.fast_track for rule in model.rules):
        yield Refusal.of("out_of_reach", field="threshold", most=int(most), threshold=model.threshold)


def _grades(model: ModelFacts) -> Iterable[Refusal]:
    if model.fit_limits and model.fit_limits[0] > 0 and not any(r.part is ScorePart.FIT for r in model.rules):
        yield Refusal.of("grade_without_fit", field="fit_limits")


def _never_again(model: ModelFacts) -> Iterable[Refusal]:
    if model.floor > model.rearm_at:
        yield Refusal.of("never_again", field="rearm_margin", floor=model.floor, rearm=model.rearm_at)


def _same(rules: Sequence[RuleFacts]) -> Iterable[Refusal]:
    seen: dict[object, RuleFacts] = {}
    for rule in rules:
        said = (rule.counting, rule.event_types, rule.conditions)
        if other := seen.get(repr(said)):
            yield Refusal.of("says_the_same", field=f"{rule.code}-name", name=rule.name, other=other.name)
        seen[repr(said)] = rule


def _odd(rule: RuleFacts) -> Iterable[Refusal]:
    where = {"field": f"{rule.code}-points", "name": rule.name}
    if _contradicts(rule):
        yield Refusal.of("matches_nobody", **{**where, "field": f"{rule.code}-conditions"})
    elif rule.counting is Counting.WHILE and _holds_for_strangers(rule):
        yield Refusal.of("matches_everybody", **{**where, "field": f"{rule.code}-conditions"})
    if not rule.points and not rule.fast_track:
        yield Refusal.of("gives_nothing", **where)
    endless = rule.counting is Counting.EACH and not rule.cap_count and rule.points > 0
    if endless and rule.most is None and not rule.group:
        yield Refusal.of("counts_without_end", **{**where, "field": f"{rule.code}-cap_count"})


def _holds_for_strangers(rule: RuleFacts) -> bool:
    """Return whether a lead of whom next to nothing is known meets a rule."""
    did_nothing = all(each.times == 0 for each in of_events(rule.conditions))
    return did_nothing and hold(of_fields(rule.conditions), known={"lead.channel": "inbound"}, properties={})


def _contradicts(rule: RuleFacts) -> bool:
    by_field: defaultdict[str, list[Condition]] = defaultdict(list)
    for each in of_fields(rule.conditions):
        by_field[each.field].append(each)
    if any(len(asked) > 1 and not _can_hold(name, asked) for name, asked in by_field.items()):
        return True
    did = [each for each in of_events(rule.conditions) if each.times]
    if rule.counting is not Counting.WHILE:  # what gives the points has happened that very day
        given = (each for each in of_fields(rule.conditions) if each.field.startswith(PROPERTY))
        did += [EventCondition(rule.event_types, 1, 1, where) for where in (None, *given)]
    did_not = [each for each in of_events(rule.conditions) if not each.times]
    return any(_rules_out(none, some) for none, some in product(did_not, did))


def _rules_out(none: EventCondition, some: EventCondition) -> bool:
    """Return whether what is not to have happened takes in what is to have."""
    is_as_long = not none.days or 0 < some.days <= none.days
    return none.types >= some.types and is_as_long and none.where in (None, some.where)


def _can_hold(name: str, asked: Collection[Condition]) -> bool:
    """Return whether some value of a field meets all that is asked of it."""
    if _holds(name, asked, None):
        return True
    if any(each.operator is Operator.UNKNOWN for each in asked):
        return False
    positive = [value for each in asked if each.operator not in NEGATIVE for value in values_of(each)]
    if name in SEVERAL:  # a list with all of them is as much as can be asked for
        return _holds(name, asked, positive or ["="])
    named = [value for each in asked if each.operator in (Operator.IS, Operator.IN) for value in values_of(each)]
    if named:
        return any(_holds(name, asked, value) for value in named)
    bounds = [as_number(value) for each in asked if each.operator in BOUNDS for value in values_of(each)]
    if bounds:
        return any(_holds(name, asked, bound) for bound in bounds if bound is not None)
    starts = [str(v) for each in asked if each.operator is Operator.STARTS_WITH for v in values_of(each)]
    longest = max(starts, key=len, default="")
    return _holds(name, asked, longest + "".join(f" {value}" for value in positive) + " =")


BOUNDS = frozenset({Operator.AT_LEAST, Operator.AT_MOST})


def _holds(name: str, asked: Collection[Condition], value: object) -> bool:
    known = {} if value is None else {name: value}
    in_event = name.startswith(PROPERTY)
    properties = {name.removeprefix(PROPERTY): value} if in_event and value is not None else {}
    return hold(asked, known={} if in_event else known, properties=properties)
