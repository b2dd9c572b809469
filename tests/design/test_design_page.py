"""The page of components in a real browser, in both themes and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import UserFactory

pytestmark = [pytest.mark.serial, pytest.mark.django_db(transaction=True)]


def test_components_are_accessible(page: Any, sign_in: Callable[[Any], None]) -> None:
    """See that axe finds nothing in either theme."""
    sign_in(UserFactory(admin=True))
    page.goto("/_design/")
    assert violations(page) == []


def test_nothing_is_wider_than_a_phone(page: Any, sign_in: Callable[[Any], None]) -> None:
    """See that a narrow window needs no sideways scroll."""
    sign_in(UserFactory(admin=True))
    page.goto("/_design/")
    assert [scrolls_sideways(page, width=width) for width in (390, 320)] == [False, False]


def test_help_opens_by_key_and_returns_the_focus(page: Any, sign_in: Callable[[Any], None]) -> None:
    """See that `?` opens the help, Esc closes it, and that keys are off while typing and when switched off."""
    sign_in(UserFactory(admin=True))
    page.goto("/_design/")
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keyboard shortcuts").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open] #keyboard-help").count() == 0
    page.locator("#rest_amount").first.focus()
    page.keyboard.type("?")
    assert page.locator("dialog[open] #keyboard-help").count() == 0
    assert page.locator("#rest_amount").first.input_value() == "?"


def test_theme_changes_at_once(page: Any, sign_in: Callable[[Any], None]) -> None:
    """See that the page turns dark without a reload and stays so after one."""
    sign_in(UserFactory(admin=True, theme="light"))
    page.goto("/_design/")
    with page.expect_response("**/settings/theme/"):
        page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 13, 16)"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
