"""The pages of records and settings in a real browser: readable, reachable by key, no wider than a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from crm.models import Account
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.serial, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> dict[str, Any]:
    admin = UserFactory(admin=True, name="Piret Tamme", team=TeamFactory(name="Baltics"))
    account = AccountFactory(name="Gedris Steel", owner=admin, domain="gedris.lt", industry="Steel", kind="customer")
    contact = ContactFactory(
        account=account, owner=admin, first_name="Tomas", last_name="Žukas", email="tomas@gedris.lt"
    )
    ActivityFactory(meeting=True, account=account, contact=contact, owner=admin)
    ActivityFactory(call=True, account=account, contact=contact, owner=admin)
    return {"admin": admin, "account": account, "contact": contact}


def pages(world: dict[str, Any]) -> list[str]:
    account, contact, admin = world["account"].pk, world["contact"].pk, world["admin"].pk
    return [
        "/accounts/", f"/accounts/{account}/", f"/accounts/{account}/fields/city/", "/accounts/new/", "/contacts/",
        f"/contacts/{contact}/", f"/activities/new/?account={account}", "/settings/", "/settings/tokens/",
        "/settings/people/", f"/settings/people/{admin}/", "/settings/people/invite/", "/settings/organisation/",
        "/settings/audit/", "/auth/2fa/", "/auth/password/change/", "/accounts/?q=nobody", "/accounts/999999/",
    ]  # fmt: skip


def test_pages_are_accessible_and_fit_a_phone(page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]) -> None:
    sign_in(world["admin"])
    found = {}
    for path in pages(world):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        found[path] = (violations(page), scrolls_sideways(page, width=390))
    assert {path: wrong for path, wrong in found.items() if wrong != ([], False)} == {}


def test_a_field_is_edited_by_key(page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]) -> None:
    sign_in(world["admin"])
    page.goto(f"/accounts/{world['account'].pk}/")
    page.locator("#fact-city a.inline-value").focus()
    page.keyboard.press("Enter")
    page.locator("#fact-city input[name=city]:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator("#fact-city a.inline-value:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#fact-city input[name=city]:focus").wait_for()
    page.keyboard.type("Kaunas")
    page.keyboard.press("Enter")
    page.locator("#fact-city a.inline-value:focus", has_text="Kaunas").wait_for()
    assert Account.objects.get().city == "Kaunas"


def test_the_rail_that_waits_as_a_sheet_gives_the_focus_back(
    page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]
) -> None:
    sign_in(world["admin"])
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(f"/accounts/{world['account'].pk}/")
    page.focus(".rail-opener button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#record-side:popover-open")
    page.keyboard.press("Escape")
    page.wait_for_selector(".rail-opener button:focus")


def test_a_call_is_logged_by_one_key(page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]) -> None:
    sign_in(world["admin"])
    page.goto(f"/accounts/{world['account'].pk}/")
    page.keyboard.press("l")
    page.locator("#sheet[open] input[name=subject]").fill("Asked about the pilot")
    page.keyboard.press("Enter")
    page.locator("#timeline", has_text="Asked about the pilot").wait_for()
    page.locator("#sheet[open] h2", has_text="What is next?").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet:not([open])", state="attached")


def test_a_list_is_walked_and_opened_by_key(page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]) -> None:
    sign_in(world["admin"])
    page.goto("/accounts/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{world['account'].pk}/")


def test_a_session_about_to_end_is_extended_where_one_stands(
    page: Any, sign_in: Callable[[Any], None], world: dict[str, Any]
) -> None:
    sign_in(world["admin"])
    session = Session.objects.get().get_decoded()
    store = Session.get_session_store_class()(Session.objects.get().session_key)
    store.update(session)
    store.set_expiry(timezone.now() + timedelta(seconds=90))
    store.save()
    page.goto("/accounts/new/")
    page.get_by_role("heading", name="You will be signed out in 2 minutes").wait_for()
    page.get_by_role("button", name="Extend").click()
    page.locator("#session-ending:not([open])").wait_for(state="attached")
    left = Session.objects.get().expire_date - timezone.now()
    assert left > timedelta(seconds=django_settings.SESSION_COOKIE_AGE - 60)
