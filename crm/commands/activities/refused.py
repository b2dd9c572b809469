"""What an activity is refused for, and the lock every change of one begins with."""

from collections.abc import Mapping
from typing import Any

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Activity, User
from crm.permissions import can_edit_activity
from crm.queries.access import get_access

SUBJECT_LENGTH, REASON_LENGTH, CHANNEL_LENGTH, OBSTACLE_LENGTH = 300, 300, 20, 100


class ActivityRefused(CommandRefused):
    """The activity was not written; each refusal names its field where it has one."""


def lock(activity_id: int, *, by: User | None) -> Activity:
    """Return the activity, locked.

    :raises NotPermitted: it is somebody else's
    """
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
    if by is not None and not can_edit_activity(get_access(by), activity):
        raise NotPermitted(Refusal.of("may_not_edit_activity"))
    return activity


def lock_kept(activity_id: int, *, by: User | None) -> Activity:
    """Return the activity, locked, and only while it was not taken back.

    :raises NotPermitted: it is somebody else's
    :raises ActivityRefused: it was taken back
    """
    activity = lock(activity_id, by=by)
    if activity.archived_at is not None:
        raise ActivityRefused(Refusal.of("archived"))
    return activity


def text_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return a refusal for each text that is too long."""
    limits = {
        "subject": SUBJECT_LENGTH, "stated_reason": REASON_LENGTH, "channel": CHANNEL_LENGTH, "obstacle": OBSTACLE_LENGTH,
    }  # fmt: skip
    return [
        Refusal.of("too_long", field=name, limit=limit)
        for name, limit in limits.items()
        if len(values.get(name) or "") > limit
    ]
