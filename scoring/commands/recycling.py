"""Leads sent back until a day are nurtured again from that day on, once (S-9)."""

from datetime import datetime

from django.db import transaction

from crm.queries.organisation import get_local_date
from scoring.commands.statuses import change_statuses
from scoring.enums import LeadStatus
from scoring.models import Handoff, Lead

BACK_AGAIN = "recycle_on"


@transaction.atomic
def bring_back_leads(*, at: datetime) -> list[Lead]:
    """Let the leads whose day has come be nurtured; one that went on meanwhile is left as it is. Return the former."""
    today = get_local_date(at)
    due = Handoff.objects.filter(recycle_on__lte=today, recycled_at=None).values_list("lead_id", flat=True)
    leads = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(due)).order_by("pk").in_bulk()
    handoffs = list(
        Handoff.objects.select_for_update(no_key=True)
        .filter(lead_id__in=leads, recycle_on__lte=today, recycled_at=None)
        .order_by("pk")
    )
    waiting = {handoff.lead_id for handoff in handoffs if leads[handoff.lead_id].status == LeadStatus.RECYCLED}
    # Sent back again since until a later day, the lead waits for that day.
    later = Handoff.objects.filter(lead_id__in=waiting, recycle_on__gt=today, recycled_at=None)
    back = sorted(waiting - set(later.values_list("lead_id", flat=True)))
    for handoff in handoffs:
        handoff.recycled_at = at
        handoff.version += 1
    Handoff.objects.bulk_update(handoffs, ["recycled_at", "version"])
    return change_statuses(
        leads=[leads[lead_id] for lead_id in back], to=LeadStatus.NURTURING, by=None, at=at, reason=BACK_AGAIN
    )
