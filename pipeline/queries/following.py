"""Which deals a logged activity moves on, so that their next step can be asked for in the same breath."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.urls import reverse

from crm.models import Activity, User
from crm.queries.access import get_access
from pipeline.models import Opportunity, OpportunityActivity
from pipeline.models.opportunities import OPEN
from pipeline.permissions import can_edit
from pipeline.queries.opportunities import opportunities_visible_to

SUBJECT = "opportunity"
MOST = 20


def find_question(activity: Activity, *, context: Mapping[str, int], user: User) -> str:
    """Return the address that asks for the next step after an activity, "" where no deal of the person's is meant.

    Those are the deals it was logged at, else the open deals of its account; a lead's activity means no deal.
    """
    linked = OpportunityActivity.objects.filter(activity=activity).values("opportunity")
    found = _own(user, Opportunity.objects.filter(pk__in=linked))
    if not found and activity.account_id and not set(context) - {SUBJECT}:
        found = get_open_deals(activity.account_id, user=user)
    if len(found) == 1:
        return f"{reverse('pipeline:deal_step', args=[found[0].pk])}?way=next"
    return reverse("pipeline:account_steps", args=[activity.account_id]) if found and activity.account_id else ""


def get_open_deals(account_id: int, *, user: User) -> list[Opportunity]:
    """Return the open deals of an account that the person may change, with their next step, the most urgent first."""
    return _own(user, Opportunity.objects.filter(account_id=account_id))


def _own(user: User, deals: QuerySet[Opportunity]) -> list[Opportunity]:
    access = get_access(user)
    named = opportunities_visible_to(user).filter(OPEN, pk__in=deals).select_related("account", "current_step")
    return [deal for deal in named.order_by("next_step_on", "pk")[:MOST] if can_edit(access, deal)]
