"""What is worth knowing of a company before a call (TR-037, TR-038, TR-045)."""

from django.db.models import QuerySet

from crm.enums import Burner, InsightKind
from crm.models import AccountInsight, User
from crm.queries.access import get_access

BURNERS = {burner: place for place, burner in enumerate(Burner)}


def insights_visible_to(user: User) -> QuerySet[AccountInsight]:
    """Return the insight open to the person: of all accounts, or none (D-3)."""
    return AccountInsight.objects.all() if get_access(user).reads_company else AccountInsight.objects.none()


def get_insights(account_id: int, *, for_call: bool = False) -> dict[InsightKind, list[AccountInsight]]:
    """Return what holds of a company by kind: goals by burner, events newest first, changes the next first.

    `for_call` leaves out the goals that are not on the front burner (TR-045).
    """
    rows = AccountInsight.objects.filter(account_id=account_id, archived_at=None).select_related("told_by", "by")
    found: dict[InsightKind, list[AccountInsight]] = {kind: [] for kind in InsightKind}
    for row in rows.order_by("on", "pk"):
        if not for_call or row.burner in ("", Burner.FRONT):
            found[InsightKind(row.kind)].append(row)
    found[InsightKind.GOAL].sort(key=lambda row: BURNERS[Burner(row.burner)])
    found[InsightKind.EVENT].reverse()
    return found
