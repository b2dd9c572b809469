"""What one rule may say: what it counts, how often, and on which conditions (S-3)."""

from collections.abc import Collection

from crm.lib.values import Refusal
from scoring.enums import Counting, DecayKind, FieldKind, ScorePart
from scoring.facts import Condition, EventCondition, RuleFacts
from scoring.policies.asking import OPERATORS, WITH_LIST, WITH_NUMBER, WITHOUT_VALUE, as_number, kind_of, values_of
from scoring.policies.conditions import PROPERTY

MOST_POINTS, MOST_TIMES, MOST_DAYS = 100, 100, 365
MOST_CONDITIONS, MOST_VALUES, LONGEST_VALUE, MOST_TYPES = 20, 50, 200, 50


def of_rule(rule: RuleFacts, *, known_types: Collection[str] | None) -> list[Refusal]:
    """Return what is wrong with a rule; `known_types` are the types of events there are."""
    found = [*_numbers(rule), *_counting(rule)]
    if len(rule.conditions) > MOST_CONDITIONS:
        found.append(Refusal.of("too_many", field=f"{rule.code}-conditions", most=MOST_CONDITIONS))
    found += _types(f"{rule.code}-event_types", rule.event_types, known_types)
    for number, each in enumerate(rule.conditions):
        field = f"{rule.code}-conditions-{number}"
        if isinstance(each, EventCondition):
            found += _happened(field, each, known_types)
        else:
            found += _condition(field, each, holds_for_a_while=rule.counting is Counting.WHILE)
    return found


def _numbers(rule: RuleFacts) -> list[Refusal]:
    found = []
    if not -MOST_POINTS <= rule.points <= MOST_POINTS:
        words = {"lowest": -MOST_POINTS, "highest": MOST_POINTS}
        found.append(Refusal.of("points_out_of_range", field=f"{rule.code}-points", **words))
    if not 0 <= rule.cap_count <= MOST_TIMES:
        found.append(Refusal.of("cap_out_of_range", field=f"{rule.code}-cap_count", highest=MOST_TIMES))
    if not 1 <= rule.cap_days <= MOST_DAYS:
        found.append(Refusal.of("days_out_of_range", field=f"{rule.code}-cap_days", highest=MOST_DAYS))
    return found


def _counting(rule: RuleFacts) -> list[Refusal]:
    """Return what does not go together with what the rule gives points for."""
    if rule.counting is not Counting.WHILE:
        return [] if rule.event_types else [Refusal.of("events_needed", field=f"{rule.code}-event_types")]
    found = []
    if rule.event_types:
        found.append(Refusal.of("no_events_while", field=f"{rule.code}-event_types"))
    if not rule.conditions:
        found.append(Refusal.of("condition_needed", field=f"{rule.code}-conditions"))
    if rule.fast_track:
        found.append(Refusal.of("fast_track_needs_event", field=f"{rule.code}-fast_track"))
    fades = rule.decay is not None and rule.decay.kind is not DecayKind.NONE
    if fades and rule.part is not ScorePart.FIT:
        found.append(Refusal.of("while_never_fades", field=f"{rule.code}-decay_kind"))
    return found


def _types(field: str, types: Collection[str], known: Collection[str] | None) -> list[Refusal]:
    if len(types) > MOST_TYPES:
        return [Refusal.of("too_many", field=field, most=MOST_TYPES)]
    unknown = sorted(set(types) - set(known)) if known is not None else []
    return [Refusal.of("unknown_type", field=field, type=each[:LONGEST_VALUE]) for each in unknown[:1]]


def _happened(field: str, each: EventCondition, known: Collection[str] | None) -> list[Refusal]:
    if not each.types:
        return [Refusal.of("events_needed", field=field)]
    found = _types(field, each.types, known)
    if not 0 <= each.times <= MOST_TIMES:
        found.append(Refusal.of("times_out_of_range", field=field, highest=MOST_TIMES))
    if not 0 <= each.days <= MOST_DAYS:
        found.append(Refusal.of("lately_out_of_range", field=field, highest=MOST_DAYS))
    if each.where is None:
        return found
    if not each.where.field.startswith(PROPERTY):
        return [*found, Refusal.of("only_a_property", field=field)]
    return found + _condition(field, each.where, holds_for_a_while=False)


def _condition(field: str, each: Condition, *, holds_for_a_while: bool) -> list[Refusal]:
    kind, values = kind_of(each.field), values_of(each)
    if kind is None or "\x00" in each.field:
        return [Refusal.of("unknown_field", field=field, asked=each.field.replace("\x00", "")[:LONGEST_VALUE])]
    if holds_for_a_while and each.field.startswith(PROPERTY):
        return [Refusal.of("property_needs_event", field=field)]
    if each.operator not in OPERATORS[kind]:
        return [Refusal.of("operator_does_not_fit", field=field)]
    if each.operator in WITHOUT_VALUE:
        return [Refusal.of("no_value_here", field=field)] if values else []
    return _values(field, each, kind, values)


def _values(field: str, each: Condition, kind: FieldKind, values: tuple[object, ...]) -> list[Refusal]:
    if not values or any(isinstance(value, str) and not value.strip() for value in values):
        return [Refusal.of("value_needed", field=field)]
    if len(values) > (MOST_VALUES if each.operator in WITH_LIST else 1):
        return [Refusal.of("too_many", field=field, most=MOST_VALUES if each.operator in WITH_LIST else 1)]
    if any(len(str(value)) > LONGEST_VALUE or "\x00" in str(value) for value in values):
        return [Refusal.of("value_too_long", field=field, longest=LONGEST_VALUE)]
    needs_number = kind is FieldKind.NUMBER or each.operator in WITH_NUMBER
    if needs_number and any(as_number(value) is None for value in values):
        return [Refusal.of("number_needed", field=field)]
    return []
