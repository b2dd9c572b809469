"""Event rows of many deals at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Max

from crm.commands.imports import copy_records
from crm.lib.origin import current
from crm.models import User
from pipeline.commands.derived import refresh_derived
from pipeline.commands.history import EventDraft, row_values
from pipeline.models import OpportunityEvent

Drafts = list[EventDraft]


def record_all(
    drafts: Mapping[int, Drafts], *, by: User | None, recorded_at: Mapping[int, datetime | None], at: datetime
) -> None:
    """Write the events of new or locked deals, numbered after the last of each; None records each when it occurred.

    What is derived of the deals follows, as of `at`.
    """
    last = get_last_seqs(deal_id for deal_id, of_deal in drafts.items() if of_deal)
    rows = [
        row
        for deal_id, of_deal in drafts.items()
        for row in row_values(
            of_deal,
            opportunity_id=deal_id,
            first_seq=last.get(deal_id, 0) + 1,
            by_id=by.pk if by else None,
            recorded_at=recorded_at.get(deal_id),
            origin=current(),
        )
    ]
    copy_records(OpportunityEvent, rows)
    refresh_derived(list(drafts), at=at)


def get_last_seqs(deal_ids: Iterable[int]) -> dict[int, int]:
    """Return the number of the last event of each deal that has one."""
    rows = OpportunityEvent.objects.filter(opportunity_id__in=list(deal_ids)).values("opportunity_id")
    return dict(rows.annotate(last=Max("seq")).order_by().values_list("opportunity_id", "last"))
