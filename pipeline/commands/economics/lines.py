"""The lines of a deal: what is sold, at what price, discount and cost (B15, EE-056)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.lib.values import Money, Refusal
from crm.models import User
from pipeline.commands.approvals import require_within_policy
from pipeline.commands.economics.refused import EconomicsRefused, refuse, refuse_stale, refuse_unknown
from pipeline.commands.economics.rows import lock_for_economics, lock_row, refuse_removed, take_away, tell, write
from pipeline.commands.history import line_value
from pipeline.enums import Billing, PolicyArea
from pipeline.models import Opportunity, OpportunityLine, Product
from pipeline.policies.economics import discount_given, line_refusals

EDITABLE = (
    "product_id", "description", "quantity", "price", "cost", "discount", "billing", "months", "is_standard",
)  # fmt: skip


@transaction.atomic
def add_line(
    *,
    opportunity_id: int,
    by: User | None,
    at: datetime,
    product_id: int | None = None,
    description: str = "",
    quantity: Decimal = Decimal(1),
    price: Money | None = None,
    cost: Money | None = None,
    discount: Decimal = Decimal(0),
    billing: str = Billing.ONE_OFF,
    months: int | None = None,
    is_standard: bool = True,
) -> OpportunityLine:
    """Add a line; price and cost that are not given are those of the price list. The same line again is the same line.

    :raises EconomicsRefused: a value may not stand in its field, or the deal is closed
    :raises OutsidePolicy: the discount, or a price so far below the list, is not sold, or nobody was asked for it
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_for_economics(opportunity_id, by=by, only_open=True)
    product = _find_product(product_id)
    values = {
        "product_id": product_id, "description": description.strip(), "quantity": quantity, "discount": discount,
        "price": price if price is not None or product is None else product.price,
        "cost": cost if cost is not None or product is None else product.cost,
        "billing": billing, "months": months, "is_standard": is_standard,
    }  # fmt: skip
    refuse(line_refusals(values))
    standing = OpportunityLine.objects.filter(opportunity=deal, removed_at=None).order_by("pk")
    if same := next((line for line in standing if _columns(line) == values), None):
        return same
    listed = product.price if product else None
    _require_discount(deal, values, listed, at=at)
    line = OpportunityLine.objects.create(opportunity=deal, list_price=listed, **values)
    tell(deal, None, line_value(line), by=by, at=at)
    return line


@transaction.atomic
def edit_line(
    *,
    line_id: int,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    by: User | None,
    at: datetime,
) -> OpportunityLine:
    """Change columns of a line; `seen` holds what a page showed of them.

    :raises EconomicsRefused: a value may not stand in its field, the line was removed, or the deal is closed
    :raises OutsidePolicy: more is given away than before, and that is not sold, or nobody was asked for it
    :raises StaleRecord: somebody changed one of these columns since
    :raises NotPermitted: the person may not change the deal
    """
    deal, line = lock_row(OpportunityLine, line_id, by=by, only_open=True)
    refuse_removed(line)
    refuse_unknown(changes, EDITABLE)
    current = _columns(line)
    wanted = {**changes, **({"description": changes["description"].strip()} if "description" in changes else {})}
    refuse_stale(current, seen=seen, wanted=wanted)
    values = {**current, **wanted}
    listed = _listed(line, values)
    refuse(line_refusals(values))
    if _given(values, listed) > _given(current, line.list_price):
        _require_discount(deal, values, listed, at=at)
    old = line_value(line)
    if write(line, {**wanted, "list_price": listed}):
        tell(deal, old, line_value(line), by=by, at=at)
    return line


@transaction.atomic
def remove_line(*, line_id: int, by: User | None, at: datetime) -> OpportunityLine:
    """Take a line off a deal; what it was stays in its history. Removed already: nothing happens.

    :raises EconomicsRefused: the deal is archived or closed
    :raises NotPermitted: the person may not change the deal
    """
    deal, line = lock_row(OpportunityLine, line_id, by=by, only_open=True)
    take_away(deal, line, line_value, by=by, at=at)
    return line


def _columns(line: OpportunityLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in EDITABLE}


def _find_product(product_id: int | None) -> Product | None:
    if product_id is None:
        return None
    found = Product.objects.filter(pk=product_id, archived_at=None).first()
    if found is None:
        raise EconomicsRefused(Refusal.of("choose_offered", field="product"))
    return found


def _listed(line: OpportunityLine, values: Mapping[str, Any]) -> Money | None:
    """Return the list price a changed line is measured by: of its product when that was chosen, or first priced by hand."""
    if values["product_id"] != line.product_id:
        product = _find_product(values["product_id"])
        return product.price if product else None
    if line.list_price is None and line.product is not None and values["price"] != line.price:
        return line.product.price
    return line.list_price


def _given(values: Mapping[str, Any], listed: Money | None) -> Decimal:
    return discount_given(price=values["price"], discount=values["discount"], list_price=listed)


def _require_discount(deal: Opportunity, values: Mapping[str, Any], listed: Money | None, *, at: datetime) -> None:
    given = _given(values, listed)
    field = "discount" if given == values["discount"] else "price"
    require_within_policy(deal=deal, area=PolicyArea.DISCOUNT, asked=given * 100, field=field, at=at)
