"""Asking colleagues and giving them hours in a real browser: by keys, without script, accessible in both themes and widths."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pipeline.models import Handover, Opportunity, ResourceRequest
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import ApprovalFactory, PromiseFactory
from tests.factories.resources import QuestionFactory, RequestFactory, ResourceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="50", deal_type="renewal")


def soon(days: int = 20) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_hours_are_asked_for_by_keys_and_the_panel_comes_as_it_is_reached(
    page: Any, sign_in: Callable[[Any], None], rep: Any, deal: Opportunity
) -> None:
    ResourceFactory(user__name="Ott Kivi")
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#help").scroll_into_view_if_needed()
    page.locator("#help", has_text="Nobody was asked for hours").wait_for()
    page.focus("#help .button >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] [name=purpose]")
    for name, words in (("purpose", "A trial"), ("hours", "7,5"), ("reason", "They decide only after a trial")):
        page.focus(f"[name={name}]")
        page.keyboard.type(words)
    page.fill("[name=due_on]", str(soon()))
    page.focus("#ask-sheet button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#help", has_text="Sales engineer, 7.5 hours").wait_for()
    assert ResourceRequest.objects.get().hours == Decimal("7.5")


def test_the_pages_are_accessible_in_both_themes_and_widths(
    page: Any, sign_in: Callable[[Any], None], deal: Opportunity
) -> None:
    engineer, admin = ResourceFactory(user__name="Ott Kivi"), UserFactory(admin=True)
    asked = RequestFactory(
        opportunity=deal, due_on=soon(), against=["economics_unknown"], reason="They decide after it"
    )
    question = QuestionFactory(opportunity=deal)
    past = OpportunityFactory(owner=deal.owner, account=deal.account, won=True)
    given = {"opportunity": past, "made_at": timezone.now(), "checked_on": soon(0), "as_sold": False, "gap": "Two late"}
    Handover.objects.create(**given)
    PromiseFactory(opportunity=past, state="broken", ended_on=soon(0))
    approval = ApprovalFactory(opportunity=deal)
    sign_in(admin)
    addresses = (
        "/resources/", f"/resources/requests/{asked.pk}/", f"/deals/{deal.pk}/help/", f"/questions/{question.pk}/",
        "/handovers/", f"/approvals/{approval.pk}/", f"/deals/{deal.pk}/hours/ask/", f"/resources/{engineer.pk}/weeks/",
        "/resources/gates/", f"/deals/{deal.pk}/questions/ask/",
    )  # fmt: skip
    for width, theme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        for address in addresses:
            page.goto(address)
            assert (address, theme, violations(page)) == (address, theme, [])
            assert not scrolls_sideways(page, width=width), (address, width)
