"""Direct costs of a deal beside those of its lines: services, custom development, what is bought in (EE-055)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.lib.values import Money
from crm.models import User
from pipeline.commands.economics.refused import refuse, refuse_stale, refuse_unknown
from pipeline.commands.economics.rows import lock_for_economics, lock_row, refuse_removed, take_away, tell, write
from pipeline.commands.history import Value, money_value
from pipeline.models import OpportunityCost
from pipeline.policies.economics import cost_refusals

EDITABLE = ("kind", "amount", "note")


@transaction.atomic
def add_cost(
    *, opportunity_id: int, kind: str, amount: Money | None, by: User | None, at: datetime, note: str = ""
) -> OpportunityCost:
    """Note a direct cost; without an amount it is known to come, and the margin is incomplete until then.

    The same cost again is the same cost. A closed deal still learns what it really cost.

    :raises EconomicsRefused: a value may not stand in its field
    :raises NotPermitted: the person may not change the deal
    """
    deal, note = lock_for_economics(opportunity_id, by=by), note.strip()
    refuse(cost_refusals(kind=kind, amount=amount, note=note))
    standing = OpportunityCost.objects.filter(opportunity=deal, removed_at=None, kind=kind, note=note).order_by("pk")
    if same := next((cost for cost in standing if cost.amount == amount), None):
        return same
    cost = OpportunityCost.objects.create(opportunity=deal, kind=kind, amount=amount, note=note)
    tell(deal, None, cost_value(cost), by=by, at=at)
    return cost


@transaction.atomic
def edit_cost(
    *, cost_id: int, changes: Mapping[str, Any], seen: Mapping[str, Any] | None = None, by: User | None, at: datetime
) -> OpportunityCost:
    """Change what a direct cost is; `seen` holds what a page showed.

    :raises EconomicsRefused: a value may not stand in its field, or the cost was removed
    :raises StaleRecord: somebody changed one of these columns since
    :raises NotPermitted: the person may not change the deal
    """
    deal, cost = lock_row(OpportunityCost, cost_id, by=by)
    refuse_removed(cost)
    refuse_unknown(changes, EDITABLE)
    wanted = {**changes, **({"note": changes["note"].strip()} if "note" in changes else {})}
    current: dict[str, Any] = {name: getattr(cost, name) for name in EDITABLE}
    refuse_stale(current, seen=seen, wanted=wanted)
    refuse(cost_refusals(**{**current, **wanted}))
    old = cost_value(cost)
    if write(cost, wanted):
        tell(deal, old, cost_value(cost), by=by, at=at)
    return cost


@transaction.atomic
def remove_cost(*, cost_id: int, by: User | None, at: datetime) -> OpportunityCost:
    """Take a direct cost off a deal; removed already: nothing happens.

    :raises EconomicsRefused: the deal is archived
    :raises NotPermitted: the person may not change the deal
    """
    deal, cost = lock_row(OpportunityCost, cost_id, by=by)
    take_away(deal, cost, cost_value, by=by, at=at)
    return cost


def cost_value(cost: OpportunityCost) -> Value:
    """Return a direct cost as events hold it."""
    amount = money_value(cost.amount) or {"amount": None, "currency": None}
    return {"direct_cost": cost.pk, "kind": str(cost.kind), **amount, "removed": cost.removed_at is not None}
