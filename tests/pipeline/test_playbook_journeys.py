"""What is learned and what is said, in a real browser: by keys, accessible, in both themes and widths."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from pipeline.commands.guides import create_guide
from pipeline.commands.meetings import log_meeting
from pipeline.models import MeetingRecord, Opportunity, Stakeholder
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import AccountFactory, ContactFactory, InsightFactory, PersonaFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Any:
    return UserFactory(admin=True, name="Liis Tamm")


def played_deal(owner: Any) -> Opportunity:
    """Return a deal of an account with insight, whose person is of a persona with a guide, and a meeting written down."""
    account = AccountFactory(name="Gedris", owner=owner)
    persona = PersonaFactory(
        name="Plant head", position="Plant manager", goals="No unplanned stop\nLess water", channels="Trade fair"
    )
    contact = ContactFactory(account=account, persona=persona, seniority="c_level", job_title="Managing director")
    deal = OpportunityFactory(owner=owner, account=account, contact=contact, at="50", amount=98_000)
    Stakeholder.objects.create(opportunity=deal, contact=contact, role="decision_maker", is_main=True)
    for burner in ("front", "back", "freezer"):
        InsightFactory(account=account, kind="goal", burner=burner, text=f"Goal on {burner}", by=owner)
    InsightFactory(account=account, kind="change", on=date(2027, 1, 15), text="New discharge limits", by=owner)
    now = timezone.now()
    texts = {"business_terms": "Payback in a year", "questions": "Why now?", "concern": "Stops", "avoid": "Sensors"}
    create_guide(values={"seniority": "c_level", **texts}, by=None, at=now)
    log_meeting(
        opportunity_id=deal.pk, occurred_at=now, subject="On site", present_state="By hand", challenges="Old meters",
        goals="Less water", by=owner, at=now,
    )  # fmt: skip
    return deal


def test_a_meeting_is_written_down_by_keys(page: Any, sign_in: Callable[[Any], None], admin: Any) -> None:
    deal = played_deal(admin)
    sign_in(admin)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#deal-meetings, a[href$='/meetings/']").first.scroll_into_view_if_needed()
    page.wait_for_selector("#deal-meetings")
    page.focus("#deal-meetings a[href$='/meetings/new/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] [name=goals]")
    page.focus("#sheet [name=goals]")
    page.keyboard.type("Half the stops")
    page.focus("#sheet button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#deal-meetings", has_text="Half the stops").wait_for()
    assert MeetingRecord.objects.filter(goals="Half the stops").count() == 1


def test_an_insight_is_noted_on_the_account(page: Any, sign_in: Callable[[Any], None], admin: Any) -> None:
    deal = played_deal(admin)
    sign_in(admin)
    page.goto(f"/accounts/{deal.account_id}/")
    page.click("#account-insights a[href$='/insights/new/']")
    page.wait_for_selector("#sheet[open] [name=text]")
    page.select_option("#sheet [name=kind]", "aim")
    page.fill("#sheet [name=text]", "Second plant in Poland")
    page.click("#sheet button[type=submit]")
    page.locator("#account-insights", has_text="Second plant in Poland").wait_for()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible(page: Any, sign_in: Callable[[Any], None], admin: Any, width: int) -> None:
    deal = played_deal(admin)
    sign_in(admin)
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for path in (
        f"/deals/{deal.pk}/prepare/", f"/deals/{deal.pk}/meetings/", f"/deals/{deal.pk}/meetings/new/",
        f"/deals/{deal.pk}/guides/", f"/accounts/{deal.account_id}/insights/", f"/contacts/{deal.contact_id}/guides/",
        "/settings/personas/", "/settings/personas/new/", "/settings/guides/", "/settings/guides/new/", "/onboarding/",
    ):  # fmt: skip
        page.goto(path)
        found[path] = [*violations(page), *(["scrolls sideways"] if scrolls_sideways(page, width=width) else [])]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("path", ["/deals/{deal}/", "/accounts/{account}/", "/contacts/{contact}/"])
def test_the_pages_they_are_shown_on_stay_accessible(
    page: Any, sign_in: Callable[[Any], None], admin: Any, path: str
) -> None:
    deal = played_deal(admin)
    sign_in(admin)
    page.goto(path.format(deal=deal.pk, account=deal.account_id, contact=deal.contact_id))
    assert violations(page) == []
