"""How one version of the rules differs from another (S-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scoring.facts import GroupFacts, ModelFacts, RuleFacts
from scoring.policies.drafts import GROUP_FIELDS, RULE_FIELDS, SETTINGS

ADDED, REMOVED, ORDER = "added", "removed", "order"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a setting of the model, or with `rule` or `group` their codes, of one of those.

    `field` is that of the facts, or `added`, `removed` with the whole as `new` and `old`, or `order`.
    """

    field: str
    old: Any
    new: Any
    rule: str = ""
    name: str = ""
    group: str = ""


def changes(old: ModelFacts, new: ModelFacts) -> list[Change]:
    """Return what `new` says differently: settings first, then groups, then rules, each in order."""
    found = [
        Change(field, getattr(old, field), getattr(new, field))
        for field in SETTINGS
        if getattr(old, field) != getattr(new, field)
    ]
    found += _parts("group", GROUP_FIELDS, old.groups, new.groups)
    found += _parts("rule", RULE_FIELDS, old.rules, new.rules)
    before = [rule.code for rule in old.rules if rule.code in {each.code for each in new.rules}]
    after = [rule.code for rule in new.rules if rule.code in {each.code for each in old.rules}]
    return found + ([Change(ORDER, tuple(before), tuple(after))] if before != after else [])


def _parts(
    kind: str, fields: Sequence[str], old: Sequence[RuleFacts | GroupFacts], new: Sequence[RuleFacts | GroupFacts]
) -> list[Change]:
    before = {part.code: part for part in old}
    found = []
    for part in new:
        which: dict[str, Any] = {kind: part.code, "name": part.name}
        was = before.pop(part.code, None)
        if was is None:
            found.append(Change(ADDED, None, part, **which))
        else:
            found += [
                Change(field, getattr(was, field), getattr(part, field), **which)
                for field in fields
                if getattr(was, field) != getattr(part, field)
            ]
    gone: list[Change] = [Change(REMOVED, part, None, name=part.name, **{kind: part.code}) for part in before.values()]
    return found + gone
