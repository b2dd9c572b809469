"""The meetings of a deal with what was learned at each (LT-050, FI-011)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm.models import Activity, User
from crm.policies.activities import MEETINGS
from pipeline.models import MeetingRecord
from pipeline.policies.meetings import meeting_refusals
from pipeline.queries.opportunities import opportunities_visible_to

MOST = 30


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a deal; `record` where something is written down, `can_be_written` once it took place."""

    activity: Activity
    record: MeetingRecord | None
    can_be_written: bool


def records_visible_to(user: User) -> QuerySet[MeetingRecord]:
    """Return what was written down at the deals the person may see."""
    return MeetingRecord.objects.filter(opportunity__in=opportunities_visible_to(user))


def get_meetings(deal_id: int, *, at: datetime, limit: int = MOST) -> list[Meeting]:
    """Return the meetings and demos of a deal, the latest first; two statements however many there are."""
    linked = Activity.objects.filter(opportunity_links__opportunity_id=deal_id, kind__in=sorted(MEETINGS))
    activities = linked.filter(archived_at=None).select_related("contact", "owner").order_by("-occurred_at", "-pk")
    records = {
        row.activity_id: row for row in MeetingRecord.objects.filter(opportunity_id=deal_id).select_related("by")
    }
    return [Meeting(each, records.get(each.pk), _took_place(each, at)) for each in activities[:limit]]


def get_meeting(deal_id: int, activity_id: int, *, at: datetime) -> Meeting | None:
    """Return one meeting of a deal, None where it has no such one."""
    linked = Activity.objects.filter(
        opportunity_links__opportunity_id=deal_id, pk=activity_id, kind__in=sorted(MEETINGS)
    )
    activity = linked.filter(archived_at=None).select_related("contact").first()
    if activity is None:
        return None
    record = MeetingRecord.objects.filter(opportunity_id=deal_id, activity_id=activity_id).first()
    return Meeting(activity, record, _took_place(activity, at))


def _took_place(activity: Activity, at: datetime) -> bool:
    return not meeting_refusals(
        kind=activity.kind, outcome=activity.outcome, is_archived=False, occurred_at=activity.occurred_at, at=at
    )
