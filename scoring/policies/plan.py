"""A model made ready for replaying: which rules an event meets, what fades, which limits hold where (math.md B23)."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from scoring.enums import Counting, ScorePart
from scoring.facts import Condition, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.policies.conditions import PROPERTY, of_events, of_fields
from scoring.policies.decay import Fade, get_fade

PARTS = tuple(ScorePart)
EVER = 10**9  # more days than there are


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """How often something is to have happened: `times` of it in `days` local days, or with `is_never` not once."""

    where: tuple[Condition, ...]
    times: int
    days: int
    is_never: bool


@dataclass(frozen=True, slots=True, eq=False)
class RulePlan:
    """A rule; `is_steady` where what it gave once stands for good, so that it need not be summed again."""

    number: int
    rule: RuleFacts
    part: int
    fade: Fade
    fields: tuple[Condition, ...]
    happened: tuple[Watch, ...]
    is_steady: bool
    cap_count: int
    cap_days: int

    @property
    def points(self) -> int:
        """Return what an event brings at once, in millionths."""
        return self.fade.left[0]


@dataclass(frozen=True, slots=True, eq=False)
class GroupPlan:
    """Rules whose sum has limits, or that fade, or that hold for a while."""

    group: GroupFacts | None
    part: int
    rules: tuple[RulePlan, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All a walk needs of a model. `watched` says by type who asks how often it happened lately, `read` of which types
    more is asked for than that they happened.
    """

    rules: tuple[RulePlan, ...]
    by_type: dict[str, tuple[RulePlan, ...]]
    moving: tuple[GroupPlan, ...]
    whiles: tuple[RulePlan, ...]
    watched: dict[str, tuple[Watch, ...]]
    read: frozenset[str]
    reads_known: bool
    reads_properties: bool


@lru_cache(maxsize=32)
def get_plan(model: ModelFacts) -> Plan:
    """Return a model's plan."""
    groups = {group.code: group for group in model.groups}
    rules = tuple(_rule(number, rule, groups.get(rule.group)) for number, rule in enumerate(model.rules))
    by_type: defaultdict[str, list[RulePlan]] = defaultdict(list)
    for each in rules:
        if each.rule.counting is not Counting.WHILE:
            for event_type in each.rule.event_types:
                by_type[event_type].append(each)
    watched: defaultdict[str, list[Watch]] = defaultdict(list)
    for each in rules:
        for condition, watch in zip(of_events(each.rule.conditions), each.happened, strict=True):
            for event_type in condition.types:
                watched[event_type].append(watch)
    conditions = [condition for each in rules for condition in each.fields]
    return Plan(
        rules=rules,
        by_type={event_type: tuple(found) for event_type, found in by_type.items()},
        moving=_moving(rules, groups),
        whiles=tuple(each for each in rules if each.rule.counting is Counting.WHILE),
        watched={event_type: tuple(found) for event_type, found in watched.items()},
        read=frozenset({*by_type, *watched}),
        reads_known=any(not condition.field.startswith(PROPERTY) for condition in conditions),
        reads_properties=any(condition.field.startswith(PROPERTY) for condition in conditions)
        or any(watch.where for watches in watched.values() for watch in watches),
    )


def _rule(number: int, rule: RuleFacts, group: GroupFacts | None) -> RulePlan:
    part = group.part if group else rule.part
    decay = rule.decay or (group.decay if group else None)
    # What somebody is does not fade, nor does what holds for a while.
    fade = get_fade(rule.points, None if part is ScorePart.FIT or rule.counting is Counting.WHILE else decay)
    limits = (rule.least, rule.most, group.least if group else None, group.most if group else None)
    is_first = rule.counting is Counting.FIRST
    return RulePlan(
        number=number,
        rule=rule,
        part=PARTS.index(part),
        fade=fade,
        fields=of_fields(rule.conditions),
        happened=tuple(map(_watch, of_events(rule.conditions))),
        is_steady=len(fade.left) == 1 and rule.counting is not Counting.WHILE and limits == (None,) * 4,
        cap_count=1 if is_first else rule.cap_count,
        cap_days=EVER if is_first else rule.cap_days,
    )


def _watch(condition: EventCondition) -> Watch:
    where = () if condition.where is None else (condition.where,)
    return Watch(where, max(condition.times, 1), condition.days or EVER, is_never=condition.times == 0)


def _moving(rules: tuple[RulePlan, ...], groups: dict[str, GroupFacts]) -> tuple[GroupPlan, ...]:
    """Return groups in which anything moves; a rule without a group is one by itself."""
    found: defaultdict[str, list[RulePlan]] = defaultdict(list)
    for each in rules:
        if not each.is_steady:
            found[each.rule.group or f"={each.number}"].append(each)
    return tuple(GroupPlan(groups.get(code), members[0].part, tuple(members)) for code, members in found.items())
