"""Activities that belong to deals (D-12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.activities import ActivityRefused, log_activity
from crm.lib.errors import NotPermitted
from crm.lib.values import Refusal
from crm.models import Activity, User
from crm.queries.access import get_access
from pipeline.commands.derived import refresh_derived
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.models import OpportunityActivity
from pipeline.permissions import can_edit
from pipeline.queries.opportunities import opportunities_visible_to

SUBJECT = "opportunity"


@transaction.atomic
def log_deal_activity(*, opportunity_id: int, by: User | None, at: datetime, **activity: Any) -> Activity:
    """Log an activity at a deal; takes what `log_activity` takes, the account is the deal's.

    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    given = {"contact_id": deal.contact_id, "owner_id": by.pk if by else deal.owner_id} | activity
    return log_activity(account_id=deal.account_id, context={SUBJECT: deal.pk}, by=by, at=at, **given)


def link_logged_activity(*, activity_id: int, context: Mapping[str, int], by: User | None, at: datetime) -> None:
    """Link an activity to the deal it was logged at, and let what deals are known to have follow from it.

    An activity that was completed, moved or taken back names no deal: it stays with those it belongs to.

    :raises ActivityRefused: there is no such deal, or the person may not see it
    :raises NotPermitted: the person may read the deal and no more
    """
    deal_id = context.get(SUBJECT)
    if deal_id is None:
        links = OpportunityActivity.objects.filter(activity_id=activity_id)
        refresh_derived(list(links.values_list("opportunity_id", flat=True)), at=at)
        return
    if by is not None:
        deal = opportunities_visible_to(by).filter(pk=deal_id).only("owner_id").first()
        if deal is None:
            raise ActivityRefused(Refusal.of("unknown_deal", field=SUBJECT), field=SUBJECT)
        if not can_edit(get_access(by), deal):
            raise NotPermitted(Refusal.of("may_not_edit_deal"))
    OpportunityActivity.objects.get_or_create(opportunity_id=deal_id, activity_id=activity_id)
    refresh_derived([deal_id], at=at)
