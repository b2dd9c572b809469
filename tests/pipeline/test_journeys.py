"""The board and the deal page in a real browser: pointer, keys, the sheet, two people at once, undo, accessibility."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from crm.enums import Theme
from pipeline.models import Attestation, Opportunity
from tests.factories.crm import ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory, get_setpoint, get_version, meet_criteria

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "The board signs it on Friday"


@pytest.fixture
def rep() -> Any:
    return UserFactory(rep=True, team=TeamFactory(), name="Liis Tamm")


def ready_deal(rep: Any) -> Opportunity:
    """Return a deal at 25% with every fact of 50%."""
    deal = OpportunityFactory(owner=rep, at="25", amount=98_000, contact=ContactFactory())
    meet_criteria(deal, "50")
    return deal


def stands_at(page: Any, deal: Opportunity, code: str) -> None:
    page.wait_for_selector(f"#cards-{get_setpoint(code).pk} > #deal-{deal.pk}:not(.is-sending)")


def drag(page: Any, deal: Opportunity, target: str) -> None:
    """Press, move and drop as a hand does."""
    start, end = page.locator(f"#deal-{deal.pk}").bounding_box(), page.locator(target).bounding_box()
    page.mouse.move(start["x"] + 30, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + 30)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 160, steps=4)
    page.mouse.up()


def test_a_card_is_dragged_and_the_move_undone(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = ready_deal(rep)
    sign_in(rep)
    page.goto("/pipeline/")
    drag(page, deal, f"#column-{get_setpoint('50').pk}")
    stands_at(page, deal, "50")
    assert "€49,000 weighted" in page.inner_text(f"#head-{get_setpoint('50').pk}")
    page.get_by_role("button", name="Undo").click()
    stands_at(page, deal, "25")
    deal.refresh_from_db()
    assert deal.setpoint == get_setpoint("25")


def test_a_card_is_moved_by_keys(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = ready_deal(rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.locator(f"#deal-{deal.pk} h3 a").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert "over 50%" in page.inner_text("#live-polite")
    page.keyboard.press("Escape")
    stands_at(page, deal, "25")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    stands_at(page, deal, "50")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/deals/{deal.pk}/"


def test_missing_facts_open_the_sheet_and_the_card_goes_back(
    page: Any, sign_in: Callable[[Any], None], rep: Any
) -> None:
    deal = ready_deal(rep)
    version = get_version("need_known")
    Attestation.objects.filter(criterion_version=version).delete()
    sign_in(rep)
    page.goto("/pipeline/")
    drag(page, deal, f"#column-{get_setpoint('50').pk}")
    page.wait_for_selector("#sheet[open] fieldset")
    stands_at(page, deal, "25")
    page.fill(f"[name=fact{version.pk}_note]", "€210k a year")
    page.fill(f"[name=fact{version.pk}_on]", "2026-03-01")
    page.get_by_role("button", name="Move to 50%").click()
    stands_at(page, deal, "50")
    page.wait_for_selector("#sheet:not([open])", state="attached")


def test_two_people_moving_one_deal_lose_nothing(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    colleague = UserFactory(rep=True, team=rep.memberships.get().team, name="Mantas")
    deal = ready_deal(rep)
    sign_in(rep)
    page.goto("/pipeline/")
    other = Client()
    other.force_login(colleague)
    other.post(f"/deals/{deal.pk}/move/", {"to": get_setpoint("first_meeting").pk, "version": 1, "reason": "No budget"})
    drag(page, deal, f"#column-{get_setpoint('50').pk}")
    trouble = page.locator(f"#deal-{deal.pk} .card-trouble")
    trouble.wait_for()
    assert "Mantas changed this" in trouble.inner_text()
    stands_at(page, deal, "first_meeting")
    trouble.get_by_role("button", name="Use mine").click()
    stands_at(page, deal, "50")
    deal.refresh_from_db()
    assert (deal.setpoint, deal.version) == (get_setpoint("50"), 3)


def test_a_next_step_is_added_on_the_card(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.click(f"#deal-{deal.pk} .next-step.is-missing")
    page.fill(f"#purpose-{deal.pk}", "Call Henrik")
    page.fill(f"#due-{deal.pk}", "2026-12-01")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#deal-{deal.pk} .next-step:has-text('Call Henrik')")


def test_a_deal_is_declined_from_the_menu_of_its_card(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.hover(f"#deal-{deal.pk}")
    page.click(f"#deal-{deal.pk} footer > a")
    page.get_by_text("Lost or declined…").click()
    page.locator("#dialog").get_by_text("Declined").click()
    page.locator("#dialog [name=reason_code]").select_option("just_looking")
    page.get_by_role("button", name="Decline").click()
    page.wait_for_selector(f"#deal-{deal.pk}", state="detached")
    deal.refresh_from_db()
    assert deal.outcome == "declined"


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_board_and_deal_are_accessible(page: Any, sign_in: Callable[[Any], None], rep: Any, theme: Theme) -> None:
    rep.theme = theme
    rep.save(update_fields=["theme"])
    deal = ready_deal(rep)
    OpportunityFactory(owner=rep)
    NextStepFactory(opportunity=OpportunityFactory(owner=rep, deal_type="renewal"))
    sign_in(rep)
    sheet = f"/deals/{deal.pk}/move/?to={get_setpoint('90').pk}"
    for address in ("/pipeline/", "/pipeline/?as=table", f"/deals/{deal.pk}/", sheet):
        page.goto(address)
        results = Axe().run(page)
        assert results.violations_count == 0, (address, results.generate_report())
