"""Taking events in: by API, import and hand (S-2, D-10, D-51)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.origin import current
from crm.lib.values import Refusal
from crm.models import User
from crm.policies.contact_details import NotUnderstood, normal_email
from crm.queries.access import get_access
from scoring.commands.newcomers import identify_visitors, make_leads, make_visitors
from scoring.commands.scanners import note_scanners
from scoring.commands.scores import refresh_scores
from scoring.enums import EventStatus, NotCounted, WaitingReason
from scoring.facts import EventAnswer, NewEvent
from scoring.models import LeadEvent, VisitorIdentity
from scoring.permissions import can_create_leads
from scoring.policies.bots import get_not_counted
from scoring.policies.events import refusals
from scoring.queries.arrivals import KnownLeads, get_known
from scoring.queries.leads import find_visible

LARGEST_ID = 2**63 - 1

INSERT = """
INSERT INTO scoring_leadevent
    (idempotency_key, lead_id, visitor_id, type, occurred_at, recorded_at, properties, not_counted, via)
SELECT key, lead_id, visitor_id, type, occurred_at, recorded_at, properties::jsonb, not_counted, %s
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[],
            %s::text[])
    AS sent(key, lead_id, visitor_id, type, occurred_at, recorded_at, properties, not_counted)
ORDER BY key
ON CONFLICT (idempotency_key) DO NOTHING
RETURNING idempotency_key, id
"""


class EventRefused(CommandRefused):
    """The one event that was given cannot be stored."""


@dataclass(slots=True)
class _Sent:
    """One event on its way in."""

    event: NewEvent
    email: str | None = None
    lead_id: int | None = None
    visitor_id: int | None = None
    refused: list[Refusal] = field(default_factory=list)
    is_stored: bool = False  # by an earlier request, or by an earlier event of this one


@transaction.atomic
def record_events(
    *,
    events: Sequence[NewEvent],
    by: User | None,
    at: datetime,
    waiting: WaitingReason | None = None,
    makes_leads: bool = True,
    refreshes: bool = True,
) -> list[EventAnswer]:
    """Store a batch of events and bring scores and handoffs of their leads up to date; answer for each, in order.

    Accepted means stored and counted. The same key again is a duplicate, whatever else it says. By e-mail an
    event reaches every lead, but the answer names only leads the sender may see. An import
    gives `waiting`, so that crossings wait for a person, `makes_leads=False`, and for batch after batch
    `refreshes=False` with one `refresh_scores` at the end.

    :raises NotPermitted: the person may not send events
    """
    if by is not None and not can_create_leads(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_record_events"))
    sent, known = _recognise(events, by=by, at=at)
    newcomers = _resolve(sent, known, by=by, at=at, makes_leads=makes_leads)
    accepted = [one for one in sent if not one.refused and not one.is_stored]
    first = {one.event.idempotency_key: one for one in accepted}
    inserted = _insert(list(first.values()), at, is_history=waiting is WaitingReason.IMPORTED)
    stored = [first[key] for key in inserted]
    touched = _touched(stored)
    note_scanners([(one.lead_id, one.visitor_id, one.event) for one in stored], lead_ids=touched, at=at)
    if refreshes:
        # An event tells nothing that a rule could ask about a lead we know.
        refresh_scores(lead_ids=touched, at=at, by=by, waiting=waiting, notes=newcomers)
    shown = find_visible({one.lead_id for one in sent if one.lead_id}, by=by)
    return [_answer(one, first, inserted, shown) for one in sent]


def record_event(*, event: NewEvent, by: User | None, at: datetime) -> EventAnswer:
    """Store one event, as a page does; a duplicate is no error.

    :raises EventRefused: it cannot be stored
    """
    answer = record_events(events=[event], by=by, at=at)[0]
    if answer.status is EventStatus.REJECTED:
        raise EventRefused(answer.refusals)
    return answer


@transaction.atomic
def confirm_event(*, event: NewEvent, by: User | None, at: datetime) -> bool:
    """Let the event of this key count that waited for it, and know whose visitor it was; False where none waits.

    It is whose the address is by now: who confirms has shown no more than that.
    """
    found = LeadEvent.objects.select_for_update(of=("self",)).filter(idempotency_key=event.idempotency_key)
    pending = found.filter(not_counted=NotCounted.PENDING).first()
    if pending is None or event.lead_id is None:
        return False
    pending.lead_id, pending.judged_at = event.lead_id, at
    pending.not_counted = get_not_counted(event.properties) or ""
    pending.save(update_fields=["lead", "not_counted", "judged_at"])
    touched = {event.lead_id}
    if event.visitor:
        visitor_id = make_visitors(first_seen={event.visitor: pending.occurred_at})[event.visitor]
        identify_visitors(identities={(visitor_id, event.lead_id): pending.occurred_at}, at=at)
        touched |= _known_as({visitor_id})
    refresh_scores(lead_ids=touched, at=at, by=by)
    return True


def _recognise(events: Sequence[NewEvent], *, by: User | None, at: datetime) -> tuple[list[_Sent], KnownLeads]:
    """Return the events with what is wrong with them and whether they are stored, and the leads that are known."""
    sent = [_Sent(event) for event in events]
    for one in sent:
        _read_email(one)
    known = get_known(
        keys={event.idempotency_key for event in events},
        ids={event.lead_id for event in events if event.lead_id and event.lead_id <= LARGEST_ID},
        external_ids={event.external_id for event in events if event.external_id},
        emails={one.email for one in sent if one.email},
        visible_to=by,
    )
    for one in sent:
        one.refused = [*refusals(one.event, known_types=known.types, at=at), *one.refused]
        # What is stored makes neither lead nor visitor when it is sent again.
        one.is_stored = one.event.idempotency_key in known.keys
    return sent, known.leads


def _resolve(sent: list[_Sent], known: KnownLeads, *, by: User | None, at: datetime, makes_leads: bool) -> bool:
    """Find whose each event is; make the visitors and leads that are new, and return whether any lead was."""
    open_ = [one for one in sent if not one.refused]
    _mark_repeats(open_, known, makes_leads=makes_leads)
    first: dict[str, NewEvent] = {}
    if makes_leads:
        asked = [one for one in open_ if _asks_by_email(one) and not one.is_stored]
        missing = [one for one in asked if one.email not in known.by_email]
        first = {one.email: one.event for one in reversed(missing) if one.email}
        known.by_email.update(make_leads(events=first, by=by, at=at))
    for one in open_:
        one.lead_id = _lead_of(one, known)
        if one.lead_id is None and not one.is_stored and not _is_only_visitor(one):
            one.refused.append(Refusal.of("unknown_lead"))
    _meet_visitors([one for one in open_ if one.event.visitor and not one.refused and not one.is_stored], at)
    return bool(first)


def _mark_repeats(sent: list[_Sent], known: KnownLeads, *, makes_leads: bool) -> None:
    """Mark what has the key of an event before it in the batch, unless that one will be refused."""
    taken: set[str] = set()
    for one in sent:
        key = one.event.idempotency_key
        if key in taken:
            one.is_stored = True
        elif _lead_of(one, known) or _is_only_visitor(one) or (makes_leads and _asks_by_email(one)):
            taken.add(key)


def _lead_of(one: _Sent, known: KnownLeads) -> int | None:
    if one.event.lead_id:
        return known.by_id.get(one.event.lead_id)
    if one.event.external_id:
        return known.by_external_id.get(one.event.external_id)
    return known.by_email.get(one.email) if one.email else None


def _is_only_visitor(one: _Sent) -> bool:
    return bool(one.event.visitor) and not (one.event.lead_id or one.event.external_id or one.email)


def _meet_visitors(sent: list[_Sent], at: datetime) -> None:
    if not sent:
        return
    by_time = sorted(sent, key=lambda one: one.event.occurred_at or at, reverse=True)
    visitors = make_visitors(first_seen={one.event.visitor: one.event.occurred_at or at for one in by_time})
    identities: dict[tuple[int, int], datetime] = {}
    for one in by_time:
        one.visitor_id = visitors[one.event.visitor]
        if one.lead_id:
            identities[one.visitor_id, one.lead_id] = one.event.occurred_at or at
    identify_visitors(identities=identities, at=at)


def _read_email(one: _Sent) -> None:
    try:
        one.email = normal_email(one.event.email)
    except NotUnderstood:
        one.refused.append(Refusal.of("not_understood", field="email", value=one.event.email[:100]))


def _asks_by_email(one: _Sent) -> bool:
    return bool(one.email) and not one.event.lead_id and not one.event.external_id


def _insert(sent: list[_Sent], at: datetime, *, is_history: bool) -> dict[str, int]:
    rows = [
        (
            one.event.idempotency_key, one.lead_id, one.visitor_id, one.event.type, one.event.occurred_at,
            one.event.occurred_at if is_history else at, json.dumps(one.event.properties, ensure_ascii=False),
            NotCounted.PENDING if one.event.is_pending else get_not_counted(one.event.properties) or "",
        )
        for one in sent
    ]  # fmt: skip
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [current().via, *(list(column) for column in zip(*rows, strict=True))])
        return dict(cursor.fetchall())


def _touched(sent: list[_Sent]) -> set[int]:
    leads = {one.lead_id for one in sent if one.lead_id}
    visitors = {one.visitor_id for one in sent if one.visitor_id}
    return leads | _known_as(visitors) if visitors else leads


def _known_as(visitors: set[int]) -> set[int]:
    """Return every lead a visitor was known to be: a new one may have what counted for another until now."""
    return set(VisitorIdentity.objects.filter(visitor_id__in=visitors).values_list("lead_id", flat=True))


def _answer(one: _Sent, first: dict[str, _Sent], inserted: dict[str, int], shown: set[int]) -> EventAnswer:
    key = one.event.idempotency_key
    lead_id = one.lead_id if one.lead_id in shown else None
    if one.refused:
        return EventAnswer(key, EventStatus.REJECTED, tuple(one.refused))
    if key in inserted and first[key] is one:
        return EventAnswer(key, EventStatus.ACCEPTED, event_id=inserted[key], lead_id=lead_id)
    return EventAnswer(key, EventStatus.DUPLICATE, lead_id=lead_id)
