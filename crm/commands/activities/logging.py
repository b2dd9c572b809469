"""Logging what was done, or planning what is to be done (C-5, D-25, D-37)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from crm.commands.activities.refused import ActivityRefused, text_refusals
from crm.commands.activities.telling import first_event, note_meeting, tell
from crm.lib.errors import NotPermitted
from crm.lib.values import Refusal
from crm.models import Activity, ActivityParticipant, Contact, User
from crm.permissions import can_log_activity
from crm.policies import activities as policy
from crm.policies.contact_details import normal_text
from crm.queries.access import get_access


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
    :raises ActivityRefused: the values contradict each other, or somebody who took part was erased
    """
    if by is not None and not (can_log_activity(get_access(by)) and get_access(by).works_with(owner_id or by.pk)):
        raise NotPermitted(Refusal.of("may_not_log_activity"))
    refusals = policy.logging_refusals(
        kind=kind, outcome=outcome, direction=direction, occurred_at=occurred_at, done=done, at=at
    )
    refusals += policy.choice_refusals(details)
    refusals += text_refusals({"subject": subject, **details})
    people = Contact.objects.in_bulk({contact_id, *participant_contact_ids} - {None})
    refusals += [Refusal.of("erased", field="contact_id") for person in people.values() if person.erased_at]
    if refusals:
        raise ActivityRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    contact = people.get(contact_id) if contact_id else None
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
    _add_participants(activity, [each for pk, each in people.items() if pk != contact_id], participant_user_ids)
    if kind in policy.MEETINGS:
        note_meeting(activity, first_event(outcome), by=by, at=at)
    tell(activity, context or {}, by=by, at=at)
    return activity


def _add_participants(activity: Activity, contacts: Iterable[Contact], user_ids: Iterable[int]) -> None:
    rows = [
        ActivityParticipant(activity=activity, contact=contact, contact_level=contact.seniority) for contact in contacts
    ]
    known = User.objects.filter(pk__in=list(user_ids)).values_list("pk", flat=True)
    rows += [ActivityParticipant(activity=activity, user_id=pk) for pk in known]
    ActivityParticipant.objects.bulk_create(rows)
