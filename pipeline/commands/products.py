"""The price list: products added, changed, put away and back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, change_record, wait_turn
from crm.commands.grants import require_administrator
from crm.lib.errors import CommandRefused
from crm.lib.values import Money, Refusal
from crm.models import User
from pipeline.models import Product
from pipeline.policies.economics import product_refusals

EDITABLE = ("name", "code", "family", "price", "cost")


class ProductRefused(CommandRefused):
    """The price list stays as it was; the refusals name the fields."""


@transaction.atomic
def add_product(
    *, name: str, by: User | None, at: datetime, code: str = "", family: str = "", price: Money | None = None,
    cost: Money | None = None,
) -> Product:  # fmt: skip
    """Put something on the price list.

    :raises NotPermitted: only an administrator may
    :raises ProductRefused: it has no name, another one has its name or code, or a value may not stand in its field
    """
    require_administrator(by)
    values = {"name": name.strip(), "code": code.strip(), "family": family.strip(), "price": price, "cost": cost}
    _refuse(values, named=("name", "code"), other_than=0)
    return Product.objects.create(**values, created_at=at, recorded_at=at)


@transaction.atomic
def edit_product(
    *, product_id: int, changes: Mapping[str, Any], seen: Mapping[str, Any] | None = None, by: User | None, at: datetime
) -> Product:
    """Change what stands on the price list; lines of deals keep the price they were sold at.

    :raises NotPermitted: only an administrator may
    :raises ProductRefused: a value may not stand in its field
    :raises StaleRecord: somebody changed one of these fields since
    """
    require_administrator(by)
    product = Product.objects.select_for_update(of=("self",)).get(pk=product_id)
    if unknown := set(changes) - set(EDITABLE):
        raise ProductRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    current = {name: getattr(product, name) for name in EDITABLE}
    named = [name for name in ("name", "code") if name in wanted and wanted[name] != current[name]]
    _refuse({**current, **wanted}, named=named, other_than=product_id)
    change_record(product, wanted, seen=seen)
    return product


@transaction.atomic
def put_product(*, product_id: int, is_sold: bool, by: User | None, at: datetime) -> Product:
    """Put a product away, so that no new line has it, or back; lines that have it keep it.

    :raises NotPermitted: only an administrator may
    """
    require_administrator(by)
    product = Product.objects.select_for_update(of=("self",)).get(pk=product_id)
    archive_record(product, at=None if is_sold else at)
    return product


def _refuse(values: Mapping[str, Any], *, named: Collection[str], other_than: int) -> None:
    refused = product_refusals(values)
    if named:
        wait_turn("products")
    for name in named:
        others = Product.objects.filter(archived_at=None, **{f"{name}__iexact": values[name]}).exclude(pk=other_than)
        if values[name] and others.exists():
            refused.append(Refusal.of("taken", field=name))
    if refused:
        raise ProductRefused(refused)
