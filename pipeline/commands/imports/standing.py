"""Deals brought in line with their events after history was imported."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crm.commands.imports import save_records
from crm.enums import ReasonKind
from crm.lib.values import Money
from crm.models import Reason
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityEvent, Setpoint

FOLDED = (
    EventKind.SETPOINT,
    EventKind.MOVE_VOIDED,
    EventKind.AMOUNT,
    EventKind.EXPECTED_CLOSE_ON,
    EventKind.OWNER,
    EventKind.CLOSED,
    EventKind.REOPENED,
)
SAVED = (
    "setpoint_id", "setpoint_entered_at", "highest_rank", "amount", "amount_currency", "expected_close_on", "owner_id",
    "outcome", "closed_at", "close_reason_id", "competitor_id", "close_note", "revisit_on",
    "backfilled", "version",
)  # fmt: skip


def bring_in_line(deals: Sequence[Opportunity]) -> None:
    """Fold the events of locked deals and store what they come to; only what differs raises the version."""
    if not deals:
        return
    events: dict[int, list[OpportunityEvent]] = defaultdict(list)
    rows = OpportunityEvent.objects.filter(opportunity__in=deals, kind__in=FOLDED).order_by("occurred_at", "seq")
    for event in rows:
        events[event.opportunity_id].append(event)
    ranks = dict(Setpoint.objects.values_list("id", "rank"))
    reasons = {(reason.kind, reason.code): reason.pk for reason in Reason.objects.all()}
    dirty = [deal for deal in deals if _fold(deal, events[deal.pk], ranks, reasons)]
    for deal in dirty:
        deal.version += 1
    save_records(Opportunity, dirty, SAVED)


def _fold(
    deal: Opportunity, events: list[OpportunityEvent], ranks: dict[int, int], reasons: dict[tuple[str, str], int]
) -> bool:
    wanted = _standing(events, ranks) | _values(events) | _outcome(events, reasons)
    wanted["backfilled"] = any(event.detail.get("backfilled") and event.kind in _HISTORY for event in events)
    changed = {name for name, value in wanted.items() if getattr(deal, name) != value}
    for name in changed:
        setattr(deal, name, wanted[name])
    return bool(changed)


_HISTORY = (EventKind.SETPOINT, EventKind.CLOSED)


def _standing(events: list[OpportunityEvent], ranks: dict[int, int]) -> dict[str, Any]:
    voided = {event.detail.get("voids") for event in events if event.kind == EventKind.MOVE_VOIDED}
    moves = [event for event in events if event.kind == EventKind.SETPOINT and event.seq not in voided]
    if not moves:
        return {}
    reached = [ranks[event.new["setpoint"]] for event in moves if event.new]
    last = moves[-1].new or {}
    return {
        "setpoint_id": last.get("setpoint"),
        "setpoint_entered_at": moves[-1].occurred_at,
        "highest_rank": max(reached, default=None),
    }


def _values(events: list[OpportunityEvent]) -> dict[str, Any]:
    """Return what the last events say; a field no event speaks of is empty, but somebody always owns a deal."""
    last = {event.kind: event.new for event in events}
    money, day, owner = (last.get(kind) for kind in (EventKind.AMOUNT, EventKind.EXPECTED_CLOSE_ON, EventKind.OWNER))
    wanted: dict[str, Any] = {
        "amount": Money(Decimal(money["amount"]), money["currency"]) if money else None,
        "expected_close_on": date.fromisoformat(day["on"]) if day else None,
    }
    return wanted | ({"owner_id": owner["owner"]} if owner else {})


def _outcome(events: list[OpportunityEvent], reasons: dict[tuple[str, str], int]) -> dict[str, Any]:
    # A new cycle is a deal of its own; the one it follows stays closed.
    ends = [
        event
        for event in events
        if event.kind == EventKind.CLOSED or (event.kind == EventKind.REOPENED and event.detail.get("voids_outcome"))
    ]
    if not ends:
        return {}
    if ends[-1].kind == EventKind.REOPENED:
        gone = dict.fromkeys(("closed_at", "close_reason_id", "competitor_id", "revisit_on"))
        return {"outcome": "", "close_note": "", **gone}
    new = ends[-1].new or {}
    return {
        "outcome": new["outcome"],
        "closed_at": ends[-1].occurred_at,
        "close_reason_id": reasons.get((str(ReasonKind(new["outcome"])), new.get("reason") or "not_recorded")),
        "competitor_id": new.get("competitor"),
    }
