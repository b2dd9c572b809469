"""Activities that belong to deals (D-12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.activities import log_activity
from crm.models import Activity, User
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.models import Opportunity, OpportunityActivity
from pipeline.models.opportunities import OPEN

SUBJECT = "opportunity"


@transaction.atomic
def log_deal_activity(*, opportunity_id: int, by: User | None, at: datetime, **activity: Any) -> Activity:
    """Log an activity at a deal; takes what `log_activity` takes, the account is the deal's.

    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    given = {"contact_id": deal.contact_id, "owner_id": by.pk if by else deal.owner_id} | activity
    return log_activity(account_id=deal.account_id, context={SUBJECT: deal.pk}, by=by, at=at, **given)


@transaction.atomic
def link_activity(*, opportunity_id: int, activity_id: int, by: User | None, at: datetime) -> OpportunityActivity:
    """Make an activity one of the deal's; twice is once.

    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    link, _ = OpportunityActivity.objects.get_or_create(opportunity=deal, activity_id=activity_id)
    return link


def link_logged_activity(*, activity_id: int, context: Mapping[str, int], by: User | None, at: datetime) -> None:
    """Link an activity to the deal it was logged at, else to the one open deal it can only mean."""
    target = context.get(SUBJECT)
    if target is None and not context and not OpportunityActivity.objects.filter(activity_id=activity_id).exists():
        target = _only_open_deal(Activity.objects.only("account_id", "owner_id").get(pk=activity_id))
    if target is not None:
        OpportunityActivity.objects.get_or_create(opportunity_id=target, activity_id=activity_id)


def _only_open_deal(activity: Activity) -> int | None:
    """Return the activity owner's single open deal at the account; None where it could be another."""
    if activity.account_id is None or activity.owner_id is None:
        return None
    deals = Opportunity.objects.filter(OPEN, account_id=activity.account_id).values_list("pk", "owner_id")[:2]
    return deals[0][0] if len(deals) == 1 and deals[0][1] == activity.owner_id else None
