"""Whose handoff it is (S-9, D-27)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from scoring.enums import RoutedBy
from scoring.facts import RepFacts, Route, RoutedLead, TerritoryFacts

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def choose_rep(reps: Mapping[int, RepFacts], lead: RoutedLead, *, territories: Sequence[TerritoryFacts] = ()) -> Route:
    """Return the rep to hand a lead to, and why; nobody where there is none who works now.

    `reps` are those who can take a lead now. The account's owner comes first, then the lead's; then the first
    territory the lead lies in with somebody to take it; then all of them. Among several, those who speak the lead's
    language, where anybody does, take turns by their capacity.
    """
    for owner_id, why in ((lead.account_owner_id, RoutedBy.ACCOUNT_OWNER), (lead.owner_id, RoutedBy.LEAD_OWNER)):
        if owner_id is not None and owner_id in reps:
            return Route(owner_id, why)
    for territory in territories:
        if lies_in(territory, lead):
            chosen = take_turns((reps[pk] for pk in territory.rep_ids if pk in reps), languages=lead.languages)
            if chosen is not None:
                return Route(chosen, RoutedBy.TERRITORY, territory.id)
    chosen = take_turns(reps.values(), languages=lead.languages)
    return Route(chosen, RoutedBy.TURN if chosen is not None else None)


def lies_in(territory: TerritoryFacts, lead: RoutedLead) -> bool:
    """Return whether every list of the territory that says anything takes the lead."""
    if territory.countries and lead.country not in territory.countries:
        return False
    if territory.languages and not territory.languages & lead.languages:
        return False
    industry = lead.industry.strip().casefold()
    return not territory.industries or industry in {name.casefold() for name in territory.industries}


def take_turns(reps: Iterable[RepFacts], *, languages: frozenset[str] = frozenset()) -> int | None:
    """Return whose turn it is: whoever has the least for their capacity with this one more.

    Of two alike, who has gone longest without one; then the lower id. A capacity of 0 takes no turn.
    """
    able = [rep for rep in reps if rep.capacity > 0]
    speakers = [rep for rep in able if rep.languages & languages]
    chosen = min(speakers or able, key=_load, default=None)
    return chosen.user_id if chosen else None


def _load(rep: RepFacts) -> tuple[Fraction, datetime, int]:
    return Fraction(rep.open_handoffs + 1, rep.capacity), rep.last_assigned_at or LONG_AGO, rep.user_id
