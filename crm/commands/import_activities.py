"""Activities in bulk: what was done, as a first load of history (D-21, D-25, D-36)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.imports import Wanted, Written, copy_records, write_records
from crm.enums import ActivityOutcome, MeetingEvent
from crm.models import Activity, MeetingChange, User
from crm.policies import activities as policy

MEETING_EVENTS = {
    ActivityOutcome.HELD: MeetingEvent.HELD,
    ActivityOutcome.NO_SHOW: MeetingEvent.NO_SHOW,
    ActivityOutcome.MOVED: MeetingEvent.MOVED,
}


@transaction.atomic
def import_activities(*, wanted: Sequence[Wanted], by: User | None, at: datetime) -> list[Written]:
    """Write activities; what they mean is derived as for a single one, and meetings get the start of their history.

    What lies in the past is recorded when it occurred (D-21).
    """
    complete = [Wanted(item.record_id, _derived(item, at=at)) for item in wanted]
    new = [item for item in complete if item.record_id is None]
    made = iter(copy_records(Activity, [item.values for item in new]))
    changed = iter(write_records(Activity, [item for item in complete if item.record_id is not None], at=at))
    results = [Written(next(made), True, frozenset()) if item.record_id is None else next(changed) for item in complete]
    pairs = [(result.record_id, item.values) for result, item in zip(results, complete, strict=True)]
    fresh = [pair for pair, result in zip(pairs, results, strict=True) if result.created or "outcome" in result.changed]
    copy_records(MeetingChange, _meeting_changes(fresh, by_id=by.pk if by else None, at=at))
    return results


def _derived(item: Wanted, *, at: datetime) -> dict[str, Any]:
    values = dict(item.values)
    kind, outcome = values["kind"], values.get("outcome", "")
    values["is_customer_action"] = policy.is_customer_action(
        kind=kind, direction=values.get("direction", ""), by_customer=values.get("by_customer", False), outcome=outcome
    )
    values["is_conversation"] = policy.is_conversation(kind=kind, outcome=outcome)
    if item.record_id is None:
        values["created_at"] = values["recorded_at"] = min(values["occurred_at"], at)
    return values


def _meeting_changes(
    activities: Iterable[tuple[int, Mapping[str, Any]]], *, by_id: int | None, at: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "activity_id": activity_id,
            "event": MEETING_EVENTS.get(values.get("outcome", ""), MeetingEvent.SCHEDULED),
            "meeting_at": values["occurred_at"],
            "occurred_at": min(values["occurred_at"], at),
            "recorded_at": min(values["occurred_at"], at),
            "by_id": by_id,
        }
        for activity_id, values in activities
        if values["kind"] in policy.MEETINGS
    ]
