"""Writing down what was learned at a meeting: with the meeting, or after it (LT-050, FI-011)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import change_record
from crm.enums import ActivityKind, ActivityOutcome
from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities import log_deal_activity
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import MeetingRecord, Opportunity, OpportunityActivity
from pipeline.policies.meetings import SECTIONS, clean_sections, filled, meeting_refusals, section_refusals


class MeetingRefused(CommandRefused):
    """Nothing was written down; the refusals name the fields."""


@transaction.atomic
def write_meeting_record(
    *,
    opportunity_id: int,
    activity_id: int,
    changes: Mapping[str, str],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> MeetingRecord:
    """Write down where the customer stands, what makes it hard and where they want to be; what is not given stays.

    `seen` holds what a page showed, `seen_version` what an API client read.

    :raises MeetingRefused: no meeting of the deal that took place, nothing said, or too much
    :raises StaleRecord: somebody changed the same section, or the version, since it was seen
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    _refuse_other(deal, activity_id, at=at)
    if unknown := set(changes) - set(SECTIONS):
        raise MeetingRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    kept = MeetingRecord.objects.filter(opportunity=deal, activity_id=activity_id).first()
    before = {name: getattr(kept, name) if kept else "" for name in SECTIONS}
    wanted = clean_sections(changes)
    if refused := section_refusals({**before, **wanted}):
        raise MeetingRefused(refused)
    if kept is None:
        kept = MeetingRecord.objects.create(
            opportunity=deal, activity_id=activity_id, by=by, created_at=at, recorded_at=at, **wanted
        )
    elif not change_record(kept, wanted, seen=seen, seen_version=seen_version):
        return kept
    old = _value(kept, before) if any(before.values()) else None
    draft = EventDraft(EventKind.MEETING_RECORD, at, old, _value(kept, {**before, **wanted}))
    record(deal, [draft], by=by, at=at)
    return kept


@transaction.atomic
def log_meeting(
    *,
    opportunity_id: int,
    occurred_at: datetime,
    by: User | None,
    at: datetime,
    subject: str = "",
    contact_id: int | None = None,
    by_customer: bool = False,
    **sections: str,
) -> int:
    """Log a meeting that was held at a deal, with what was learned where anything is said; return the activity's id.

    :raises MeetingRefused: a section is too long
    :raises ActivityRefused: the meeting lies ahead, or its subject is too long
    :raises NotPermitted: the person may not change the deal
    """
    activity = log_deal_activity(
        opportunity_id=opportunity_id, kind=ActivityKind.MEETING, outcome=ActivityOutcome.HELD, done=True,
        occurred_at=occurred_at, subject=subject, by_customer=by_customer,
        by=by, at=at, **({"contact_id": contact_id} if contact_id else {}),
    )  # fmt: skip
    if any(clean_sections(sections).values()):
        write_meeting_record(opportunity_id=opportunity_id, activity_id=activity.pk, changes=sections, by=by, at=at)
    return activity.pk


def _refuse_other(deal: Opportunity, activity_id: int, *, at: datetime) -> None:
    if deal.archived_at is not None:
        raise MeetingRefused(Refusal.of("deal_archived"))
    links = OpportunityActivity.objects.filter(opportunity=deal, activity_id=activity_id).select_related("activity")
    link = links.first()
    if link is None:
        raise MeetingRefused(Refusal.of("no_meeting"))
    found = link.activity
    if refused := meeting_refusals(
        kind=found.kind, outcome=found.outcome, is_archived=found.archived_at is not None,
        occurred_at=found.occurred_at, at=at,
    ):  # fmt: skip
        raise MeetingRefused(refused)


def _value(kept: MeetingRecord, sections: Mapping[str, str]) -> dict[str, Any]:
    return {"meeting_record": kept.pk, "activity": kept.activity_id, "sections": filled(sections)}
