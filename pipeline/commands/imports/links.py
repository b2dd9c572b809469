"""Which activities belong to which deals (D-12)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from crm.commands.imports import copy_records
from pipeline.commands.derived import refresh_derived
from pipeline.models import OpportunityActivity


@transaction.atomic
def link_activities(
    *,
    new: Collection[tuple[int, int]],
    known: Collection[tuple[int, int]],
    changed: Collection[int] = (),
    at: datetime,
) -> None:
    """Link (deal, activity) pairs: those of activities just made, and those that may be linked already.

    `changed` are activities that say something else than before; what is derived of all these deals follows.
    """
    copy_records(
        OpportunityActivity, [{"opportunity_id": deal_id, "activity_id": activity_id} for deal_id, activity_id in new]
    )
    OpportunityActivity.objects.bulk_create(
        [OpportunityActivity(opportunity_id=deal_id, activity_id=activity_id) for deal_id, activity_id in known],
        ignore_conflicts=True,
    )
    touched = {deal_id for deal_id, _ in (*new, *known)}
    if changed:
        links = OpportunityActivity.objects.filter(activity_id__in=changed)
        touched.update(links.values_list("opportunity_id", flat=True))
    refresh_derived(touched, at=at)
