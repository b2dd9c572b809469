"""Whether the lists of leads are still what somebody sees (inbox, live)."""

from django.db.models import Count, Max, Sum

from crm.models import User
from crm.queries.access import get_access
from scoring.permissions import can_release
from scoring.queries.inbox import handoffs_visible_to, waiting_crossings
from scoring.queries.trials import trials_visible_to


def get_stamp(user: User) -> str:
    """Return a short text that is another one once a handoff, an offer or a waiting crossing came, went or changed."""
    handoffs = (
        handoffs_visible_to(user)
        .filter(answered_at=None)
        .aggregate(number=Count("pk"), last=Max("pk"), versions=Sum("version"), told=Count("notices"))
    )
    parts = [*handoffs.values(), trials_visible_to(user).count()]
    if can_release(get_access(user)):
        parts.append(waiting_crossings().count())
    return "-".join(str(part or 0) for part in parts)
