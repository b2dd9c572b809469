"""A model from the columns of its rows, as the database or a form gives them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from scoring.enums import Counting, DecayKind, InactivityMode, Operator, ScorePart
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts

Row = Mapping[str, Any]
COLUMNS = (
    "id", "number", "threshold", "rearm_margin", "inactivity_points", "inactivity_days", "floor", "ceiling",
    "fades_twice",
)  # fmt: skip


def model_facts(model: Row, *, rules: Iterable[Row], groups: Iterable[Row], silent_types: frozenset[str]) -> ModelFacts:
    """Return a model with its rules and groups; all of them are named as the columns are."""
    parts = list(groups)
    codes = {group["id"]: group["code"] for group in parts}
    return ModelFacts(
        **{name: model[name] for name in COLUMNS},
        inactivity_mode=InactivityMode(model["inactivity_mode"]),
        fit_limits=tuple(model["fit_limits"]),
        interest_limits=tuple(model["interest_limits"]),
        published_at=_moment(model["published_at"]),
        rules=tuple(_rule(rule, codes.get(rule["group_id"], "")) for rule in rules),
        groups=tuple(_group(group) for group in parts),
        silent_types=silent_types,
    )


def read_conditions(rows: Iterable[Row]) -> tuple[Condition | EventCondition, ...]:
    """Return conditions from {"field", "is", "value"} rows, and {"events", "times", "days"} with one of those as "where"."""
    return tuple(_condition(row) for row in rows)


def write_conditions(conditions: Iterable[Condition | EventCondition]) -> list[dict[str, Any]]:
    """Return conditions as the rows they are stored as."""
    return [_write_condition(each) for each in conditions]


def write_model(model: ModelFacts) -> dict[str, Any]:
    """Return the settings of a model by column."""
    return {
        name: list(value) if isinstance(value := getattr(model, name), tuple) else value
        for name in (*COLUMNS[2:], "inactivity_mode", "fit_limits", "interest_limits")
    }


def write_rule(rule: RuleFacts) -> dict[str, Any]:
    """Return a rule's columns, but for its group."""
    names = ("name", "part", "points", "cap_count", "cap_days", "counting", "least", "most", "fast_track")
    return {
        **{name: getattr(rule, name) for name in names},
        "event_types": sorted(rule.event_types),
        "conditions": write_conditions(rule.conditions),
        **_write_decay(rule.decay),
    }


def write_group(group: GroupFacts) -> dict[str, Any]:
    """Return a group's columns."""
    names = ("name", "part", "least", "most")
    return {**{name: getattr(group, name) for name in names}, **_write_decay(group.decay)}


def _write_decay(decay: Decay | None) -> dict[str, Any]:
    return {
        "decay_kind": decay.kind if decay else "",
        "decay_days": decay.days if decay else 30,
        "decay_percent": decay.percent if decay else 0,
        "decay_steps": [list(step) for step in decay.steps] if decay else [],
    }


def _rule(row: Row, group: str) -> RuleFacts:
    return RuleFacts(
        code=row["code"],
        name=row["name"],
        part=ScorePart(row["part"]),
        event_types=frozenset(row["event_types"]),
        points=row["points"],
        cap_count=row["cap_count"],
        cap_days=row["cap_days"],
        counting=Counting(row["counting"]),
        conditions=read_conditions(row["conditions"]),
        decay=_decay(row),
        least=row["least"],
        most=row["most"],
        group=group,
        fast_track=row["fast_track"],
    )


def _group(row: Row) -> GroupFacts:
    return GroupFacts(
        row["code"], row["name"], ScorePart(row["part"]), decay=_decay(row), least=row["least"], most=row["most"]
    )


def _decay(row: Row) -> Decay | None:
    if not row["decay_kind"]:
        return None
    steps = tuple((int(upto), int(percent)) for upto, percent in row["decay_steps"])
    return plain_decay(Decay(DecayKind(row["decay_kind"]), row["decay_days"], row["decay_percent"], steps))


def plain_decay(decay: Decay) -> Decay:
    """Return a decay that says no more than its kind asks for, so that two that do the same are equal."""
    kind = decay.kind
    if kind in (DecayKind.HALF_LIFE, DecayKind.WINDOW):
        return Decay(kind, days=decay.days)
    return Decay(
        kind,
        percent=decay.percent if kind is DecayKind.LINEAR else 0,
        steps=decay.steps if kind is DecayKind.STEP else (),
    )


def _condition(row: Row) -> Condition | EventCondition:
    if "events" in row:
        where = row.get("where")
        return EventCondition(
            frozenset(row["events"]), row["times"], row["days"], _of_field(where) if where is not None else None
        )
    return _of_field(row)


def _of_field(row: Row) -> Condition:
    value = row.get("value")
    return Condition(row["field"], Operator(row["is"]), tuple(value) if isinstance(value, list) else value)


def _write_condition(each: Condition | EventCondition) -> dict[str, Any]:
    if isinstance(each, Condition):
        return {"field": each.field, "is": str(each.operator), "value": _plain(each.value)}
    where = {"where": _write_condition(each.where)} if each.where is not None else {}
    return {"events": sorted(each.types), "times": each.times, "days": each.days, **where}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
