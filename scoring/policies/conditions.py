"""Whether what is known of a lead, and what an event carried, meets a rule's conditions (S-3)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scoring.enums import Operator
from scoring.facts import Condition, EventCondition

PROPERTY = "property."
Known = Mapping[str, Any]


def hold(conditions: Iterable[Condition], *, known: Known, properties: Known) -> bool:
    """Return whether all conditions hold; what is unknown meets none but `unknown` and the negative ones."""
    return all(_holds(condition, known, properties) for condition in conditions)


def of_fields(conditions: Iterable[Condition | EventCondition]) -> tuple[Condition, ...]:
    """Return the conditions about fields and properties."""
    return tuple(condition for condition in conditions if isinstance(condition, Condition))


def of_events(conditions: Iterable[Condition | EventCondition]) -> tuple[EventCondition, ...]:
    """Return the conditions about how often something happened lately."""
    return tuple(condition for condition in conditions if isinstance(condition, EventCondition))


def _holds(condition: Condition, known: Known, properties: Known) -> bool:
    name = condition.field
    value = properties.get(name.removeprefix(PROPERTY)) if name.startswith(PROPERTY) else known.get(name)
    values = _several(value)
    negative = NEGATIVE.get(condition.operator)
    if negative is not None:
        return not negative(values, _several(condition.value))
    return POSITIVE[condition.operator](values, _several(condition.value))


def _several(value: Any) -> list[Any]:
    """Return the values of a field that has several, of one that has one, or of one nobody knows."""
    if value is None or value == "":
        return []
    return [_plain(each) for each in (value if isinstance(value, (list, tuple)) else [value])]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip().casefold() if isinstance(value, str) else value


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _same(value: Any, wanted: Any) -> bool:
    if value == wanted:
        return True
    one, other = _number(value), _number(wanted)
    return one is not None and one == other


def _any(test: Callable[[Any, Any], bool]) -> Callable[[list[Any], list[Any]], bool]:
    return lambda values, wanted: any(test(value, each) for value in values for each in wanted)


def _at_least(value: Any, wanted: Any) -> bool:
    one, other = _number(value), _number(wanted)
    return one is not None and other is not None and one >= other


def _at_most(value: Any, wanted: Any) -> bool:
    one, other = _number(value), _number(wanted)
    return one is not None and other is not None and one <= other


POSITIVE: dict[Operator, Callable[[list[Any], list[Any]], bool]] = {
    Operator.IS: _any(_same),
    Operator.IN: _any(_same),
    Operator.CONTAINS: _any(lambda value, wanted: str(wanted) in str(value)),
    Operator.STARTS_WITH: _any(lambda value, wanted: str(value).startswith(str(wanted))),
    Operator.AT_LEAST: _any(_at_least),
    Operator.AT_MOST: _any(_at_most),
    Operator.KNOWN: lambda values, wanted: bool(values),
}
NEGATIVE: dict[Operator, Callable[[list[Any], list[Any]], bool]] = {
    Operator.IS_NOT: POSITIVE[Operator.IS],
    Operator.NOT_IN: POSITIVE[Operator.IN],
    Operator.UNKNOWN: POSITIVE[Operator.KNOWN],
}
