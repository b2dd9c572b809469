"""Whose handoff it is (D-27, first form)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from scoring.facts import RepFacts

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def choose_rep(reps: Mapping[int, RepFacts], *, account_owner_id: int | None, lead_owner_id: int | None) -> int | None:
    """Return the rep to hand a lead to, or None where there is no active rep.

    The account's owner, else the lead's, if an active rep; else whoever has the fewest open handoffs and,
    among those, has gone longest without one.
    """
    for owner_id in (account_owner_id, lead_owner_id):
        if owner_id is not None and owner_id in reps:
            return owner_id
    chosen = min(reps.values(), key=_load, default=None)
    return chosen.user_id if chosen else None


def _load(rep: RepFacts) -> tuple[int, datetime, int]:
    return rep.open_handoffs, rep.last_assigned_at or LONG_AGO, rep.user_id
