"""How deals end (P-5, D-39, B0)."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from crm.enums import ReasonKind
from crm.lib.periods import end_of_day
from crm.lib.values import Money, Refusal
from crm.models import Reason, User
from crm.queries.organisation import get_zone
from pipeline.commands.competitors import ensure_competitor, settle_competitors
from pipeline.commands.handovers import make_handover
from pipeline.commands.history import EventDraft, closing_draft, money_value, record
from pipeline.commands.open_steps import drop_open_steps
from pipeline.commands.opportunities.refused import CloseRefused, lock_deal
from pipeline.commands.reasons import ensure_declined_reasons
from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.facts import Closing, CriterionFacts
from pipeline.models import Competitor, Opportunity, OpportunityEvent
from pipeline.policies import closing as policy
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.setpoints import get_criteria


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
