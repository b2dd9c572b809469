"""Writing activities and the history of meetings (C-5, D-25, D-36)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import connection, transaction

from crm import registries
from crm.commands.edits import change_record
from crm.enums import ActivityOutcome, MeetingEvent
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Activity, ActivityParticipant, Contact, MeetingChange, User
from crm.permissions import can_edit_activity, can_log_activity
from crm.policies import activities as policy
from crm.policies.contact_details import normal_text
from crm.queries.access import get_access

EDITABLE = frozenset(
    {"subject", "note", "due_at", "channel", "obstacle", "stated_reason", "approach", "duration_minutes", "direction",
     "by_customer", "account_id", "contact_id", "owner_id"}
)  # fmt: skip
SUBJECT_LENGTH, REASON_LENGTH, CHANNEL_LENGTH, OBSTACLE_LENGTH = 300, 300, 20, 100


PLACE = """
UPDATE crm_activity activity
SET account_id = COALESCE(activity.account_id, place.account_id),
    contact_id = COALESCE(activity.contact_id, place.contact_id),
    contact_level = CASE WHEN activity.contact_id IS NULL THEN COALESCE(contact.seniority, '') ELSE activity.contact_level END,
    version = activity.version + 1
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS place (activity_id, account_id, contact_id)
LEFT JOIN crm_contact contact ON contact.id = place.contact_id
WHERE activity.id = place.activity_id
  AND (activity.account_id IS NULL AND place.account_id IS NOT NULL
       OR activity.contact_id IS NULL AND place.contact_id IS NOT NULL)
  AND (activity.account_id IS NULL OR activity.account_id = place.account_id)
"""


class ActivityRefused(CommandRefused):
    """The activity was not written; each refusal names its field where it has one."""


class ActivityDetails(TypedDict, total=False):
    """What else an activity may say (D-37)."""

    channel: str
    is_conversation: bool | None
    obstacle: str
    stated_reason: str
    approach: str
    answers_id: int | None
    duration_minutes: int | None


@transaction.atomic
def log_activity(
    *,
    kind: str,
    occurred_at: datetime,
    done: bool,
    owner_id: int | None,
    by: User | None,
    at: datetime,
    subject: str = "",
    note: str = "",
    outcome: str = "",
    direction: str = "",
    by_customer: bool = False,
    account_id: int | None = None,
    contact_id: int | None = None,
    due_at: datetime | None = None,
    external_id: str | None = None,
    participant_contact_ids: Iterable[int] = (),
    participant_user_ids: Iterable[int] = (),
    context: Mapping[str, int] | None = None,
    **details: Unpack[ActivityDetails],
) -> Activity:
    """Log what was done, or plan what is to be done, and tell the apps above.

    `context` names the higher records it belongs to, e.g. `{"opportunity": 5}`; their apps link them.

    :raises NotPermitted: the person may not log, or not in the name of that owner
    :raises ActivityRefused: the values contradict each other
    """
    if by is not None and not (can_log_activity(get_access(by)) and get_access(by).works_with(owner_id or by.pk)):
        raise NotPermitted(Refusal.of("may_not_log_activity"))
    refusals = policy.logging_refusals(
        kind=kind, outcome=outcome, direction=direction, occurred_at=occurred_at, done=done, at=at
    )
    refusals += policy.choice_refusals(details)
    refusals += _text_refusals({"subject": subject, **details})
    if refusals:
        raise ActivityRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    contact = Contact.objects.filter(pk=contact_id).only("account_id", "seniority").first() if contact_id else None
    spoke = policy.is_conversation(kind=kind, outcome=outcome)
    activity = Activity.objects.create(
        kind=kind,
        subject=normal_text(subject),
        note=note.replace("\x00", "").strip(),
        occurred_at=occurred_at,
        due_at=due_at,
        done_at=occurred_at if done else None,
        outcome=outcome,
        direction=direction,
        by_customer=by_customer,
        is_customer_action=policy.is_customer_action(
            kind=kind, direction=direction, by_customer=by_customer, outcome=outcome
        ),
        account_id=account_id or (contact.account_id if contact else None),
        contact_id=contact_id,
        contact_level=contact.seniority if contact else "",
        owner_id=owner_id,
        external_id=external_id,
        created_at=min(occurred_at, at),
        recorded_at=at,
        **{"is_conversation": spoke, **details},
    )
    _add_participants(activity, set(participant_contact_ids) - {contact_id}, participant_user_ids)
    if kind in policy.MEETINGS:
        _note_meeting(activity, _first_event(outcome), by=by, at=at)
    _tell(activity, context or {}, by=by, at=at)
    return activity


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
    activity = _lock_kept(activity_id, by=by)
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
        _note_meeting(activity, _first_event(outcome), by=by, at=at, by_customer=theirs)
    _tell(activity, {}, by=by, at=at)
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
    activity = _lock_kept(activity_id, by=by)
    if refusals := policy.moving_refusals(kind=activity.kind, done=activity.done_at is not None):
        raise ActivityRefused(refusals)
    moved = {"occurred_at": to} | ({"due_at": to} if activity.due_at is not None else {})
    if change_record(activity, moved, seen_version=seen_version):
        if activity.kind in policy.MEETINGS:
            _note_meeting(activity, MeetingEvent.MOVED, by=by, at=at, by_customer=by_customer)
        _tell(activity, {}, by=by, at=at)
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
    activity = _lock_kept(activity_id, by=by)
    if refused := [Refusal.of("not_editable", field=name) for name in changes if name not in EDITABLE]:
        raise ActivityRefused(refused)
    if refusals := _text_refusals(changes) + policy.choice_refusals(changes):
        raise ActivityRefused(refusals, field=dict(refusals[0].params)["field"])
    owner_id = changes.get("owner_id", activity.owner_id)
    if by is not None and owner_id != activity.owner_id and not get_access(by).works_with(owner_id or by.pk):
        raise NotPermitted(Refusal.of("may_not_log_activity"))
    wanted = dict(changes)
    if "subject" in wanted:
        wanted["subject"] = normal_text(wanted["subject"])
    if wanted.get("contact_id", activity.contact_id) != activity.contact_id:
        level = Contact.objects.filter(pk=wanted["contact_id"]).values_list("seniority", flat=True).first()
        wanted["contact_level"] = level or ""
    wanted["is_customer_action"] = policy.is_customer_action(
        kind=activity.kind,
        direction=wanted.get("direction", activity.direction),
        by_customer=wanted.get("by_customer", activity.by_customer),
        outcome=activity.outcome,
    )
    if change_record(activity, wanted, seen=seen, seen_version=seen_version):
        _tell(activity, {}, by=by, at=at)
    return activity


@transaction.atomic
def archive_activity(*, activity_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> Activity:
    """Take an activity back; a meeting that was still ahead is recorded as cancelled. Twice is once.

    :raises NotPermitted: it is somebody else's
    """
    activity = _lock(activity_id, by=by)
    if activity.archived_at is None:
        change_record(activity, {"archived_at": at}, seen_version=seen_version)
        if activity.kind in policy.MEETINGS and activity.done_at is None:
            _note_meeting(activity, MeetingEvent.CANCELLED, by=by, at=at)
        _tell(activity, {}, by=by, at=at)
    return activity


@transaction.atomic
def place_activities(*, places: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Fill in company and person of activities that were logged before these were known: (activity, account, contact).

    What an activity says already stays, and one of another company is left alone; the audit keeps what was filled in.
    """
    rows = list(places)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [list(column) for column in zip(*rows, strict=True)])


def _lock(activity_id: int, *, by: User | None) -> Activity:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
    if by is not None and not can_edit_activity(get_access(by), activity):
        raise NotPermitted(Refusal.of("may_not_edit_activity"))
    return activity


def _lock_kept(activity_id: int, *, by: User | None) -> Activity:
    activity = _lock(activity_id, by=by)
    if activity.archived_at is not None:
        raise ActivityRefused(Refusal.of("archived"))
    return activity


def _text_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    limits = {
        "subject": SUBJECT_LENGTH, "stated_reason": REASON_LENGTH, "channel": CHANNEL_LENGTH, "obstacle": OBSTACLE_LENGTH,
    }  # fmt: skip
    return [
        Refusal.of("too_long", field=name, limit=limit)
        for name, limit in limits.items()
        if len(values.get(name) or "") > limit
    ]


def _first_event(outcome: str) -> MeetingEvent:
    known = {ActivityOutcome.HELD: MeetingEvent.HELD, ActivityOutcome.NO_SHOW: MeetingEvent.NO_SHOW}
    known[ActivityOutcome.MOVED] = MeetingEvent.MOVED
    return known.get(ActivityOutcome(outcome), MeetingEvent.SCHEDULED) if outcome else MeetingEvent.SCHEDULED


def _note_meeting(
    activity: Activity, event: MeetingEvent, *, by: User | None, at: datetime, by_customer: bool = False
) -> None:
    MeetingChange.objects.create(
        activity=activity,
        event=event,
        meeting_at=activity.occurred_at,
        occurred_at=min(activity.occurred_at, at) if activity.done_at is not None else at,
        recorded_at=at,
        by=by,
        by_customer=by_customer,
    )


def _add_participants(activity: Activity, contact_ids: Iterable[int], user_ids: Iterable[int]) -> None:
    levels = dict(Contact.objects.filter(pk__in=list(contact_ids)).values_list("pk", "seniority"))
    rows = [ActivityParticipant(activity=activity, contact_id=pk, contact_level=level) for pk, level in levels.items()]
    known = User.objects.filter(pk__in=list(user_ids)).values_list("pk", flat=True)
    rows += [ActivityParticipant(activity=activity, user_id=pk) for pk in known]
    ActivityParticipant.objects.bulk_create(rows)


def _tell(activity: Activity, context: Mapping[str, int], *, by: User | None, at: datetime) -> None:
    for handler in registries.activity_logged.values():
        handler(activity_id=activity.pk, context=context, by=by, at=at)
