"""Economics checked before more is spent (EE-053), and a warning where a deal leaves too little (P-11): by plain figures."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.values import Money
from crm.models import ExchangeRate
from pipeline.commands.derived import refresh_derived
from pipeline.commands.economics import add_cost, add_line, edit_cost, edit_line, remove_line
from pipeline.enums import Fact
from pipeline.figures.margin import CostFacts, gross_margin
from pipeline.models import (
    Criterion,
    CriterionVersion,
    EconomicAssumptions,
    Opportunity,
    OpportunityCost,
    OpportunityLine,
    Signal,
)
from pipeline.policies.signals import Calendar, DealSignalFacts, find_signals
from pipeline.queries.economics import converted, line_facts
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.setpoints import get_criteria
from tests.factories.pipeline import OpportunityFactory, get_setpoint
from tests.testing import htmx_get, signed_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


def assume(floor: str | None = "0.45") -> None:
    EconomicAssumptions.objects.create(valid_from=date(2026, 1, 1), margin_floor=floor and Decimal(floor))


def warning(deal: Opportunity) -> tuple[int, dict[str, Any]] | None:
    found = Signal.objects.filter(opportunity=deal, code="margin_low").first()
    return (found.severity, found.detail) if found else None


@pytest.mark.parametrize(
    ("margin", "floor", "severity"),
    [
        pytest.param("0.449", "0.45", 2, id="just below"),
        pytest.param("0.45", "0.45", None, id="at the floor"),
        pytest.param("-0.01", "0.45", 3, id="it loses"),
        pytest.param(None, "0.45", None, id="incomplete"),
        pytest.param("0.1", None, None, id="nothing is assumed"),
    ],
)
def test_margin_low_b24_speaks_below_the_floor(margin: str | None, floor: str | None, severity: int | None) -> None:
    facts = DealSignalFacts(
        1, 0, Decimal(0), False, DAY, DAY, DAY, agreed_on=DAY,
        margin=margin and Decimal(margin), margin_floor=floor and Decimal(floor),
    )  # fmt: skip
    found = [each.severity for each in find_signals(facts, calendar=Calendar(DAY)) if each.code == "margin_low"]
    assert found == ([] if severity is None else [severity])


def test_the_warning_follows_each_change_in_the_same_transaction() -> None:
    assume()
    deal = OpportunityFactory()
    sent: dict[str, Any] = {"by": deal.owner, "at": AT}
    line = add_line(opportunity_id=deal.pk, description="Base", price=eur(100), cost=eur(60), **sent)
    assert warning(deal) == (2, {"percent": "40.0", "floor": "45.0"})
    edit_line(line_id=line.pk, changes={"cost": eur(50)}, **sent)
    assert warning(deal) is None
    cost = add_cost(opportunity_id=deal.pk, kind="services", amount=eur(60), **sent)
    assert warning(deal) == (3, {"percent": "-10.0", "floor": "45.0"})
    edit_cost(cost_id=cost.pk, changes={"amount": None}, **sent)
    assert warning(deal) is None
    edit_cost(cost_id=cost.pk, changes={"amount": eur(60)}, **sent)
    remove_line(line_id=line.pk, **sent)
    assert warning(deal) is None


def test_another_floor_changes_the_warnings_of_every_deal() -> None:
    deal = OpportunityFactory()
    add_line(opportunity_id=deal.pk, description="Base", price=eur(100), cost=eur(60), by=deal.owner, at=AT)
    assert warning(deal) is None
    assume()
    refresh_derived(None, at=AT)
    assert warning(deal) is not None


def test_stored_warnings_are_those_a_plain_computation_of_the_margin_gives() -> None:
    assume()
    ExchangeRate.objects.create(kind="plan", currency="USD", valid_from=date(2026, 1, 1), rate=Decimal("0.92"))
    rates = {"EUR": Decimal(1), "USD": Decimal("0.92")}
    shapes: list[dict[str, Any]] = [
        {"price": eur(100), "cost": eur(10)},
        {"price": eur(100), "cost": eur(56)},
        {"price": eur(100), "cost": eur(40), "discount": Decimal("0.3")},
        {"price": Money(Decimal(100), "USD"), "cost": eur(51)},
        {"price": Money(Decimal(100), "JPY"), "cost": eur(99)},
        {"price": eur(100)},
        {"cost": eur(100)},
        {"price": eur(12), "cost": eur(9), "billing": "monthly", "months": 24},
        {"price": eur(1200), "cost": eur(700), "billing": "yearly", "months": 18},
        {"price": eur(100), "cost": eur(99), "removed_at": AT},
        {"price": eur(0), "cost": eur(5)},
    ]
    deals = [OpportunityFactory() for _ in shapes * 2]
    for number, (deal, shape) in enumerate(zip(deals, shapes * 2, strict=True)):
        OpportunityLine.objects.create(opportunity=deal, description="Base", **shape)
        if number >= len(shapes):
            OpportunityCost.objects.create(opportunity=deal, kind="services", amount=eur(20))
    refresh_derived(None, at=AT)
    expected = set()
    for deal in deals:
        lines = [line_facts(line, rates) for line in deal.lines.filter(removed_at=None)]
        costs = [CostFacts(cost.kind, converted(cost.amount, rates)) for cost in deal.costs.all()]
        share = gross_margin(lines, costs).parts["share"].value
        if share is not None and share < Decimal("0.45"):
            expected.add(deal.pk)
    assert set(Signal.objects.filter(code="margin_low").values_list("opportunity", flat=True)) == expected
    assert 0 < len(expected) < len(deals)


def ask_for_economics(code: str = "50") -> CriterionVersion:
    """Ask for checked economics at a setpoint, as an administrator would."""
    criterion = Criterion.objects.create(setpoint=get_setpoint(code), code="economics", order=99)
    return CriterionVersion.objects.create(
        criterion=criterion, number=1, text="Economics checked", evidence="record", gate="warn",
        check_code=Fact.ECONOMICS_CHECKED, valid_from=AT,
    )  # fmt: skip


def is_met(deal: Opportunity, version: CriterionVersion) -> bool:
    criteria = get_criteria(deal.pipeline_id)
    return version.pk in get_deal_facts(deal, criteria, rank=0).evidence


def test_economics_are_checked_once_every_price_and_cost_is_known() -> None:
    version, deal = ask_for_economics("first_meeting"), OpportunityFactory()
    sent: dict[str, Any] = {"by": deal.owner, "at": AT}
    assert any(each.check_code == "economics_checked" for each in get_criteria(deal.pipeline_id))
    assert not is_met(deal, version)
    line = add_line(opportunity_id=deal.pk, description="Base", price=eur(100), **sent)
    assert not is_met(deal, version)
    edit_line(line_id=line.pk, changes={"cost": eur(50)}, **sent)
    assert is_met(deal, version)
    cost = add_cost(opportunity_id=deal.pk, kind="services", amount=None, **sent)
    assert not is_met(deal, version)
    edit_cost(cost_id=cost.pk, changes={"amount": eur(5)}, **sent)
    assert is_met(deal, version)


def test_what_is_missing_leads_to_the_economics() -> None:
    version, deal = ask_for_economics(), OpportunityFactory(at="25")
    browser, url = signed_in(deal.owner), f"/deals/{deal.pk}/facts/{version.criterion_id}/"
    assert htmx_get(browser, url)["HX-Redirect"] == f"/deals/{deal.pk}/economics/"
    assert browser.get(url)["Location"] == f"/deals/{deal.pk}/economics/"
    sheet = htmx_get(browser, f"/deals/{deal.pk}/move/?to={get_setpoint('50').pk}").content.decode()
    assert f'href="/deals/{deal.pk}/economics/"' in sheet
