"""Writing activities and the history of meetings (C-5, D-25, D-36)."""

from crm.commands.activities.changing import archive_activity, complete_activity, edit_activity, move_meeting
from crm.commands.activities.logging import log_activity
from crm.commands.activities.placing import place_activities
from crm.commands.activities.refused import ActivityRefused

__all__ = [
    "ActivityRefused",
    "archive_activity",
    "complete_activity",
    "edit_activity",
    "log_activity",
    "move_meeting",
    "place_activities",
]
