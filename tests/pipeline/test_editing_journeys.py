"""Editing in a real browser, by keys alone: in place, one field after the other, and many deals at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.models import BulkAnswer, NextStep, Opportunity
from tests.accessibility import scrolls_sideways, settle, violations
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


def open_field(page: Any, field: str) -> None:
    page.focus(f"#fact-{field} .inline-value")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#fact-{field} :is(input, select):focus")


def test_fields_are_edited_one_after_the_other(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, amount=98_000, expected_close_on=date(2027, 1, 31))
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    settle(page)
    open_field(page, "amount")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.wait_for_selector("#fact-amount .inline-value:focus")
    assert "€98,000" in page.inner_text("#fact-amount")
    open_field(page, "amount")
    page.keyboard.type("77k")
    page.keyboard.press("Tab")  # saves and goes on
    page.wait_for_selector("#fact-expected_close_on input:focus")
    page.locator("#fact-amount", has_text="€77,000").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector("#fact-expected_close_on .inline-value:focus")
    page.keyboard.press("Control+z")
    page.locator("#fact-amount", has_text="€98,000").wait_for()


def test_what_somebody_types_outlives_what_is_read_anew_around_it(
    page: Any, sign_in: Callable[[Any], None], rep: Any
) -> None:
    deal = OpportunityFactory(owner=rep, name="Kiln")
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    settle(page)
    open_field(page, "name")
    page.keyboard.press("End")
    page.keyboard.type(" two")
    Opportunity.objects.filter(pk=deal.pk).update(deal_type="expansion", version=2)
    page.evaluate("htmx.trigger(document.body, 'record:changed')")
    page.locator("#fact-deal_type", has_text="Expansion").wait_for()
    page.wait_for_selector("#fact-name input:focus")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Kiln two").wait_for()


def test_a_call_ends_with_the_next_step(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    settle(page)
    page.keyboard.press("l")
    page.wait_for_selector("#sheet[open] #activity-form")
    page.click("#activity-form button[type=submit]")
    page.wait_for_selector("#step-sheet [name=purpose]:focus")
    assert violations(page) == []
    page.keyboard.type("Call Henrik tomorrow 10:30")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet:not([open])", state="attached")
    assert NextStep.objects.get(opportunity=deal).purpose == "Call Henrik"


def test_rows_are_chosen_by_keys_and_ranges_and_changed_together(
    page: Any, sign_in: Callable[[Any], None], rep: Any
) -> None:
    for number in range(5):
        OpportunityFactory(owner=rep, name=f"Deal {number}")
    sign_in(rep)
    page.goto("/pipeline/?as=table&sort=name")
    settle(page)
    bar, boxes = page.locator("[data-choose-bar]"), page.locator("[data-choose-row]")
    assert bar.is_hidden()
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    page.focus("tr[data-row] >> nth=4")
    page.keyboard.press("x")
    assert page.inner_text("[data-choose-count]") == "4"
    assert violations(page) == []
    assert not scrolls_sideways(page, width=390)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.focus("button[name=what][value=deal_type]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] #deals-change select:focus")
    assert violations(page) == []
    page.select_option("#deals-change select", "expansion")
    page.click("#deals-change button[type=submit]")
    page.locator("h2", has_text="4 deals were changed.").wait_for()
    assert violations(page) == []
    assert BulkAnswer.objects.count() == 4
    page.keyboard.press("Control+z")
    page.locator("h2", has_text="This was undone.").wait_for()
    assert set(Opportunity.objects.values_list("deal_type", flat=True)) == {"new_business"}
