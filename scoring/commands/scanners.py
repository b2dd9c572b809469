"""Clicks of programs that check mails before their reader does: kept, and not counted (S-2)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from scoring.enums import NotCounted
from scoring.facts import NewEvent
from scoring.models import Lead, LeadEvent
from scoring.policies.bots import CLICK, find_scanned
from scoring.queries.clicks import get_clicks_around

Whose = tuple[int | None, int | None, NewEvent]


def note_scanners(recorded: Sequence[Whose], *, lead_ids: Collection[int], at: datetime) -> None:
    """Mark clicks just recorded, and earlier ones beside them, that only a scanner makes.

    The leads that are to be scored by it are locked first, all at once: of two that are told at once the second sees the
    first, and nobody holds some while another waits for them with the rest.
    """
    clicks = [(lead_id, visitor_id, event) for lead_id, visitor_id, event in recorded if event.type == CLICK]
    if not clicks:
        return
    list(
        Lead.objects.filter(pk__in=lead_ids).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    )
    around = get_clicks_around(
        [(lead_id, visitor_id, event.occurred_at) for lead_id, visitor_id, event in clicks if event.occurred_at]
    )
    if scanned := find_scanned(around):
        LeadEvent.objects.filter(pk__in=scanned, not_counted="").update(not_counted=NotCounted.SCANNER, judged_at=at)
