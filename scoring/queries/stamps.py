"""Whether the lists of leads are still what somebody sees (inbox, live)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Sum

from crm.models import User
from crm.queries.access import get_access
from scoring.permissions import can_release
from scoring.queries.inbox import handoffs_visible_to, waiting_crossings
from scoring.queries.leads import leads_visible_to
from scoring.queries.trials import trials_visible_to

MOST_SHOWN = 100


class Stamp(NamedTuple):
    """A text that is another one once something changed, and when something did last, as far as that is known."""

    text: str
    newest: datetime | None


def get_stamp(user: User, shown: Collection[int] = ()) -> Stamp:
    """Return what changes once a handoff, an offer or a waiting crossing came, went or changed, or the score of a lead
    that waits or is shown did.
    """
    handoffs = (
        handoffs_visible_to(user)
        .filter(answered_at=None)
        .aggregate(
            number=Count("pk"),
            last=Max("pk"),
            versions=Sum("version"),
            told=Count("notices"),
            scored=Max("lead__score__computed_at"),
            made=Max("created_at"),
        )
    )
    leads = leads_visible_to(user).filter(pk__in=list(shown)[:MOST_SHOWN]) if shown else None
    scored = leads.aggregate(scored=Max("score__computed_at"), versions=Sum("version")) if leads is not None else {}
    times = [handoffs.pop("scored"), scored.pop("scored", None), handoffs.pop("made")]
    parts = [*handoffs.values(), *scored.values(), *(int(time.timestamp() * 1000) if time else 0 for time in times)]
    parts.append(trials_visible_to(user).count())
    if can_release(get_access(user)):
        parts.append(waiting_crossings().count())
    return Stamp("-".join(str(part or 0) for part in parts), max(filter(None, times), default=None))
