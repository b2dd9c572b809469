"""Recording crossings of the threshold, and handing leads over (S-9, D-27)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from crm.models import User
from scoring.commands.clocks import assign
from scoring.commands.statuses import change_statuses
from scoring.enums import FINISHED_STATUSES, CrossingState, LeadStatus
from scoring.facts import NewCrossing, RepFacts, Route
from scoring.models import Crossing, Handoff, Lead
from scoring.policies.routing import choose_rep
from scoring.queries.reps import get_reps
from scoring.queries.routing import describe_lead, get_territories


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
    leads = list(Lead.objects.filter(pk__in=latest).select_related("account", "contact").order_by("pk"))
    handoffs = [Handoff(lead=lead, crossing=latest[lead.pk], created_at=at) for lead in leads]
    assign(handoffs=handoffs, routes=route_leads(leads, reps=get_reps(at=at), at=at), at=at)
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
    locked = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True)
    handoffs = list(locked.select_related("lead__account", "lead__contact").order_by("created_at", "pk"))
    if not handoffs:
        return 0
    routes = route_leads([handoff.lead for handoff in handoffs], reps=get_reps(at=at), at=at)
    routed = [handoff for handoff in handoffs if routes[handoff.lead_id].rep_id is not None]
    assign(handoffs=routed, routes=routes, at=at)
    return len(routed)


def route_leads(leads: Iterable[Lead], *, reps: dict[int, RepFacts], at: datetime) -> dict[int, Route]:
    """Return who takes each lead, by its id; what one takes counts for the next."""
    territories = get_territories()
    routes: dict[int, Route] = {}
    for lead in leads:
        route = routes[lead.pk] = choose_rep(reps, describe_lead(lead), territories=territories)
        if route.rep_id is not None:
            rep = reps[route.rep_id]
            reps[rep.user_id] = replace(rep, open_handoffs=rep.open_handoffs + 1, last_assigned_at=at)
    return routes


def _held(lead_ids: list[int]) -> set[int]:
    return set(Handoff.objects.filter(lead_id__in=lead_ids, answered_at=None).values_list("lead_id", flat=True))


def _state(crossing: NewCrossing, *, is_held: bool) -> CrossingState:
    if crossing.attaches or is_held:
        return CrossingState.ATTACHED
    return CrossingState.WAITING if crossing.waiting else CrossingState.HANDED_OVER
