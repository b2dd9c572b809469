"""What a deal is worth beyond its price: potential to grow, and strategic value somebody agreed to (EE-059 to EE-061)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.lib.errors import NotPermitted
from crm.lib.values import Money, Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.commands.economics.refused import EconomicsRefused, refuse, refuse_stale
from pipeline.commands.economics.rows import lock_for_economics, lock_row, refuse_removed, take_away, tell, write
from pipeline.commands.history import Value, money_value
from pipeline.models import ExpansionPotential, StrategicValue
from pipeline.policies.economics import approve_refusals, expansion_refusals, strategic_refusals

UNAPPROVED = {"approved_by_id": None, "approved_at": None, "reason": ""}


@transaction.atomic
def put_expansion(
    *,
    opportunity_id: int,
    kind: str,
    yearly: Money | None,
    by: User | None,
    at: datetime,
    note: str = "",
    seen: Mapping[str, Any] | None = None,
) -> ExpansionPotential:
    """Say what the customer could buy more of in a year; said again it replaces what was said of that kind.

    `seen` holds what a page showed of it.

    :raises EconomicsRefused: a value may not stand in its field
    :raises StaleRecord: somebody changed one of these columns since
    :raises NotPermitted: the person may not change the deal
    """
    deal, note = lock_for_economics(opportunity_id, by=by), note.strip()
    refuse(expansion_refusals(kind=kind, yearly=yearly, note=note))
    row = ExpansionPotential.objects.filter(opportunity=deal, kind=kind).first()
    old = expansion_value(row) if row else None
    if row is not None:
        refuse_stale({"yearly": row.yearly, "note": row.note}, seen=seen, wanted={"yearly": yearly, "note": note})
    if row is None:
        row = ExpansionPotential.objects.create(opportunity=deal, kind=kind, yearly=yearly, note=note)
    elif not write(row, {"yearly": yearly, "note": note, "removed_at": None}):
        return row
    tell(deal, old, expansion_value(row), by=by, at=at)
    return row


@transaction.atomic
def remove_expansion(*, expansion_id: int, by: User | None, at: datetime) -> ExpansionPotential:
    """Say that there is no such potential; taken back already: nothing happens.

    :raises EconomicsRefused: the deal is archived
    :raises NotPermitted: the person may not change the deal
    """
    deal, row = lock_row(ExpansionPotential, expansion_id, by=by)
    take_away(deal, row, expansion_value, by=by, at=at)
    return row


@transaction.atomic
def put_strategic_value(
    *,
    opportunity_id: int,
    kind: str,
    weight: int,
    justification: str,
    by: User | None,
    at: datetime,
    value: Money | None = None,
    seen: Mapping[str, Any] | None = None,
) -> StrategicValue:
    """Claim that a deal is worth more than its money; it counts once somebody who manages the owner approves it.

    Claimed anew with other words or another weight it is to be approved anew. `seen` holds what a page showed of it.

    :raises EconomicsRefused: a value may not stand in its field
    :raises StaleRecord: somebody changed one of these columns since
    :raises NotPermitted: the person may not change the deal
    """
    deal, justification = lock_for_economics(opportunity_id, by=by), justification.strip()
    refuse(strategic_refusals(kind=kind, weight=weight, value=value, justification=justification))
    row = StrategicValue.objects.select_for_update(of=("self",)).filter(opportunity=deal, kind=kind).first()
    old = strategic_value(row) if row else None
    said = {"weight": weight, "value": value, "justification": justification}
    if row is not None:
        refuse_stale({name: getattr(row, name) for name in said}, seen=seen, wanted=said)
    if row is None:
        row = StrategicValue.objects.create(opportunity=deal, kind=kind, by=by, at=at, **said)
    elif not write(row, {**said, "removed_at": None}):
        return row
    else:
        write(row, {"by_id": by.pk if by else None, "at": at, **UNAPPROVED})
    tell(deal, old, strategic_value(row), by=by, at=at)
    return row


@transaction.atomic
def approve_strategic_value(
    *, strategic_id: int, reason: str, by: User, at: datetime, seen_at: datetime | None = None
) -> StrategicValue:
    """Let a strategic value count in what pursuing the deal is worth, with a reason (EE-061).

    `seen_at` is when the claim that was read was made.

    :raises NotPermitted: the person does not manage the deal's owner
    :raises EconomicsRefused: they claimed it themselves, it is approved already, changed since, or no reason is given
    """
    deal, row = lock_row(StrategicValue, strategic_id, by=by)
    refuse_removed(row)
    if seen_at is not None and seen_at != row.at:
        raise EconomicsRefused(Refusal.of("claim_changed", field="reason"))
    reason = reason.strip()
    refused = approve_refusals(
        get_access(by), owner_id=deal.owner_id, claimed_by_id=row.by_id, is_approved=row.approved_at is not None,
        reason=reason,
    )  # fmt: skip
    if any(each.code == "may_not_approve_strategic" for each in refused):
        raise NotPermitted(refused)
    refuse(refused)
    old = strategic_value(row)
    write(row, {"approved_by_id": by.pk, "approved_at": at, "reason": reason})
    tell(deal, old, strategic_value(row), by=by, at=at)
    return row


@transaction.atomic
def remove_strategic_value(*, strategic_id: int, by: User | None, at: datetime) -> StrategicValue:
    """Take a claim back, and what was agreed of it; taken back already: nothing happens.

    :raises EconomicsRefused: the deal is archived
    :raises NotPermitted: the person may not change the deal
    """
    deal, row = lock_row(StrategicValue, strategic_id, by=by)
    take_away(deal, row, strategic_value, by=by, at=at, also=UNAPPROVED)
    return row


def expansion_value(row: ExpansionPotential) -> Value:
    """Return a potential as events hold it."""
    return {"expansion": str(row.kind), **(money_value(row.yearly) or {}), "removed": row.removed_at is not None}


def strategic_value(row: StrategicValue) -> Value:
    """Return a strategic value as events hold it; `owner` is who approved it."""
    return {
        "strategic": str(row.kind),
        "weight": row.weight,
        **(money_value(row.value) or {"amount": None, "currency": None}),
        "approved": row.approved_at is not None,
        "owner": row.approved_by_id,
        "why": row.reason or row.justification,
        "removed": row.removed_at is not None,
    }
