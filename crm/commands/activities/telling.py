"""Who is told of an activity: the history of a meeting, and the apps above (D-36)."""

from collections.abc import Mapping
from datetime import datetime

from crm import registries
from crm.enums import ActivityOutcome, MeetingEvent
from crm.models import Activity, MeetingChange, User


def first_event(outcome: str) -> MeetingEvent:
    """Return what the history of a meeting begins with when it is logged with this outcome."""
    known = {ActivityOutcome.HELD: MeetingEvent.HELD, ActivityOutcome.NO_SHOW: MeetingEvent.NO_SHOW}
    known[ActivityOutcome.MOVED] = MeetingEvent.MOVED
    return known.get(ActivityOutcome(outcome), MeetingEvent.SCHEDULED) if outcome else MeetingEvent.SCHEDULED


def note_meeting(
    activity: Activity, event: MeetingEvent, *, by: User | None, at: datetime, by_customer: bool = False
) -> None:
    """Add what happened to a meeting to its history; what is done happened no later than it took place."""
    MeetingChange.objects.create(
        activity=activity,
        event=event,
        meeting_at=activity.occurred_at,
        occurred_at=min(activity.occurred_at, at) if activity.done_at is not None else at,
        recorded_at=at,
        by=by,
        by_customer=by_customer,
    )


def tell(activity: Activity, context: Mapping[str, int], *, by: User | None, at: datetime) -> None:
    """Let the apps above link the activity to their records and take note of it."""
    for handler in registries.activity_logged.values():
        handler(activity_id=activity.pk, context=context, by=by, at=at)
