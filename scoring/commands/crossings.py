"""Recording crossings of the threshold, and handing leads over (S-9, D-27)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from crm.models import User
from crm.queries.working_hours import get_working_hours
from scoring.commands.statuses import change_statuses
from scoring.enums import FINISHED_STATUSES, CrossingState, LeadStatus
from scoring.facts import NewCrossing, RepFacts
from scoring.models import Crossing, Handoff, Lead
from scoring.policies.routing import choose_rep
from scoring.policies.sla import due_at
from scoring.queries.reps import get_reps


def record_crossings(
    *, found: Mapping[int, Sequence[NewCrossing]], model_id: int, by: User | None, at: datetime
) -> list[int]:
    """Record new crossings of locked leads and hand over what is to be handed over; return their ids."""
    lead_ids = [lead_id for lead_id, crossings in found.items() if crossings]
    if not lead_ids:
        return []
    held = _held(lead_ids)
    rows = [
        Crossing(
            lead_id=lead_id,
            event_id=None if crossing.cause.is_known else crossing.cause.id,
            known_id=crossing.cause.id if crossing.cause.is_known else None,
            fast_track=crossing.fast_track,
            model_id=model_id,
            score=crossing.score,
            crossed_at=crossing.at,
            recorded_at=at,
            state=_state(crossing, is_held=lead_id in held),
            waiting_reason=crossing.waiting or "",
        )
        for lead_id in lead_ids
        for crossing in found[lead_id]
    ]
    Crossing.objects.bulk_create(rows)
    hand_over(crossings=[row for row in rows if row.state == CrossingState.HANDED_OVER], by=by, at=at)
    return [row.pk for row in rows]


def hand_over(*, crossings: Iterable[Crossing], by: User | None, at: datetime) -> list[Handoff]:
    """Give the leads of these crossings to reps and start their clocks; none of the leads is held by anybody.

    The number of statements does not depend on the number of leads.
    """
    latest = {crossing.lead_id: crossing for crossing in crossings}
    if not latest:
        return []
    leads = list(Lead.objects.filter(pk__in=latest).select_related("account").order_by("pk"))
    owners = _route(leads, at)
    hours = get_working_hours({owner_id for owner_id in owners.values() if owner_id})
    handoffs = [
        Handoff(
            lead=lead,
            crossing=latest[lead.pk],
            owner_id=(owner_id := owners[lead.pk]),
            assigned_at=at if owner_id else None,
            due_at=due_at(at, hours=hours[owner_id]) if owner_id else None,
            created_at=at,
        )
        for lead in leads
    ]
    Handoff.objects.bulk_create(handoffs)
    change_statuses(
        leads=[lead for lead in leads if lead.status not in FINISHED_STATUSES], to=LeadStatus.MQL, by=by, at=at
    )
    return handoffs


@transaction.atomic
def route_unassigned(*, at: datetime) -> int:
    """Give the handoffs nobody has to the reps there are by now, the oldest first; return how many.

    They were made while there was no active rep (D-27). What somebody is just giving or answering is left alone.
    """
    waiting = Handoff.objects.filter(owner=None, answered_at=None, lead__merged_into=None, lead__archived_at=None)
    locked = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related("lead__account")
    handoffs = list(locked.order_by("created_at", "pk"))
    owners = _route([handoff.lead for handoff in handoffs], at) if handoffs else {}
    routed = [handoff for handoff in handoffs if owners[handoff.lead_id] is not None]
    assign(handoffs=routed, owners=owners, at=at)
    return len(routed)


def assign(*, handoffs: Collection[Handoff], owners: Mapping[int, int | None], at: datetime) -> None:
    """Let locked open handoffs be answered by the owner of each lead's id, and start their clocks."""
    hours = get_working_hours({owner_id for owner_id in owners.values() if owner_id})
    for handoff in handoffs:
        owner_id = owners[handoff.lead_id]
        handoff.owner_id, handoff.assigned_at = owner_id, at
        handoff.due_at = due_at(at, hours=hours[owner_id]) if owner_id else None
        handoff.version += 1
    Handoff.objects.bulk_update(handoffs, ["owner", "assigned_at", "due_at", "version"])


def _held(lead_ids: list[int]) -> set[int]:
    return set(Handoff.objects.filter(lead_id__in=lead_ids, answered_at=None).values_list("lead_id", flat=True))


def _state(crossing: NewCrossing, *, is_held: bool) -> CrossingState:
    if crossing.attaches or is_held:
        return CrossingState.ATTACHED
    return CrossingState.WAITING if crossing.waiting else CrossingState.HANDED_OVER


def _route(leads: Iterable[Lead], at: datetime) -> dict[int, int | None]:
    reps = get_reps()
    owners: dict[int, int | None] = {}
    for lead in leads:
        account_owner_id = lead.account.owner_id if lead.account else None
        chosen = choose_rep(reps, account_owner_id=account_owner_id, lead_owner_id=lead.owner_id)
        owners[lead.pk] = chosen
        if chosen is not None:
            reps[chosen] = _one_more(reps[chosen], at)
    return owners


def _one_more(rep: RepFacts, at: datetime) -> RepFacts:
    return replace(rep, open_handoffs=rep.open_handoffs + 1, last_assigned_at=at)
