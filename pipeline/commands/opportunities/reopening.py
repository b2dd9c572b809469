"""How closed deals go on: the same one again, or a new cycle (P-5, B0)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.history import EventDraft, move_detail, record, setpoint_value
from pipeline.commands.opportunities.creating import create_opportunity
from pipeline.commands.opportunities.refused import ReopenRefused, lock_deal, refuse_missing
from pipeline.commands.opportunities.steps import restore_steps
from pipeline.enums import DealType
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityCompetitor, OpportunityEvent, Setpoint
from pipeline.policies import closing as policy
from pipeline.policies import moves
from pipeline.policies.promises import bars_at
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.opportunities import is_possible_owner
from pipeline.queries.promises import get_bars
from pipeline.queries.setpoints import find_setpoint, get_path


@dataclass(frozen=True, slots=True)
class Reopening:
    """A deal that goes on: the same one, or a new cycle linked to it."""

    deal: Opportunity
    is_new_cycle: bool


@transaction.atomic
def reopen_opportunity(
    *,
    opportunity_id: int,
    seen_version: int,
    by: User | None,
    at: datetime,
    setpoint_id: int | None = None,
    first_meeting_at: datetime | None = None,
    override: str = "",
) -> Reopening:
    """Let a closed deal go on: within 30 days its outcome is voided, later a new cycle starts as a deal of its own.

    The days count from when it was closed or from when somebody said so, so that a slip with an old day can be mended.
    `setpoint_id` says where; by default where it stood, below that if it was retired since, or at the start where that is
    unknown or for a new cycle.
    A new cycle asks for its first meeting, or for `override` instead, as any new deal does; a deal that goes on further
    than it stood asks for the facts of that setpoint, as any move does.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: carrying the facts that are missing where it goes on
    :raises ReopenRefused: it is open, archived, its pipeline is not used any more, or the setpoint is not one of it
    """
    deal = lock_deal(opportunity_id, by=by)
    deal.require_version(seen_version)
    if not deal.outcome or deal.closed_at is None or deal.archived_at is not None:
        raise ReopenRefused(Refusal.of("deal_not_closed"))
    told_at = _recorded_close(deal, deal.closed_at) or deal.closed_at
    voids = policy.voids_outcome(closed_at=max(deal.closed_at, told_at), at=at)
    setpoint = _find_setpoint(deal, setpoint_id, where_it_stood=voids)
    if voids:
        return Reopening(_reopen(deal, setpoint, override=override, by=by, at=at), is_new_cycle=False)
    if Opportunity.objects.filter(previous_cycle=deal).exists():
        raise ReopenRefused(Refusal.of("next_cycle_exists"))
    cycle = _start_cycle(deal, setpoint, first_meeting_at=first_meeting_at, override=override, by=by, at=at)
    return Reopening(cycle, is_new_cycle=True)


def _find_setpoint(deal: Opportunity, setpoint_id: int | None, *, where_it_stood: bool) -> Setpoint:
    """Return the setpoint asked for, else where the deal stood or the next one in use below, else the first."""
    get_path(deal.pipeline_id, held=True)  # whoever retires the pipeline or a setpoint of it waits, or has done so
    in_use = list(Setpoint.objects.filter(pipeline_id=deal.pipeline_id, retired_at=None).order_by("rank"))
    if deal.pipeline.retired_at is not None or not in_use:
        raise ReopenRefused(Refusal.of("pipeline_retired", name=deal.pipeline.name))
    if setpoint_id is not None:
        found = next((each for each in in_use if each.pk == setpoint_id), None)
        if found is None:
            raise ReopenRefused(Refusal.of("other_pipeline"), field="setpoint")
        return found
    stood = deal.setpoint if where_it_stood else None
    reached = [each for each in in_use if stood is not None and each.rank <= stood.rank]
    return reached[-1] if reached else in_use[0]


def _reopen(deal: Opportunity, setpoint: Setpoint, *, override: str, by: User | None, at: datetime) -> Opportunity:
    if bars_at(setpoint.probability) and (bars := get_bars([deal.pk])):
        raise ReopenRefused(bars[deal.pk], field="setpoint")
    outcome, closed_at, stood_at = deal.outcome, deal.closed_at, deal.setpoint_id
    restored = restore_steps(deal, dropped_at=_recorded_close(deal, closed_at), at=at)
    detail = _enter(deal, setpoint, override=override, by=by) if stood_at != setpoint.pk else {}
    deal.outcome, deal.closed_at, deal.close_reason, deal.close_note = "", None, None, ""
    deal.competitor, deal.revisit_on = None, None
    if stood_at != setpoint.pk or deal.setpoint_entered_at is None:
        deal.setpoint, deal.setpoint_entered_at = setpoint, at
        deal.highest_rank = max(setpoint.rank, deal.highest_rank or 0)
    deal.version += 1
    deal.save(
        update_fields=[
            "outcome", "closed_at", "close_reason", "close_note", "competitor", "revisit_on", "setpoint",
            "setpoint_entered_at", "highest_rank", "version",
        ]
    )  # fmt: skip
    OpportunityCompetitor.objects.filter(opportunity=deal).update(outcome="")
    drafts = [
        EventDraft(EventKind.REOPENED, at, {"outcome": outcome}, {}, {"cycle_no": deal.cycle_no, "voids_outcome": True})
    ]
    if stood_at != setpoint.pk:
        drafts.append(EventDraft(EventKind.SETPOINT, at, setpoint_value(stood_at), setpoint_value(setpoint.pk), detail))
    drafts += restored
    record(deal, drafts, by=by, at=at)
    return deal


def _enter(deal: Opportunity, setpoint: Setpoint, *, override: str, by: User | None) -> dict[str, Any]:
    """See that a deal that goes on elsewhere may stand there; return what its setpoint event keeps."""
    path = get_path(deal.pipeline_id, held=True)
    to, stood = find_setpoint(path, setpoint.pk), find_setpoint(path, deal.setpoint_id or 0)
    assert to is not None
    facts = get_deal_facts(deal, to.cumulative_criteria, rank=stood.rank if stood else None)
    if moves.is_backward(facts, to=to) or not moves.unmet_criteria(facts, to=to):
        return move_detail(facts, to, reason=override)
    refuse_missing(facts, to, by=by, override=override)
    return move_detail(facts, to, override=override)


def _recorded_close(deal: Opportunity, closed_at: datetime | None) -> datetime | None:
    if closed_at is None:
        return None
    closed = OpportunityEvent.objects.filter(opportunity_id=deal.pk, kind=EventKind.CLOSED, occurred_at=closed_at)
    return closed.order_by("-seq").values_list("recorded_at", flat=True).first()


def _start_cycle(
    deal: Opportunity, setpoint: Setpoint, *, first_meeting_at: datetime | None, override: str, by: User | None,
    at: datetime,
) -> Opportunity:  # fmt: skip
    cycle = create_opportunity(
        account_id=deal.account_id,
        name=deal.name,
        owner_id=deal.owner_id if by is None or is_possible_owner(deal.owner_id) else by.pk,
        pipeline_code=setpoint.pipeline.code,
        setpoint_code=setpoint.code,
        amount=deal.amount,
        deal_type=DealType(deal.deal_type),
        source_id=deal.source_id,
        campaign_id=deal.campaign_id,
        approach=deal.approach,
        contact_id=deal.contact_id,
        lead_created_at=deal.lead_created_at,
        first_meeting_at=first_meeting_at,
        previous_cycle=deal,
        override=override,
        by=by,
        at=at,
    )
    detail = {"cycle_no": cycle.cycle_no, "voids_outcome": False, "opportunity": cycle.pk}
    record(deal, [EventDraft(EventKind.REOPENED, at, {"outcome": deal.outcome}, {}, detail)], by=by, at=at)
    return cycle
