"""What the commands on rows of a deal's economics share: lock one with its deal, write it, take it away, tell of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.economics.refused import EconomicsRefused
from pipeline.commands.history import EventDraft, Value, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import Opportunity

Row = TypeVar("Row", bound=Model)


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


def lock_row(model: type[Row], row_id: int, *, by: User | None, only_open: bool = False) -> tuple[Opportunity, Row]:
    """Return the deal and its row, locked in that order; refused as `lock_for_economics` refuses."""
    rows = model._default_manager.filter(opportunity__isnull=False)
    deal = lock_for_economics(rows.values_list("opportunity_id", flat=True).get(pk=row_id), by=by, only_open=only_open)
    return deal, rows.select_for_update(of=("self",)).get(pk=row_id)


def refuse_removed(row: Any) -> None:
    """See that a row stands.

    :raises EconomicsRefused: it was taken away
    """
    if row.removed_at is not None:
        raise EconomicsRefused(Refusal.of("removed_already"))


def take_away(
    deal: Opportunity, row: Any, value: Callable[[Any], Value], *, by: User | None, at: datetime,
    also: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Take a locked row off its deal and tell of it; what it was stays. Taken away already: nothing happens.

    `value` returns the row as events hold it, `also` what else of it is no longer so.
    """
    if row.removed_at is None:
        old = value(row)
        write(row, {"removed_at": at, **(also or {})})
        tell(deal, old, value(row), by=by, at=at)


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
