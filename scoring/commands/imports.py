"""Leads and what they became, in bulk (S-1, D-21, D-48)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from crm.commands.activities import place_activities
from crm.commands.imports import Wanted, Written, copy_records, save_records, write_records
from crm.lib.bulk import analyse
from crm.lib.origin import current
from crm.models import Activity, User
from scoring.commands.statuses import change_statuses
from scoring.enums import HandoffAnswer, LeadStatus
from scoring.models import Conversion, Handoff, Lead, LeadActivity, LeadEvent, LeadStatusEvent

# A file that says so says what sales decided about the lead: there is nothing left to answer.
ANSWERS = {
    LeadStatus.ACCEPTED: HandoffAnswer.ACCEPTED,
    LeadStatus.SQL: HandoffAnswer.ACCEPTED,
    LeadStatus.CONVERTED: HandoffAnswer.ACCEPTED,
    LeadStatus.DISQUALIFIED: HandoffAnswer.REJECTED,
    LeadStatus.RECYCLED: HandoffAnswer.REJECTED,
}

CARRY_ACTIVITIES = """
INSERT INTO pipeline_opportunityactivity (opportunity_id, activity_id)
SELECT conversion.opportunity_id, link.activity_id
FROM scoring_conversion conversion JOIN scoring_leadactivity link ON link.lead_id = conversion.lead_id
WHERE conversion.lead_id = ANY(%s) AND conversion.opportunity_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class ConversionRow:
    """A lead that became a deal, as a deal import tells it."""

    lead_id: int
    opportunity_id: int
    account_id: int | None
    contact_id: int | None
    at: datetime


@transaction.atomic
def import_leads(*, wanted: Sequence[Wanted], by: User | None, at: datetime) -> list[Written]:
    """Write leads; a new one has had its status since it came to be, a change of status happens now.

    A converted lead stays converted: what it became does not go away.
    """
    statuses: dict[int, str] = {
        item.record_id: item.values["status"] for item in wanted if item.record_id and "status" in item.values
    }
    plain = [
        item
        if item.record_id is None
        else Wanted(item.record_id, {k: v for k, v in item.values.items() if k != "status"})
        for item in wanted
    ]
    results = write_records(Lead, plain, at=at)
    moved = _change_statuses(statuses, by=by, at=at)
    copy_records(
        LeadStatusEvent,
        [
            _status_event(result.record_id, item.values, by=by, at=at)
            for item, result in zip(wanted, results, strict=True)
            if result.created
        ],
    )
    return [
        Written(result.record_id, result.created, result.changed | ({"status"} if result.record_id in moved else set()))
        for result in results
    ]


def _status_event(lead_id: int, values: Mapping[str, Any], *, by: User | None, at: datetime) -> dict[str, Any]:
    since = values.get("created_at", at)
    return {
        "lead_id": lead_id,
        "new": values.get("status", LeadStatus.NEW),
        "occurred_at": since,
        "recorded_at": since,
        "by_id": by.pk if by else None,
        "via": current().via,
    }


def _change_statuses(statuses: Mapping[int, str], *, by: User | None, at: datetime) -> set[int]:
    leads = Lead.objects.filter(pk__in=list(statuses)).exclude(status=LeadStatus.CONVERTED)
    by_status: dict[str, list[Lead]] = defaultdict(list)
    for lead in leads:
        by_status[statuses[lead.pk]].append(lead)
    changed: set[int] = set()
    for status, of_status in by_status.items():
        moved = {lead.pk for lead in change_statuses(leads=of_status, to=LeadStatus(status), by=by, at=at)}
        if answer := ANSWERS.get(LeadStatus(status)):
            _answer_handoffs(moved, answer, by=by, at=at)
        changed |= moved
    return changed


def _answer_handoffs(lead_ids: Collection[int], answer: HandoffAnswer, *, by: User | None, at: datetime) -> None:
    """Answer what is open; a rejection from a file has no reason, for the file gives none."""
    if lead_ids:
        open_ = Handoff.objects.filter(lead_id__in=lead_ids, answered_at=None)
        open_.update(answer=answer, answered_at=at, answered_by=by, version=F("version") + 1)


@transaction.atomic
def import_conversions(*, rows: Sequence[ConversionRow], by: User | None, at: datetime) -> None:
    """Record what leads became, as of the deals' creation; their activities become the deals' too.

    An open handoff of such a lead is answered `at`: nobody is to decide about a deal's lead any more.
    """
    leads = {
        lead.pk: lead
        for lead in Lead.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[row.lead_id for row in rows])
        .order_by("pk")
    }
    by_id = by.pk if by else None
    copy_records(
        Conversion,
        [
            {"lead_id": row.lead_id, "account_id": row.account_id, "contact_id": row.contact_id,
             "opportunity_id": row.opportunity_id, "at": row.at, "recorded_at": row.at, "by_id": by_id}
            for row in rows
        ],
    )  # fmt: skip
    open_ = [row for row in rows if leads[row.lead_id].status != LeadStatus.CONVERTED]
    copy_records(
        LeadStatusEvent,
        [
            {"lead_id": row.lead_id, "old": leads[row.lead_id].status, "new": LeadStatus.CONVERTED, "occurred_at": row.at,
             "recorded_at": row.at, "by_id": by_id, "via": current().via}
            for row in open_
        ],
    )  # fmt: skip
    converted = [leads[row.lead_id] for row in open_]
    for lead in converted:
        lead.status = LeadStatus.CONVERTED
        lead.version += 1
    save_records(Lead, converted, ("status", "version"))
    _answer_handoffs(leads, HandoffAnswer.ACCEPTED, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(CARRY_ACTIVITIES, [[row.lead_id for row in rows]])
    became = {row.lead_id: (row.account_id, row.contact_id) for row in rows}
    links = LeadActivity.objects.filter(lead_id__in=became).values_list("activity_id", "lead_id")
    place_activities(places=[(activity_id, *became[lead_id]) for activity_id, lead_id in links])


@transaction.atomic
def refresh_statistics() -> None:
    """Tell the planner about loaded events and activities before leads are replayed from them."""
    analyse(LeadEvent, LeadActivity, Activity)


@transaction.atomic
def link_lead_activities(*, new: Collection[tuple[int, int]], known: Collection[tuple[int, int]]) -> None:
    """Link (lead, activity) pairs: those of activities just made, and those that may be linked already."""
    copy_records(LeadActivity, [{"lead_id": lead_id, "activity_id": activity_id} for lead_id, activity_id in new])
    LeadActivity.objects.bulk_create(
        [LeadActivity(lead_id=lead_id, activity_id=activity_id) for lead_id, activity_id in known],
        ignore_conflicts=True,
    )
