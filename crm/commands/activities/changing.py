"""Ending, moving, correcting and taking back what was logged (D-36)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.activities.refused import ActivityRefused, lock, lock_kept, text_refusals
from crm.commands.activities.telling import first_event, note_meeting, tell
from crm.commands.edits import change_record
from crm.enums import MeetingEvent
from crm.lib.errors import NotPermitted
from crm.lib.values import Refusal
from crm.models import Activity, Contact, User
from crm.policies import activities as policy
from crm.policies.contact_details import normal_text
from crm.queries.access import get_access

EDITABLE = frozenset(
    {"subject", "note", "due_at", "channel", "obstacle", "stated_reason", "approach", "duration_minutes", "direction",
     "by_customer", "account_id", "contact_id", "owner_id"}
)  # fmt: skip


@transaction.atomic
def complete_activity(
    *,
    activity_id: int,
    by: User | None,
    at: datetime,
    outcome: str = "",
    note: str | None = None,
    by_customer: bool | None = None,
    seen_version: int | None = None,
) -> Activity:
    """Mark an activity done; a meeting needs its outcome, held or no show. Done so already: nothing happens.

    :raises NotPermitted: it is somebody else's
    :raises ActivityRefused: it is done with another outcome, or the outcome is not one of its kind
    :raises StaleRecord: it was changed since it was seen
    """
    activity = lock_kept(activity_id, by=by)
    if activity.done_at is not None:
        if activity.outcome == outcome:
            return activity
        raise ActivityRefused(Refusal.of("done_already"))
    refusals = policy.completing_refusals(kind=activity.kind, outcome=outcome, occurred_at=activity.occurred_at, at=at)
    if refusals:
        raise ActivityRefused(refusals, field="outcome")
    theirs = activity.by_customer if by_customer is None else by_customer
    action = policy.is_customer_action(
        kind=activity.kind, direction=activity.direction, by_customer=theirs, outcome=outcome
    )
    wanted = {"done_at": at, "outcome": outcome, "by_customer": theirs, "is_customer_action": action}
    wanted["is_conversation"] = policy.is_conversation(kind=activity.kind, outcome=outcome)
    if note is not None:
        wanted["note"] = note.replace("\x00", "").strip()
    change_record(activity, wanted, seen_version=seen_version)
    if activity.kind in policy.MEETINGS:
        note_meeting(activity, first_event(outcome), by=by, at=at, by_customer=theirs)
    tell(activity, {}, by=by, at=at)
    return activity


@transaction.atomic
def move_meeting(
    *,
    activity_id: int,
    to: datetime,
    by: User | None,
    at: datetime,
    by_customer: bool = False,
    seen_version: int | None = None,
) -> Activity:
    """Give an open activity another time; a meeting keeps its history and counts once (D-36). Same time: nothing.

    :raises NotPermitted: it is somebody else's
    :raises ActivityRefused: it is done already
    :raises StaleRecord: it was changed since it was seen
    """
    activity = lock_kept(activity_id, by=by)
    if refusals := policy.moving_refusals(kind=activity.kind, done=activity.done_at is not None):
        raise ActivityRefused(refusals)
    moved = {"occurred_at": to} | ({"due_at": to} if activity.due_at is not None else {})
    if change_record(activity, moved, seen_version=seen_version):
        if activity.kind in policy.MEETINGS:
            note_meeting(activity, MeetingEvent.MOVED, by=by, at=at, by_customer=by_customer)
        tell(activity, {}, by=by, at=at)
    return activity


@transaction.atomic
def edit_activity(
    *,
    activity_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Activity:
    """Correct what an activity says; time and outcome have commands of their own.

    :raises NotPermitted: it is somebody else's
    :raises ActivityRefused: a field cannot be changed or does not fit
    :raises StaleRecord: the same field, or the version, changed since it was seen
    """
    activity = lock_kept(activity_id, by=by)
    if refused := [Refusal.of("not_editable", field=name) for name in changes if name not in EDITABLE]:
        raise ActivityRefused(refused)
    if refusals := text_refusals(changes) + policy.choice_refusals(changes):
        raise ActivityRefused(refusals, field=dict(refusals[0].params)["field"])
    owner_id = changes.get("owner_id", activity.owner_id)
    if by is not None and owner_id != activity.owner_id and not get_access(by).works_with(owner_id or by.pk):
        raise NotPermitted(Refusal.of("may_not_log_activity"))
    wanted = dict(changes)
    if "subject" in wanted:
        wanted["subject"] = normal_text(wanted["subject"])
    if wanted.get("contact_id", activity.contact_id) != activity.contact_id:
        person = Contact.objects.filter(pk=wanted["contact_id"]).first()
        if person and person.erased_at:
            raise ActivityRefused(Refusal.of("erased", field="contact_id"), field="contact_id")
        wanted["contact_level"] = person.seniority if person else ""
    wanted["is_customer_action"] = policy.is_customer_action(
        kind=activity.kind,
        direction=wanted.get("direction", activity.direction),
        by_customer=wanted.get("by_customer", activity.by_customer),
        outcome=activity.outcome,
    )
    if change_record(activity, wanted, seen=seen, seen_version=seen_version):
        tell(activity, {}, by=by, at=at)
    return activity


@transaction.atomic
def archive_activity(*, activity_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> Activity:
    """Take an activity back; a meeting that was still ahead is recorded as cancelled. Twice is once.

    :raises NotPermitted: it is somebody else's
    """
    activity = lock(activity_id, by=by)
    if activity.archived_at is None:
        change_record(activity, {"archived_at": at}, seen_version=seen_version)
        if activity.kind in policy.MEETINGS and activity.done_at is None:
            note_meeting(activity, MeetingEvent.CANCELLED, by=by, at=at)
        tell(activity, {}, by=by, at=at)
    return activity
