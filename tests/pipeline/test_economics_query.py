"""What is known of deals' economics: in the report currency, at the rates of their days, in a constant number of statements."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.lib.envelope import Reason
from crm.lib.values import Money
from crm.models import ExchangeRate
from pipeline.figures.deal_economics import Economics
from pipeline.models import (
    CostRate,
    EconomicAssumptions,
    Effort,
    ExpansionPotential,
    Opportunity,
    OpportunityCost,
    OpportunityLine,
    StrategicValue,
)
from pipeline.queries.economics import get_economics
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db
D = Decimal
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STATEMENTS = 9


def eur(amount: Any) -> Money:
    return Money(D(amount), "EUR")


def assume(**more: Any) -> None:
    given = {"churn": D("0.02"), "onboarding": eur(1000), "lead": eur(200), "pursuit": eur(4000)}
    EconomicAssumptions.objects.create(valid_from=date(2026, 1, 1), **{**given, **more})


def economics(deal: Opportunity) -> Economics:
    found = get_economics([deal.pk], user=None, at=AT).rows[0].economics
    assert found is not None
    return found


def sold(deal: Opportunity, **more: Any) -> OpportunityLine:
    return OpportunityLine.objects.create(
        opportunity=deal, **{"description": "Base", "price": eur(30000), "cost": eur(6000), **more}
    )


def closed(count: int, *, won: int, code: str = "50", **more: Any) -> None:
    for number in range(count):
        outcome = "won" if number < won else "lost"
        OpportunityFactory(at=code, outcome=outcome, closed_at=datetime(2026, 1, 5, tzinfo=UTC), **more)


def test_lines_in_other_currencies_are_worth_their_plan_rate_and_without_one_nobody_knows():
    deal = OpportunityFactory()
    ExchangeRate.objects.create(kind="plan", currency="USD", valid_from=date(2026, 1, 1), rate=D("0.92"))
    line = sold(deal, price=Money(D(50000), "USD"), cost=Money(D(10000), "USD"))
    assert economics(deal).margin.value == D("36800.00")
    OpportunityLine.objects.filter(pk=line.pk).update(price_currency="JPY")
    assert economics(deal).margin.reason == Reason.INCOMPLETE


def test_what_was_taken_away_counts_no_more():
    deal = OpportunityFactory()
    sold(deal)
    sold(deal, removed_at=AT)
    OpportunityCost.objects.create(opportunity=deal, kind="services", amount=eur(1000), removed_at=AT)
    Effort.objects.create(
        opportunity=deal, user=deal.owner, kind="demo", minutes=60, on=date(2026, 2, 1), removed_at=AT
    )
    found = economics(deal)
    assert (found.margin.value, found.pursuit.value) == (D("24000.00"), D("0.00"))


def test_hours_cost_what_they_cost_on_their_day_and_before_the_first_rate_that():
    deal = OpportunityFactory()
    for valid_from, hourly in ((date(2026, 1, 1), 60), (date(2026, 2, 1), 90)):
        CostRate.objects.create(kind="demo", hourly=eur(hourly), valid_from=valid_from)
    for on in (date(2025, 12, 1), date(2026, 1, 15), date(2026, 2, 1)):
        Effort.objects.create(opportunity=deal, user=deal.owner, kind="demo", minutes=60, on=on)
    assert economics(deal).pursuit.value == D("210.00")
    Effort.objects.create(opportunity=deal, user=deal.owner, kind="legal", minutes=60, on=date(2026, 2, 1))
    assert economics(deal).pursuit.reason == Reason.INCOMPLETE


def test_winning_a_new_customer_costs_pursuit_lead_and_onboarding():
    assume()
    deal = OpportunityFactory(lead_created_at=AT)
    sold(deal, billing="monthly", months=12, price=eur(1000), cost=eur(200))
    found = economics(deal)
    assert (found.acquisition.value, found.payback.value) == (D("1200.00"), D("1.50"))
    renewal = OpportunityFactory(deal_type="renewal")
    sold(renewal)
    assert economics(renewal).acquisition.value == D("0.00")


def test_what_nobody_assumed_is_not_taken_for_0():
    deal = OpportunityFactory(lead_created_at=AT)
    sold(deal, billing="monthly", months=12)
    found = economics(deal)
    assert [found.acquisition.reason, found.payback.reason, found.lifetime.reason, found.expected.reason] == [
        Reason.INCOMPLETE, Reason.INCOMPLETE, Reason.NO_DATA, Reason.INCOMPLETE,
    ]  # fmt: skip


def test_the_chance_is_observed_of_its_type_else_of_all_types_else_not_known():
    assume()
    deal = OpportunityFactory(at="50")
    sold(deal)
    assert economics(deal).expected.reason == Reason.NOT_ENOUGH_HISTORY
    closed(5, won=3, deal_type="expansion")
    closed(9, won=9, code="25")
    closed(9, won=9, backfilled=True)
    found = get_economics([deal.pk], user=None, at=AT).rows[0]
    assert (found.chance_of_all, found.observed.chance) == (True, D("0.600000"))
    assert found.economics is not None and found.economics.expected.value == D("10400.00")
    closed(10, won=1)
    found = get_economics([deal.pk], user=None, at=AT).rows[0]
    assert (found.chance_of_all, found.observed.chance) == (False, D("0.100000"))


def test_strategic_value_counts_once_approved_and_potential_grows_the_lifetime():
    assume()
    deal = OpportunityFactory(at="50")
    closed(5, won=3)
    sold(deal)
    claim = StrategicValue.objects.create(
        opportunity=deal, kind="reference", weight=2, value=eur(3000), justification="x", at=AT
    )
    assert economics(deal).expected.value == D("10400.00")
    StrategicValue.objects.filter(pk=claim.pk).update(approved_at=AT)
    ExpansionPotential.objects.create(opportunity=deal, kind="usage", yearly=eur(1200))
    found = economics(deal)
    assert found.expected.value == D("13400.00")
    assert (found.lifetime.value, found.with_growth.value) == (D("24000.00"), D("26809.79"))


def test_deals_come_in_the_order_asked_for_those_the_person_may_see():
    one, other, hidden = OpportunityFactory(), OpportunityFactory(), OpportunityFactory()
    Opportunity.objects.filter(pk=other.pk).update(owner=one.owner)
    found = get_economics([other.pk, hidden.pk, one.pk, other.pk], user=one.owner, at=AT)
    assert [each.deal.pk for each in found.rows] == [other.pk, one.pk]
    assert get_economics([], user=UserFactory(rep=True), at=AT).rows == []


@pytest.mark.parametrize("deals", [1, 3])
def test_a_constant_number_of_statements(deals):
    made = [OpportunityFactory() for _ in range(deals)]
    for deal in made:
        sold(deal)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get_economics([deal.pk for deal in made], user=None, at=AT)
    assert len(captured) == STATEMENTS
