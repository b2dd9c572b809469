"""The economics of a deal in a real browser: a line by keys alone, answered while it is typed; accessible everywhere."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.values import Money
from pipeline.models import (
    EconomicAssumptions,
    Effort,
    ExpansionPotential,
    Opportunity,
    OpportunityCost,
    OpportunityLine,
    StrategicValue,
)
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import LONG_AGO, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def eur(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def manager() -> Any:
    return UserFactory(manages=TeamFactory(), name="Kaur Mets")


def judged_deal(owner: Any) -> Opportunity:
    """Return a deal with everything its page can show."""
    deal = OpportunityFactory(owner=owner, amount=eur(90000), name="Metering for two plants")
    EconomicAssumptions.objects.create(
        valid_from=date(2026, 1, 1), margin_floor=Decimal("0.45"), churn=Decimal("0.02"), onboarding=eur(30000),
        pursuit=eur(4000), payback_limit_months=2,
    )  # fmt: skip
    monthly = {"billing": "monthly", "months": 24}
    OpportunityLine.objects.create(opportunity=deal, description="Base", price=eur(3000), cost=eur(500), **monthly)
    OpportunityCost.objects.create(opportunity=deal, kind="services", amount=eur(4000), note="Installation")
    Effort.objects.create(opportunity=deal, user=owner, kind="demo", minutes=90, on=date(2026, 1, 5))
    ExpansionPotential.objects.create(opportunity=deal, kind="usage", yearly=eur(12000), note="Their other plants")
    StrategicValue.objects.create(
        opportunity=deal, kind="reference", weight=2, value=eur(6000), justification="Others ask them", at=LONG_AGO
    )
    return deal


def test_a_line_is_added_by_keys_and_margin_and_policy_answer_at_once(
    page: Any, sign_in: Callable[[Any], None], manager: Any
) -> None:
    deal = OpportunityFactory(owner=manager, amount=eur(90000))
    sign_in(manager)
    page.goto(f"/deals/{deal.pk}/economics/")
    page.focus("#economics-lines .panel-head .button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] #economics-form :focus")
    page.focus("#economics-form [name=description]")
    page.keyboard.type("Licences")
    for typed in ("", "1000", "15", "400"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.locator("#line-preview", has_text="Needs an approval").wait_for()
    page.focus("#economics-sheet [name=discount]")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("10")
    page.locator("#line-preview", has_text="Free to give").wait_for()
    page.locator("#line-preview", has_text="55.6% €500").wait_for()
    page.keyboard.press("Enter")
    page.locator("#economics-panel", has_text="55.6%").wait_for()
    line = OpportunityLine.objects.get()
    assert (line.description, line.price, line.discount) == ("Licences", eur(1000), Decimal("0.1"))


def test_the_panel_comes_by_itself_and_without_script_by_its_link(
    page: Any, sign_in: Callable[[Any], None], manager: Any
) -> None:
    deal = judged_deal(manager)
    sign_in(manager)
    page.goto(f"/deals/{deal.pk}/")
    page.evaluate("document.querySelector('#economics-panel').scrollIntoView()")
    page.locator("#economics-panel .cells").wait_for()
    page.click("#economics-panel a")
    page.locator("#economics-body").wait_for()


@pytest.mark.parametrize(
    "path", ["/deals/{deal}/economics/", "/deals/compare/", "/settings/economics/", "/settings/products/"]
)
def test_pages_are_accessible_and_fit(page: Any, sign_in: Callable[[Any], None], manager: Any, path: str) -> None:
    deal = judged_deal(manager)
    sign_in(UserFactory(admin=True) if path.startswith("/settings") else manager)
    page.goto(path.format(deal=deal.pk))
    assert violations(page) == []
    assert not scrolls_sideways(page, width=390)


@pytest.mark.parametrize("kind", ["lines", "costs", "hours", "potential", "strategic"])
def test_sheets_are_accessible(page: Any, sign_in: Callable[[Any], None], manager: Any, kind: str) -> None:
    deal = judged_deal(manager)
    sign_in(manager)
    page.goto(f"/deals/{deal.pk}/economics/{kind}/new/")
    assert violations(page) == []
    assert not scrolls_sideways(page, width=390)
