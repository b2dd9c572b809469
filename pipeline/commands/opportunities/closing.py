"""How deals end, and how they go on (P-5, D-39, B0)."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.enums import ReasonKind
from crm.lib.periods import end_of_day
from crm.lib.values import Money, Refusal
from crm.models import Reason, User
from crm.queries.organisation import get_zone
from pipeline.commands.competitors import ensure_competitor, settle_competitors
from pipeline.commands.handovers import make_handover
from pipeline.commands.history import EventDraft, closing_draft, money_value, move_detail, record, setpoint_value
from pipeline.commands.open_steps import drop_open_steps
from pipeline.commands.opportunities.creating import create_opportunity
from pipeline.commands.opportunities.refused import CloseRefused, ReopenRefused, lock_deal, refuse_missing
from pipeline.commands.opportunities.steps import restore_steps
from pipeline.commands.reasons import ensure_declined_reasons
from pipeline.enums import DealType, Outcome
from pipeline.events import EventKind
from pipeline.facts import Closing, CriterionFacts
from pipeline.models import Competitor, Opportunity, OpportunityCompetitor, OpportunityEvent, Setpoint
from pipeline.policies import closing as policy
from pipeline.policies import moves
from pipeline.policies.promises import bars_at
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.opportunities import is_possible_owner
from pipeline.queries.promises import get_bars
from pipeline.queries.setpoints import find_setpoint, get_criteria, get_path


@dataclass(frozen=True, slots=True)
class Reopening:
    """A deal that goes on: the same one, or a new cycle linked to it."""

    deal: Opportunity
    is_new_cycle: bool


@transaction.atomic
def close_opportunity(
    *,
    opportunity_id: int,
    outcome: Outcome | str,
    seen_version: int,
    by: User | None,
    at: datetime,
    closed_on: date | None = None,
    reason_code: str = "",
    competitor: str = "",
    note: str = "",
    revisit_on: date | None = None,
    amount: Money | None = None,
    criteria: Sequence[str] = (),
) -> Opportunity:
    """Close a deal with what its outcome asks for; `closed_on` is a local day, today where none is given.

    `competitor` is the name of who won it, or of whom we beat; a new one is added to the list. `amount`
    is the final value, by default the amount the deal has. `criteria` are the codes of those that spoke against it;
    the reason a deal is declined for is one of them, by default the first.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises CloseRefused: naming every missing or impossible field
    """
    deal = lock_deal(opportunity_id, by=by)
    deal.require_version(seen_version)
    zone = get_zone()
    today = at.astimezone(zone).date()
    closing = Closing(
        outcome=Outcome(outcome), closed_on=closed_on or today, reason_code=reason_code, competitor=competitor.strip(),
        note=note.strip(), revisit_on=revisit_on, amount=amount or deal.amount, criteria=tuple(criteria),
    ).with_reason_among_criteria()  # fmt: skip
    created_on = deal.created_at.astimezone(zone).date()
    reopened_at = _reopened_at(deal)
    refused = policy.refusals(
        get_deal_facts(deal, (), rank=None), closing, created_on=created_on, today=today,
        reopened_on=reopened_at and reopened_at.astimezone(zone).date(),
    )  # fmt: skip
    known = {each.code: each for each in get_criteria(deal.pipeline_id)} if closing.criteria else {}
    refused += _unknown_criteria(closing, known)
    if refused:
        raise CloseRefused(refused)
    reason = _find_reason(closing, known)
    closed_at = min(at, end_of_day(closing.closed_on, zone))
    return _close(deal, closing, reason, closed_at=closed_at, by=by, at=at)


def _reopened_at(deal: Opportunity) -> datetime | None:
    """Return when the deal last went on; whoever closes it again closes it later, or its past would say otherwise."""
    voided = OpportunityEvent.objects.filter(
        opportunity_id=deal.pk, kind=EventKind.REOPENED, detail__voids_outcome=True
    )
    last: datetime | None = voided.aggregate(last=Max("occurred_at"))["last"]
    return last


def _unknown_criteria(closing: Closing, known: Container[str]) -> list[Refusal]:
    return [
        Refusal.of("unknown_reason", field="reason_code", value=code[:50])
        if code == closing.reason_code
        else Refusal.of("unknown_value", field="criteria", value=code[:50])
        for code in closing.criteria
        if code not in known
    ]


def _find_reason(closing: Closing, criteria: Mapping[str, CriterionFacts]) -> Reason:
    if closing.outcome == Outcome.DECLINED:
        return ensure_declined_reasons([criteria[closing.reason_code]])[closing.reason_code]
    reason = Reason.objects.filter(kind=ReasonKind(closing.outcome), code=closing.reason_code, retired_at=None).first()
    if reason is None:
        raise CloseRefused(Refusal.of("unknown_reason", field="reason_code", value=closing.reason_code))
    return reason


def _close(
    deal: Opportunity, closing: Closing, reason: Reason, *, closed_at: datetime, by: User | None, at: datetime
) -> Opportunity:
    old_amount = deal.amount
    deal.outcome, deal.closed_at, deal.close_reason, deal.close_note = closing.outcome, closed_at, reason, closing.note
    deal.revisit_on, deal.competitor = closing.revisit_on, _settle_competitors(deal, closing)
    if closing.outcome == Outcome.WON:
        deal.amount = closing.amount
    dropped = drop_open_steps([deal], at=at)[deal.pk]
    deal.version += 1
    deal.save(
        update_fields=[
            "outcome", "closed_at", "close_reason", "close_note", "revisit_on", "competitor", "amount",
            "amount_currency", "current_step", "next_step_on", "version",
        ]
    )  # fmt: skip
    drafts = _value_drafts(deal, old_amount, closed_at=closed_at, at=at)
    drafts += dropped
    drafts.append(
        closing_draft(
            closing,
            closed_at=closed_at,
            setpoint_id=deal.setpoint_id,
            competitor_id=deal.competitor_id,
            amount=deal.amount,
        )
    )
    record(deal, drafts, by=by, at=at)
    if deal.outcome == Outcome.WON:
        make_handover(deal, at=at)
    return deal


def _value_drafts(
    deal: Opportunity, old_amount: Money | None, *, closed_at: datetime, at: datetime
) -> list[EventDraft]:
    """Say what a won deal was worth when it was won, and again now where the amount changed in between."""
    if deal.outcome != Outcome.WON:
        return []
    told = OpportunityEvent.objects.filter(opportunity_id=deal.pk, kind=EventKind.AMOUNT).order_by("occurred_at", "seq")
    before = [event.new for event in told if event.occurred_at <= closed_at]
    old, new = money_value(old_amount), money_value(deal.amount)
    then = before[-1] if before else None if told else old
    drafts = [EventDraft(EventKind.AMOUNT, closed_at, then, new)] if then != new else []
    if len(before) < len(told) and old != new:
        drafts.append(EventDraft(EventKind.AMOUNT, at, old, new))
    return drafts


def _settle_competitors(deal: Opportunity, closing: Closing) -> Competitor | None:
    """Keep each competitor's own outcome (D-39); the one named won a lost deal, and lost a won one."""
    competitor = ensure_competitor(name=closing.competitor) if closing.competitor else None
    settle_competitors({deal.pk: (closing.outcome, competitor.pk if competitor else None)})
    return competitor


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
    `setpoint_id` says where; by default where it stood, or at the start where that is unknown or for a new cycle.
    A new cycle asks for its first meeting, or for `override` instead, as any new deal does; a deal that goes on further
    than it stood asks for the facts of that setpoint, as any move does.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: carrying the facts that are missing where it goes on
    :raises ReopenRefused: it is open, archived, or the setpoint is not one of its pipeline
    """
    deal = lock_deal(opportunity_id, by=by)
    deal.require_version(seen_version)
    if not deal.outcome or deal.closed_at is None or deal.archived_at is not None:
        raise ReopenRefused(Refusal.of("deal_not_closed"))
    told_at = _recorded_close(deal, deal.closed_at) or deal.closed_at
    voids = policy.voids_outcome(closed_at=max(deal.closed_at, told_at), at=at)
    setpoint = _find_setpoint(deal, setpoint_id or (deal.setpoint_id if voids else None))
    if voids:
        return Reopening(_reopen(deal, setpoint, override=override, by=by, at=at), is_new_cycle=False)
    if Opportunity.objects.filter(previous_cycle=deal).exists():
        raise ReopenRefused(Refusal.of("next_cycle_exists"))
    cycle = _start_cycle(deal, setpoint, first_meeting_at=first_meeting_at, override=override, by=by, at=at)
    return Reopening(cycle, is_new_cycle=True)


def _find_setpoint(deal: Opportunity, setpoint_id: int | None) -> Setpoint:
    setpoints = Setpoint.objects.filter(pipeline_id=deal.pipeline_id, retired_at=None).order_by("rank")
    setpoint = setpoints.filter(pk=setpoint_id).first() if setpoint_id else setpoints.first()
    if setpoint is None:
        raise ReopenRefused(Refusal.of("other_pipeline"), field="setpoint")
    return setpoint


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
    path = get_path(deal.pipeline_id)
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
