"""Assumptions, rates of hours and the price list: from when they hold, who keeps them (P-13)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from crm.models import Job
from pipeline.commands.economics import (
    EconomicsRefused,
    add_line,
    set_assumptions,
    set_cost_rate,
)
from pipeline.commands.products import ProductRefused, add_product, edit_product, put_product
from pipeline.models import (
    CostRate,
    EconomicAssumptions,
)
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_assumptions_hold_from_their_day_and_deals_follow():
    admin = UserFactory(admin=True)
    first = set_assumptions(margin_floor=Decimal("0.3"), churn=Decimal("0.02"), by=admin, at=AT)
    assert Job.objects.filter(task="pipeline.refresh_signals_now").count() == 1
    assert set_assumptions(margin_floor=Decimal("0.3"), churn=Decimal("0.02"), by=admin, at=AT) == first
    assert Job.objects.filter(task="pipeline.refresh_signals_now").count() == 1
    again = set_assumptions(margin_floor=Decimal("0.4"), by=admin, at=AT + timedelta(hours=1))
    later = set_assumptions(margin_floor=Decimal("0.5"), by=admin, at=AT + timedelta(days=1))
    assert (again.pk, later.pk != first.pk) == (first.pk, True)
    assert list(EconomicAssumptions.objects.order_by("valid_from").values_list("margin_floor", "churn")) == [
        (Decimal("0.4"), None), (Decimal("0.5"), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin_floor": Decimal("1.1")}, {"churn": Decimal(-1)}, {"churn": Decimal("NaN")}, {"horizon_months": 0},
        {"payback_limit_months": 601}, {"onboarding": eur(-1)}, {"source_name": "x" * 201},
    ],
)  # fmt: skip
def test_what_cannot_be_assumed(wrong):
    with pytest.raises(EconomicsRefused):
        set_assumptions(by=UserFactory(admin=True), at=AT, **wrong)
    assert EconomicAssumptions.objects.count() == 0


def test_rates_and_the_price_list_are_an_administrators():
    manager, admin = UserFactory(manages=TeamFactory()), UserFactory(admin=True)
    product = ProductFactory(name="Base")
    for command in (
        lambda: set_assumptions(by=manager, at=AT),
        lambda: set_cost_rate(kind="demo", hourly=eur(60), by=manager, at=AT),
        lambda: add_product(name="New", by=manager, at=AT),
        lambda: edit_product(product_id=product.pk, changes={"name": "Other"}, by=manager, at=AT),
        lambda: put_product(product_id=product.pk, is_sold=False, by=manager, at=AT),
    ):
        with pytest.raises(NotPermitted):
            command()
    set_cost_rate(kind="demo", hourly=eur(60), by=admin, at=AT)
    set_cost_rate(kind="demo", hourly=eur(70), by=admin, at=AT)
    set_cost_rate(kind="demo", hourly=eur(80), by=admin, at=AT + timedelta(days=1))
    assert list(CostRate.objects.order_by("valid_from").values_list("hourly", flat=True)) == [70, 80]
    with pytest.raises(EconomicsRefused):
        set_cost_rate(kind="demo", hourly=None, by=admin, at=AT)


def test_a_product_has_its_name_alone_and_is_put_away_and_back():
    admin = UserFactory(admin=True)
    base = add_product(name=" Base ", code="B1", price=eur(100), by=admin, at=AT)
    with pytest.raises(ProductRefused) as refused:
        add_product(name="base", by=admin, at=AT)
    assert codes(refused) == ["taken"]
    other = add_product(name="Plus", by=admin, at=AT)
    with pytest.raises(ProductRefused):
        edit_product(product_id=other.pk, changes={"code": "b1"}, by=admin, at=AT)
    edit_product(product_id=base.pk, changes={"price": eur(110)}, seen={"price": eur(100)}, by=admin, at=AT)
    with pytest.raises(StaleRecord):
        edit_product(product_id=base.pk, changes={"price": eur(90)}, seen={"price": eur(100)}, by=admin, at=AT)
    put_product(product_id=base.pk, is_sold=False, by=admin, at=AT)
    deal = OpportunityFactory()
    with pytest.raises(EconomicsRefused):
        add_line(opportunity_id=deal.pk, product_id=base.pk, by=deal.owner, at=AT)
    put_product(product_id=base.pk, is_sold=True, by=admin, at=AT)
    assert add_line(opportunity_id=deal.pk, product_id=base.pk, by=deal.owner, at=AT).price == eur(110)
