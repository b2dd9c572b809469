"""Activities that belong to deals, in bulk."""

from collections.abc import Collection

from django.db import transaction

from crm.commands.imports import copy_records
from pipeline.models import OpportunityActivity


@transaction.atomic
def link_activities(*, new: Collection[tuple[int, int]], known: Collection[tuple[int, int]]) -> None:
    """Link (deal, activity) pairs: those of activities just made, and those that may be linked already."""
    copy_records(
        OpportunityActivity, [{"opportunity_id": deal_id, "activity_id": activity_id} for deal_id, activity_id in new]
    )
    OpportunityActivity.objects.bulk_create(
        [OpportunityActivity(opportunity_id=deal_id, activity_id=activity_id) for deal_id, activity_id in known],
        ignore_conflicts=True,
    )
