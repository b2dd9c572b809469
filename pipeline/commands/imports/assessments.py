"""What is known of the elements of deals, in bulk, with the events the single command makes (P-9, D-21)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.commands.imports import copy_records
from crm.models import User
from crm.queries.organisation import get_zone
from pipeline.commands.history import EventDraft
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.enums import Element, Level
from pipeline.events import EventKind
from pipeline.models import Assessment, Opportunity


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """How well an element of a deal that nobody assessed yet is known, `by` whom it was written down and when."""

    opportunity_id: int
    element: Element
    level: Level
    contact_id: int | None
    note: str
    by_id: int
    at: datetime


@transaction.atomic
def import_assessments(*, rows: Sequence[AssessmentRow]) -> list[int]:
    """Write down what is known, as a first load: each was said and recorded at its moment. Return the ids."""
    if not rows:
        return []
    deals = Opportunity.objects.filter(pk__in={row.opportunity_id for row in rows})
    list(deals.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    zone = get_zone()
    days = [row.at.astimezone(zone).date() for row in rows]
    ids = copy_records(
        Assessment,
        [
            {"opportunity_id": row.opportunity_id, "element": row.element, "level": int(row.level), "said_on": day,
             "contact_id": row.contact_id, "note": row.note, "by_id": row.by_id, "at": row.at}
            for row, day in zip(rows, days, strict=True)
        ],
    )  # fmt: skip
    drafts: dict[int, dict[int, Drafts]] = defaultdict(lambda: defaultdict(list))
    for row, day in zip(rows, days, strict=True):
        value = {
            "element": str(row.element), "level": int(row.level), "on": day.isoformat(), "contact": row.contact_id,
        }  # fmt: skip
        drafts[row.by_id][row.opportunity_id].append(EventDraft(EventKind.QUALIFICATION, row.at, None, value))
    people = User.objects.in_bulk(drafts)
    for by_id, of_deals in drafts.items():
        record_all(of_deals, by=people[by_id], recorded_at={}, at=max(row.at for row in rows))
    return ids
