"""What the commands on economics are refused with, and what they share."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.policies.edits import conflicts
from pipeline.commands.history import EventDraft, Value, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import Opportunity


class EconomicsRefused(CommandRefused):
    """It may not be said like this; the refusals name the fields."""


def lock_for_economics(opportunity_id: int, *, by: User | None, only_open: bool = False) -> Opportunity:
    """Return the deal, locked.

    :raises EconomicsRefused: it is archived, or closed where what was sold stays sold
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    if deal.archived_at is not None:
        raise EconomicsRefused(Refusal.of("deal_archived"))
    if only_open and deal.outcome:
        raise EconomicsRefused(Refusal.of("deal_closed", outcome=deal.outcome))
    return deal


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raise what speaks against it.

    :raises EconomicsRefused: anything does
    """
    if refusals:
        raise EconomicsRefused(list(refusals))


def refuse_unknown(changes: Collection[str], editable: Collection[str]) -> None:
    """See that only what can be edited is.

    :raises EconomicsRefused: anything else is named
    """
    if unknown := set(changes) - set(editable):
        raise EconomicsRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))


def refuse_stale(current: Mapping[str, Any], *, seen: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> None:
    """See that no field that is to change was changed since it was seen (D-9).

    :raises StaleRecord: one was
    """
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=0, now=0, current=stale)


def write(row: Model, values: Mapping[str, Any]) -> list[str]:
    """Set columns and save those that differ; return their names. Money brings its currency."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    columns = []
    for name in changed:
        if hasattr(row, f"{name}_currency"):
            if values[name] is None:
                setattr(row, f"{name}_currency", "")
            columns.append(f"{name}_currency")
        setattr(row, name, values[name])
        columns.append(name)
    if columns:
        row.save(update_fields=columns)
    return changed


def tell(deal: Opportunity, old: Value, new: Value, *, by: User | None, at: datetime) -> None:
    """Record that the economics of a locked deal changed."""
    record(deal, [EventDraft(EventKind.ECONOMICS, at, old, new)], by=by, at=at)
