"""The one place deal events are made (D-20, D-34): pure drafts, then rows under the deal's lock.

Single commands and bulk imports share the drafts, so that history reads alike wherever it came from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from crm.lib.origin import Origin, current
from crm.lib.values import Money
from crm.models import User
from pipeline.commands.derived import refresh_derived
from pipeline.enums import Fact
from pipeline.events import EventKind
from pipeline.facts import Closing, DealFacts, EvidenceFacts, SetpointFacts
from pipeline.models import NextStep, Opportunity, OpportunityEvent, OpportunityLine
from pipeline.policies import moves

Value = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class EventDraft:
    """One change that is to be recorded; `recorded_at` where that is another moment than its command's."""

    kind: EventKind
    occurred_at: datetime
    old: Value = None
    new: Value = None
    detail: dict[str, Any] = field(default_factory=dict)
    idempotency_key: str | None = None
    recorded_at: datetime | None = None


def setpoint_value(setpoint_id: int | None) -> Value:
    """Return a setpoint as events hold it."""
    return None if setpoint_id is None else {"setpoint": setpoint_id}


def money_value(money: Money | None) -> Value:
    """Return an amount as events hold it."""
    return None if money is None else money.as_json()


def day_value(on: date | None) -> Value:
    """Return a day as events hold it."""
    return None if on is None else {"on": on.isoformat()}


def code_value(name: str, code: Any) -> Value:
    """Return a code or an id under its name; nothing for none."""
    return None if code in (None, "") else {name: code if isinstance(code, int) else str(code)}


def step_value(step: NextStep) -> Value:
    """Return a next step as events hold it."""
    return {
        "step": step.pk,
        "on": step.due_on.isoformat(),
        "purpose": step.purpose,
        "done": step.done_at is not None,
        "dropped": step.dropped_at is not None,
    }


def line_value(line: OpportunityLine) -> Value:
    """Return a line of a deal as events hold it."""
    price, cost = money_value(line.price) or {}, money_value(line.cost) or {}
    return {
        "line": line.pk,
        "product": line.product_id,
        "description": line.description,
        "quantity": f"{Decimal(line.quantity):.3f}",
        "price": price.get("amount"),
        "currency": price.get("currency"),
        "cost": cost.get("amount"),
        "cost_currency": cost.get("currency"),
        "discount": f"{Decimal(line.discount):.4f}",
        "billing": str(line.billing),
        "months": line.months,
        "removed": line.removed_at is not None,
    }


def field_drafts(old: Mapping[str, Any], new: Mapping[str, Any], *, at: datetime) -> list[EventDraft]:
    """Return an event for each field that events follow and that changed, in a fixed order."""
    drafts = []
    for name, kind, as_value in FIELDS:
        if name in new and old.get(name) != new[name]:
            drafts.append(EventDraft(kind, at, as_value(old.get(name)), as_value(new[name])))
    return drafts


def _day_fact(code: Fact) -> Callable[[date | None], Value]:
    return lambda on: None if on is None else {"code": str(code), "on": on.isoformat()}


def _text_fact(code: Fact) -> Callable[[str], Value]:
    return lambda text: {"code": str(code), "text": text} if text else None


def _main_contact_value(contact_id: int | None) -> Value:
    return None if contact_id is None else {"contact": contact_id, "main": True}


# Which fields of a deal are followed, as which kind, and how their values look.
FIELDS: tuple[tuple[str, EventKind, Any], ...] = (
    ("pipeline_id", EventKind.PIPELINE, lambda value: code_value("pipeline", value)),
    ("deal_type", EventKind.DEAL_TYPE, lambda value: code_value("deal_type", value)),
    ("owner_id", EventKind.OWNER, lambda value: code_value("owner", value)),
    ("category", EventKind.CATEGORY, lambda value: code_value("category", value)),
    ("approach", EventKind.APPROACH, lambda value: code_value("approach", value)),
    ("stage_id", EventKind.STAGE, lambda value: code_value("stage", value)),
    ("amount", EventKind.AMOUNT, money_value),
    ("expected_close_on", EventKind.EXPECTED_CLOSE_ON, day_value),
    ("decision_on", EventKind.EVIDENCE, _day_fact(Fact.DECISION_DATE_KNOWN)),
    ("required_results", EventKind.EVIDENCE, _text_fact(Fact.RESULTS_KNOWN)),
    ("go_live_on", EventKind.EVIDENCE, _day_fact(Fact.GO_LIVE_KNOWN)),
    ("contact_id", EventKind.STAKEHOLDER, _main_contact_value),
)
FOLLOWED = tuple(name for name, _, _ in FIELDS)


def creation_drafts(
    deal: Opportunity, *, setpoint: Mapping[str, Any] | None = None, backfilled: bool = False
) -> list[EventDraft]:
    """Return `created` and the first value of every followed field, setpoint last; all at `deal.created_at`.

    `setpoint` is the detail of the first setpoint event, see `move_detail`. A deal imported closed and
    without setpoint has no setpoint event. `backfilled` marks first values that are assumed from later ones (D-23).
    """
    at = deal.created_at
    mark: dict[str, Any] = {"backfilled": True} if backfilled else {}
    drafts = [EventDraft(EventKind.CREATED, at, None, {})]
    drafts += [
        EventDraft(kind, at, None, as_value(value), mark)
        for name, kind, as_value in FIELDS
        if (value := getattr(deal, name)) not in (None, "")
    ]
    if deal.setpoint_id is not None:
        detail = {**(setpoint or {}), **mark}
        drafts.append(EventDraft(EventKind.SETPOINT, at, None, setpoint_value(deal.setpoint_id), detail))
    return drafts


def move_detail(
    deal: DealFacts, to: SetpointFacts, *, override: str = "", reason: str = "", before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what a setpoint event keeps beside the setpoint: the result per criterion, why, and what was skipped."""
    return {
        "criteria": [
            {
                "code": each.code,
                "version": each.number,
                "met": each.is_met_by(deal),
                "evidence": _pointer(deal.evidence.get(each.version_id)),
            }
            for each in to.asked_of(deal.deal_type)
        ],
        "override": override.strip(),
        "reason": reason.strip(),
        "skipped": moves.skipped_setpoints(deal.rank, to=to),
        **({"before": dict(before)} if before else {}),
    }


def _pointer(evidence: EvidenceFacts | None) -> str | None:
    if evidence is None:
        return None
    if evidence.attestation_id is not None:
        return f"attestation:{evidence.attestation_id}"
    return evidence.on.isoformat() if evidence.on else evidence.note


def closing_draft(
    closing: Closing, *, closed_at: datetime, setpoint_id: int | None, competitor_id: int | None, amount: Money | None,
    backfilled: bool = False,
) -> EventDraft:  # fmt: skip
    """Return the `closed` event of an outcome."""
    new = {
        "outcome": str(closing.outcome),
        "reason": closing.reason_code or None,
        "competitor": competitor_id,
        "on": closing.closed_on.isoformat(),
        "revisit_on": closing.revisit_on.isoformat() if closing.revisit_on else None,
        "setpoint": setpoint_id,
        "amount": None,
        "currency": None,
        **(money_value(amount) or {}),
    }
    detail: dict[str, Any] = {"note": closing.note.strip()}
    detail |= {"criteria": list(closing.criteria)} if closing.criteria else {}
    detail |= {"backfilled": True} if backfilled else {}
    return EventDraft(EventKind.CLOSED, closed_at, None, new, detail)


def row_values(
    drafts: Iterable[EventDraft],
    *,
    opportunity_id: int,
    first_seq: int,
    by_id: int | None,
    recorded_at: datetime | None,
    origin: Origin,
) -> list[dict[str, Any]]:
    """Return what each row holds, in order. Without `recorded_at` each is recorded when it occurred: a first load (D-21)."""
    return [
        {
            "opportunity_id": opportunity_id,
            "seq": seq,
            "kind": draft.kind,
            "occurred_at": draft.occurred_at,
            "recorded_at": draft.recorded_at or recorded_at or draft.occurred_at,
            "by_id": by_id,
            "via": origin.via,
            "reference": origin.reference,
            "old": draft.old,
            "new": draft.new,
            "detail": draft.detail,
            "idempotency_key": draft.idempotency_key,
        }
        for seq, draft in enumerate(drafts, start=first_seq)
    ]


def build_rows(drafts: Iterable[EventDraft], **place: Any) -> list[OpportunityEvent]:
    """Return unsaved rows in order; takes what `row_values` takes."""
    return [OpportunityEvent(**values) for values in row_values(drafts, **place)]


def record(deal: Opportunity, drafts: Sequence[EventDraft], *, by: User | None, at: datetime) -> list[OpportunityEvent]:
    """Write the events of a deal whose row is locked, numbered after the last one; what is derived of it follows."""
    if not drafts:
        return []
    last = OpportunityEvent.objects.filter(opportunity_id=deal.pk).aggregate(last=Max("seq"))["last"] or 0
    rows = build_rows(
        drafts,
        opportunity_id=deal.pk,
        first_seq=last + 1,
        by_id=by.pk if by else None,
        recorded_at=at,
        origin=current(),
    )
    written = OpportunityEvent.objects.bulk_create(rows)
    refresh_derived([deal.pk], at=at)
    return written
