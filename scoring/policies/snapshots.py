"""A model as JSON, so that what was tried stays readable whatever becomes of the draft (S-7)."""

from dataclasses import replace
from typing import Any

from scoring.facts import ModelFacts
from scoring.policies.model_facts import model_facts, write_group, write_model, write_rule


def write_snapshot(model: ModelFacts) -> dict[str, Any]:
    """Return all a replay needs of a model, as JSON."""
    return {
        "model": {"id": model.id, "number": model.number, "published_at": None, **write_model(model)},
        "rules": [{**write_rule(rule), "code": rule.code, "group_id": rule.group} for rule in model.rules],
        "groups": [{**write_group(group), "code": group.code, "id": group.code} for group in model.groups],
        "silent_types": sorted(model.silent_types),
    }


def read_snapshot(snapshot: dict[str, Any]) -> ModelFacts:
    """Return the model a snapshot was made of."""
    return model_facts(
        snapshot["model"],
        rules=snapshot["rules"],
        groups=snapshot["groups"],
        silent_types=frozenset(snapshot["silent_types"]),
    )


def is_same_but_threshold(tried: ModelFacts, now: ModelFacts) -> bool:
    """Whether what was tried is what stands now, but for the threshold and what a version is called."""
    named: dict[str, Any] = {name: getattr(now, name) for name in ("id", "number", "published_at", "threshold")}
    return replace(tried, **named) == now
