"""What sales does with the leads handed to it, and marketing with those that wait (S-9, D-27, D-29)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from crm.enums import ReasonKind
from crm.lib.errors import CommandRefused, Conflict, NotPermitted
from crm.lib.values import Refusal
from crm.models import Reason, User
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from scoring.commands.crossings import hand_over
from scoring.commands.statuses import change_statuses
from scoring.enums import CrossingState, HandoffAnswer, LeadStatus
from scoring.models import Crossing, Handoff, Lead
from scoring.permissions import can_decide, can_release
from scoring.policies.leads import recycling_refusals, release_refusals, status_after_rejection
from scoring.queries.meetings import has_meeting

LONGEST_NOTE = 1000


class HandoffRefused(CommandRefused):
    """The lead was not accepted or sent back."""


class AnsweredAlready(HandoffRefused, Conflict):
    """Somebody else answered first."""


class ReleaseRefused(CommandRefused):
    """Nothing was handed over."""


@transaction.atomic
def accept_lead(*, lead_id: int, by: User, at: datetime, seen_version: int | None = None) -> Handoff:
    """Take a lead that was handed over. It is then its holder's, or stays its owner's where the owner takes it.

    Accepted already by the same person: nothing happens.

    :raises NotPermitted: the lead is not theirs to decide
    :raises HandoffRefused: nothing waits for an answer; `AnsweredAlready` where somebody gave one
    :raises StaleRecord: the lead changed since it was seen
    """
    lead, handoff = _lock(lead_id, by=by)
    last = _answered(lead_id) if handoff is None else None
    if last and last.answer == HandoffAnswer.ACCEPTED and last.answered_by_id == by.pk:
        return last
    if seen_version is not None:
        lead.require_version(seen_version)
    if handoff is None:
        raise _nothing_waits(last)
    keeps = lead.owner_id == by.pk
    _answer(handoff, HandoffAnswer.ACCEPTED, by=by, at=at, owner_id=by.pk if keeps else handoff.owner_id or by.pk)
    lead.owner_id = handoff.owner_id
    lead.save(update_fields=["owner"])
    change_statuses(leads=[lead], to=LeadStatus.ACCEPTED, by=by, at=at)
    qualify_lead(lead=lead, by=by, at=at)
    return handoff


@transaction.atomic
def reject_lead(
    *,
    lead_id: int,
    reason_code: str,
    by: User,
    at: datetime,
    note: str = "",
    recycle_on: date | None = None,
    seen_version: int | None = None,
) -> Handoff:
    """Send a lead back to marketing with a reason; `not_now` and `no_interest_yet` let it come again.

    With `recycle_on` it is nurtured again from that day on.

    :raises NotPermitted: the lead is not theirs to decide
    :raises HandoffRefused: nothing waits for an answer (`AnsweredAlready` where somebody gave one), or there is no such
        reason
    :raises StaleRecord: the lead changed since it was seen
    """
    lead, handoff = _lock(lead_id, by=by)
    reason = Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED, code=reason_code, retired_at=None).first()
    if reason is None:
        code = "unknown_value" if reason_code else "required"
        raise HandoffRefused(Refusal.of(code, field="reason", value=reason_code[:50]), field="reason")
    note = note.replace("\x00", "").strip()
    if len(note) > LONGEST_NOTE:
        raise HandoffRefused(Refusal.of("too_long", field="note", limit=LONGEST_NOTE), field="note")
    if refusals := recycling_refusals(reason_code=reason_code, on=recycle_on, today=get_local_date(at)):
        raise HandoffRefused(refusals, field="recycle_on")
    last, said = _answered(lead_id) if handoff is None else None, (reason.pk, note, recycle_on)
    if last and last.answered_by_id == by.pk and (last.reason_id, last.note, last.recycle_on) == said:
        return last
    if seen_version is not None:
        lead.require_version(seen_version)
    if handoff is None:
        raise _nothing_waits(last)
    handoff.reason, handoff.note, handoff.recycle_on = reason, note, recycle_on
    _answer(handoff, HandoffAnswer.REJECTED, by=by, at=at)
    change_statuses(leads=[lead], to=status_after_rejection(reason_code), by=by, at=at, reason=reason_code)
    return handoff


@transaction.atomic
def release_crossings(*, crossing_ids: Collection[int], by: User, at: datetime) -> list[Handoff]:
    """Hand over the selected crossings that waited for a person; the clocks start now.

    Of several of one lead the latest counts, and one whose lead sales holds already is attached to that handoff.
    What was released before is left alone.

    :raises NotPermitted: the person may not release
    :raises ReleaseRefused: a lead is qualified, converted or disqualified by now
    """
    if not can_release(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_release"))
    lead_ids = Crossing.objects.filter(pk__in=crossing_ids).values("lead_id")
    leads = Lead.objects.filter(pk__in=lead_ids).order_by("pk").select_for_update(no_key=True).in_bulk()
    waiting = list(
        Crossing.objects.select_for_update(of=("self",))
        .filter(pk__in=crossing_ids, state=CrossingState.WAITING)
        .order_by("crossed_at", "pk")
    )
    refused = [
        Refusal.of(refusal.code, lead=leads[lead_id])
        for lead_id in sorted({crossing.lead_id for crossing in waiting})
        for refusal in release_refusals(status=leads[lead_id].status)
    ]
    if refused:
        raise ReleaseRefused(refused)
    held = set(Handoff.objects.filter(lead_id__in=leads, answered_at=None).values_list("lead_id", flat=True))
    latest = {crossing.lead_id: crossing for crossing in waiting if crossing.lead_id not in held}
    for crossing in waiting:
        released = latest.get(crossing.lead_id) is crossing
        crossing.state = CrossingState.RELEASED if released else CrossingState.ATTACHED
        crossing.released_at, crossing.released_by = at, by
    Crossing.objects.bulk_update(waiting, ["state", "released_at", "released_by"])
    return hand_over(crossings=latest.values(), by=by, at=at)


def qualify_lead(*, lead: Lead, by: User | None, at: datetime) -> None:
    """Make a locked lead qualified once sales accepted it and a first meeting is scheduled (D-29)."""
    if lead.status == LeadStatus.ACCEPTED and has_meeting(lead.pk):
        change_statuses(leads=[lead], to=LeadStatus.SQL, by=by, at=at)


def answer_by_converting(*, handoff: Handoff, by: User | None, at: datetime) -> None:
    """Take a handoff as accepted because its lead became a deal."""
    _answer(handoff, HandoffAnswer.ACCEPTED, by=by, at=at, owner_id=handoff.owner_id or (by.pk if by else None))


def lock_lead(lead_id: int) -> tuple[Lead, Handoff | None]:
    """Return a lead and its open handoff, locked until the end of the transaction."""
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=lead_id)
    return lead, Handoff.objects.select_for_update(no_key=True).filter(lead_id=lead_id, answered_at=None).first()


def _lock(lead_id: int, *, by: User) -> tuple[Lead, Handoff | None]:
    lead, handoff = lock_lead(lead_id)
    # Who has just answered may be told so, though the lead is no longer theirs.
    answered = handoff is None and (last := _answered(lead_id)) is not None and last.answered_by_id == by.pk
    if not answered and not can_decide(get_access(by), lead, handoff):
        raise NotPermitted(Refusal.of("may_not_decide"))
    return lead, handoff


def _answered(lead_id: int) -> Handoff | None:
    return Handoff.objects.filter(lead_id=lead_id).exclude(answered_at=None).order_by("-answered_at").first()


def _nothing_waits(last: Handoff | None) -> HandoffRefused:
    return (AnsweredAlready if last else HandoffRefused)(Refusal.of("no_open_handoff"))


def _answer(
    handoff: Handoff, answer: HandoffAnswer, *, by: User | None, at: datetime, owner_id: int | None = None
) -> None:
    handoff.answer, handoff.answered_at, handoff.answered_by = answer, at, by
    handoff.owner_id = owner_id or handoff.owner_id
    handoff.version += 1
    changed = ["answer", "answered_at", "answered_by", "owner", "reason", "note", "recycle_on", "version"]
    handoff.save(update_fields=changed)
