"""The score of a lead over time, followed on read (S-5)."""

from datetime import datetime

from scoring.facts import Curve
from scoring.policies.curve import get_curve
from scoring.queries.books import get_books
from scoring.queries.moments import get_moments
from scoring.queries.rules import Rulebook


def get_score_curve(
    lead_id: int,
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    book: Rulebook | None = None,
    ahead_days: int = 0,
) -> tuple[Curve, Rulebook]:
    """Return how a lead's score came to be what it is as of a moment, and the rules that gave it, in two queries.

    Without `book` the rules the lead was scored by at `as_of` are used for the whole history (D-46).
    """
    used = book or get_books([lead_id], as_of=as_of).of(lead_id)
    moments = get_moments([lead_id], model=used.model, known_at=known_at)[lead_id]
    curve = get_curve(moments, model=used.model, zones=used.zones, as_of=as_of, ahead_days=ahead_days)
    return curve, used
