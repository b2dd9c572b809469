"""Who must be known before a deal can be decided, and when the person we talk to is taken for the one who decides."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from crm.lib.values import Refusal
from pipeline.enums import Level, StakeholderRole, Stance
from pipeline.facts import AssessmentFacts, StakeholderFacts

INFLUENCES = (1, 2, 3)
# Roles a deal cannot be decided without, and who else fills each.
NEEDED: dict[StakeholderRole, frozenset[StakeholderRole]] = {
    StakeholderRole.ECONOMIC_BUYER: frozenset({StakeholderRole.ECONOMIC_BUYER}),
    StakeholderRole.DECISION_MAKER: frozenset({StakeholderRole.DECISION_MAKER, StakeholderRole.ECONOMIC_BUYER}),
    StakeholderRole.CHAMPION: frozenset({StakeholderRole.CHAMPION}),
}
DECIDES = NEEDED[StakeholderRole.DECISION_MAKER]


def stakeholder_refusals(values: dict[str, Any], *, today: date, is_archived: bool) -> list[Refusal]:
    """Return every reason somebody's part in a deal may not be like this; days are local."""
    refused = [Refusal.of("deal_archived")] if is_archived else []
    allowed: tuple[tuple[str, frozenset[Any]], ...] = (
        ("role", frozenset({"", *StakeholderRole})),
        ("stance", frozenset(Stance)),
        ("influence", frozenset({None, *INFLUENCES})),
    )
    refused += [
        Refusal.of("unknown_value", field=name, value=str(values[name])[:50])
        for name, known in allowed
        if name in values and values[name] not in known
    ]
    if values.get("met_on") is not None and values["met_on"] > today:
        refused.append(Refusal.of("said_in_future", field="met_on"))
    return refused


def missing_roles(people: Iterable[StakeholderFacts]) -> list[StakeholderRole]:
    """Return the roles nobody has yet that somebody must have (EE-005)."""
    present = {person.role for person in people}
    return [role for role, filled_by in NEEDED.items() if not present & filled_by]


def assumed_decider(people: Sequence[StakeholderFacts], authority: AssessmentFacts | None) -> StakeholderFacts | None:
    """Return the main contact who is also called the one who decides while nobody confirmed it (RU-039)."""
    if authority is not None and authority.level == Level.CONFIRMED:
        return None
    return next((person for person in people if person.is_main and person.role in DECIDES), None)


def unmet_decider(people: Iterable[StakeholderFacts]) -> StakeholderFacts | None:
    """Return who decides where nobody of those who do was met."""
    deciders = [person for person in people if person.role in DECIDES]
    return None if any(person.met_on for person in deciders) else next(iter(deciders), None)
