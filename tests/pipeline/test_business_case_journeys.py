"""A business case in a real browser: filled in by keys while it says what it comes to, read by the customer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pipeline.commands.shared_cases import share_case
from pipeline.models import Opportunity
from pipeline.queries.business_cases import get_case, get_case_facts
from tests.accessibility import scrolls_sideways, violations
from tests.factories.business_cases import make_case
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deal() -> Opportunity:
    return OpportunityFactory(owner=UserFactory(rep=True), at="50", amount=98_000)


def test_amounts_are_typed_by_keys_and_say_at_once_what_they_come_to(
    page: Any, sign_in: Callable[[Any], None], deal: Opportunity
) -> None:
    sign_in(deal.owner)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#business-case").scroll_into_view_if_needed()
    page.get_by_role("link", name="Begin").press("Enter")
    page.wait_for_selector("#case-form")
    page.focus("[name=cost-0-label]")
    page.keyboard.type("Meters")
    page.keyboard.press("Tab")
    page.keyboard.type("50k")
    page.focus("[name=benefit-0-label]")
    page.keyboard.type("Less water")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("25 000")
    page.keyboard.press("Tab")
    page.wait_for_selector("#case-figures >> text=50.0%")
    page.get_by_role("button", name="One more line").nth(1).press("Enter")
    page.wait_for_selector("[name=cost-1-label]:focus")
    page.keyboard.type("Service")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The business case is saved.")
    case = get_case(deal.pk)
    assert case is not None
    assert [row.label for row in get_case_facts(case).rows] == ["Less water", "Meters", "Service"]


def test_more_years_make_more_fields_and_keep_what_was_typed(
    page: Any, sign_in: Callable[[Any], None], deal: Opportunity
) -> None:
    make_case(deal)
    sign_in(deal.owner)
    page.goto(f"/deals/{deal.pk}/case/")
    page.fill("[name=measure]", "A shift more a week")
    page.select_option("[name=years]", "5")
    page.wait_for_selector("[name=cost-0-y5]")
    assert page.input_value("[name=measure]") == "A shift more a week"
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=The business case is saved.")
    case = get_case(deal.pk)
    assert case is not None
    assert (case.years, get_case_facts(case).rows[0].yearly) == (5, (25_000,) * 5)


def test_axe_finds_nothing_on_the_sheet_and_on_what_the_customer_reads(
    page: Any, sign_in: Callable[[Any], None], deal: Opportunity
) -> None:
    make_case(deal, measure="A shift more a week")
    share_case(opportunity_id=deal.pk, until=timezone.localdate() + timedelta(days=9), by=deal.owner, at=timezone.now())
    sign_in(deal.owner)
    found = {}
    for width in (1440, 390):
        page.goto(f"/deals/{deal.pk}/case/")
        shared = page.input_value("#case-share input[readonly]")
        for url in (f"/deals/{deal.pk}/case/", shared):
            page.goto(url)
            found[f"{url} {width}"] = violations(page)
            assert not scrolls_sideways(page, width=width)
    assert {url: faults for url, faults in found.items() if faults} == {}
