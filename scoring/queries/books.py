"""By which rules each lead is scored: those in force, or while a challenge runs those of its side (S-12, D-46)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from scoring.models import ChallengeLead
from scoring.queries.rules import AS_OF, Rulebook, read_rulebooks

NOW = "model.state IN ('published', 'challenger') ORDER BY model.state DESC"
CHALLENGER_THEN = """(SELECT challenger_id FROM scoring_challenge
    WHERE started_at <= %(as_of)s AND (ended_at IS NULL OR ended_at > %(as_of)s)
    ORDER BY id DESC LIMIT 1)"""  # by clocks that differ, one may have ended after the next began
THEN = f"""model.id IN ((SELECT model.id FROM scoring_scoringmodel model WHERE {AS_OF} LIMIT 1), {CHALLENGER_THEN})
ORDER BY model.id IS NOT DISTINCT FROM {CHALLENGER_THEN}"""


@dataclass(frozen=True, slots=True)
class Books:
    """The rules in force, those of the challenger if there is one, and which of the leads asked about are its."""

    champion: Rulebook
    challenger: Rulebook | None = None
    challenged: frozenset[int] = frozenset()

    def of(self, lead_id: int) -> Rulebook:
        """Return the rules a lead is scored by."""
        return self.challenger if self.challenger and lead_id in self.challenged else self.champion

    def split(self, lead_ids: Iterable[int]) -> list[tuple[Rulebook, list[int]]]:
        """Return the leads by their rules, each in the order given; rules nobody is scored by are left out."""
        ids = list(lead_ids)
        if not self.challenger or not self.challenged:
            return [(self.champion, ids)] if ids else []
        sides = [
            (self.champion, [pk for pk in ids if pk not in self.challenged]),
            (self.challenger, [pk for pk in ids if pk in self.challenged]),
        ]
        return [side for side in sides if side[1]]


def get_books(lead_ids: Collection[int], *, as_of: datetime | None = None) -> Books:
    """Return the rules some leads are scored by now, or were as of a moment, in one query, in two during a challenge.

    A lead's side is asked for by what was drawn; a lead nobody drew is scored by what is in force.
    """
    champion, *others = read_rulebooks(NOW if as_of is None else THEN, {"as_of": as_of})
    if not others:
        return Books(champion)
    sides = ChallengeLead.objects.filter(
        lead_id__in=lead_ids, is_challenger=True, challenge__challenger=others[0].model.id
    )
    return Books(champion, others[0], frozenset(sides.values_list("lead_id", flat=True) if lead_ids else ()))
