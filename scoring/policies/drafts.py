"""What a draft becomes by an edit: settings, rules and groups by their codes (S-3, S-6)."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from scoring.enums import ScorePart
from scoring.facts import Decay, GroupFacts, ModelFacts, RuleFacts
from scoring.policies.grades import move_limits
from scoring.policies.model_facts import plain_decay

Wanted = Mapping[str, Mapping[str, Any] | None]
SETTINGS = (
    "threshold", "rearm_margin", "inactivity_points", "inactivity_days", "inactivity_mode", "floor", "ceiling",
    "fit_limits", "interest_limits", "fades_twice",
)  # fmt: skip
RULE_FIELDS = (
    "name", "part", "event_types", "points", "cap_count", "cap_days", "counting", "conditions", "decay", "least",
    "most", "group", "fast_track",
)  # fmt: skip
GROUP_FIELDS = ("name", "part", "decay", "least", "most")
LONGEST_CODE = 50
RESERVED = frozenset({"new", "add"})  # addresses of the sheets
Part = TypeVar("Part", RuleFacts, GroupFacts)


def edit(
    model: ModelFacts,
    *,
    settings: Mapping[str, Any],
    rules: Wanted,
    groups: Wanted,
    order: Sequence[str] = (),
    group_order: Sequence[str] = (),
) -> ModelFacts:
    """Return a model with what is wanted changed; a code nobody knows is added, None removes.

    A rule in a group has the group's part, and stays without a group when its group goes. Limits of grades move their
    neighbours along. Those named in an order come first, in that order.
    """
    changed = {name: settings[name] for name in SETTINGS if name in settings}
    for name in ("fit_limits", "interest_limits"):
        if name in changed:
            changed[name] = move_limits(getattr(model, name), tuple(changed[name]))
    kept = _ordered(_groups(model, groups), group_order)
    parts = {group.code: group.part for group in kept}
    gone = {code for code, wanted in groups.items() if wanted is None}
    found = [
        replace(each, group="") if each.group in gone else replace(each, part=parts.get(each.group, each.part))
        for each in _rules(model, rules)
    ]
    return replace(model, **changed, groups=tuple(kept), rules=tuple(_ordered(found, order)))


def new_code(name: str, taken: Collection[str]) -> str:
    """Return a code for a rule or group of this name that is not taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_CODE] or "rule"
    code, number = stem, 2
    while code in taken or code in RESERVED:
        code, number = f"{stem}_{number}", number + 1
    return code


def moved(codes: Sequence[str], code: str, *, among: Collection[str], by: int) -> list[str]:
    """Return codes in a new order, in which one stands `by` places further down among some of them."""
    shown = [each for each in codes if each in among]
    to = shown.index(code) + by
    if not 0 <= to < len(shown):
        return list(codes)
    other = shown[to]
    swapped = {code: other, other: code}
    return [swapped.get(each, each) for each in codes]


def _rules(model: ModelFacts, wanted: Wanted) -> list[RuleFacts]:
    known = {rule.code: rule for rule in model.rules}
    for code, values in wanted.items():
        if values is None:
            known.pop(code, None)
        else:
            stands = known.get(code) or RuleFacts(code, "", ScorePart.BEHAVIOUR, frozenset(), 0)
            known[code] = replace(stands, **_only(values, RULE_FIELDS))
    return list(known.values())


def _groups(model: ModelFacts, wanted: Wanted) -> list[GroupFacts]:
    known = {group.code: group for group in model.groups}
    for code, values in wanted.items():
        if values is None:
            known.pop(code, None)
        else:
            stands = known.get(code) or GroupFacts(code, "", ScorePart.BEHAVIOUR)
            known[code] = replace(stands, **_only(values, GROUP_FIELDS))
    return list(known.values())


def _only(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if name in names}
    if isinstance(found.get("decay"), Decay):
        found["decay"] = plain_decay(found["decay"])
    return found


def _ordered(parts: Iterable[Part], order: Sequence[str]) -> list[Part]:
    places = {code: place for place, code in enumerate(order)}
    return sorted(parts, key=lambda part: places.get(part.code, len(places)))
