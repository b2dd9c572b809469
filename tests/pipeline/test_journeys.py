"""The board and the deal page in a real browser: pointer, keys, the sheet, two people at once, undo, accessibility."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.models import NextStep, Opportunity
from tests.accessibility import violations
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory, get_setpoint, get_version, meet_criteria

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "The board signs it on Friday"


def ready_deal(rep: Any, *, but: str = "") -> Opportunity:
    """Return a deal at 25% with every fact of 50%, one of them left out."""
    deal = OpportunityFactory(owner=rep, at="25", amount=98_000, contact=ContactFactory())
    meet_criteria(deal, "50", but=but)
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
    deal = ready_deal(rep, but="need_known")
    version = get_version("need_known")
    sign_in(rep)
    page.goto("/pipeline/")
    drag(page, deal, f"#column-{get_setpoint('50').pk}")
    page.wait_for_selector("#sheet[open] fieldset")
    stands_at(page, deal, "25")
    page.fill(f"[name=fact{version.criterion_id}_note]", "€210k a year")
    page.fill(f"[name=fact{version.criterion_id}_on]", "2026-03-01")
    page.select_option(f"[name=fact{version.criterion_id}_contact]", str(deal.contact_id))
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


def test_a_next_step_is_written_on_the_card_and_the_finding_follows(
    page: Any, sign_in: Callable[[Any], None], rep: Any
) -> None:
    deal = OpportunityFactory(owner=rep, contact=ContactFactory(first_name="Henrik", last_name="Saar"))
    sign_in(rep)
    page.goto("/pipeline/")
    assert "1 deal has no next step" in page.inner_text("#finding")
    page.locator(f"#deal-{deal.pk} h3 a").focus()
    page.keyboard.press("n")
    page.wait_for_selector(f"#purpose-{deal.pk}:focus")
    page.keyboard.type("Call Henrik tomorrow 10:30")
    page.locator(f"#understood-{deal.pk} .is-dated", has_text="10:30").wait_for()
    assert page.is_hidden(f"#due-{deal.pk}")
    page.get_by_label("agreed with Henrik Saar").check()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#deal-{deal.pk} .next-step:has-text('Call Henrik')")
    page.locator("#finding", has_text="Every open deal has a next step, and none is overdue.").wait_for()
    step = NextStep.objects.get(opportunity=deal)
    assert (step.kind, step.agreed_with, step.due_on) == (
        "call",
        deal.contact,
        timezone.localdate() + timedelta(days=1),
    )


def test_a_day_is_chosen_on_the_card_as_well(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.click(f"#deal-{deal.pk} .next-step.is-missing")
    page.fill(f"#purpose-{deal.pk}", "Send the offer")
    page.keyboard.press("Enter")
    page.locator(f"#deal-{deal.pk} .error", has_text="Choose a day").wait_for()
    page.wait_for_selector(".htmx-settling", state="detached")  # until then Enter sends it as a plain form
    page.fill(f"#due-{deal.pk}", "2099-12-01")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#deal-{deal.pk} .next-step:has-text('Send the offer')")


def test_a_lifted_card_says_what_it_would_miss(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = ready_deal(rep)
    sign_in(rep)
    page.goto("/pipeline/")
    start, target = (
        page.locator(f"#deal-{deal.pk}").bounding_box(),
        page.locator(f"#column-{get_setpoint('50').pk}").bounding_box(),
    )
    page.mouse.move(start["x"] + 30, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, target["y"] + 160, steps=4)
    page.locator(".card.is-held .card-facts", has_text="All 7 criteria met").wait_for()
    page.keyboard.press("Escape")
    page.mouse.up()
    page.locator(f"#deal-{deal.pk} h3 a").focus()
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.locator(f"#deal-{deal.pk} .card-facts", has_text="criteria missing").wait_for()
    page.keyboard.press("ArrowLeft")
    assert "All 7 criteria met" in page.inner_text("#live-polite")
    page.keyboard.press("Escape")
    assert page.locator(".card-facts").count() == 0
    stands_at(page, deal, "25")


def test_a_swipe_turns_to_the_setpoint_beside(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    OpportunityFactory(owner=rep)
    sign_in(rep)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/pipeline/")
    fingers = page.context.new_cdp_session(page)
    for way, (begin, finish), code in ((1, (320, 80), "25"), (-1, (80, 320), "first_meeting")):
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": begin, "y": 700}]})
        for part in range(1, 5):
            at = begin + (finish - begin) * part / 4
            fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": at, "y": 702}]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_selector(f"#column-{get_setpoint(code).pk}.is-shown")
        assert page.url.endswith(f"at={code}"), way


def test_the_page_of_a_deal_is_worked_by_keys(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, at="25", amount=1000)
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    page.keyboard.press("n")
    page.wait_for_selector("#sheet[open] [name=purpose]:focus")
    page.keyboard.type("Workshop in Tartu in 2 weeks")
    page.keyboard.press("Enter")
    page.locator("#next-step", has_text="Workshop in Tartu").wait_for()
    page.focus("#fact-amount a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fact-amount [name=amount]:focus")
    page.keyboard.press("Control+a")
    page.keyboard.type("48k")
    page.keyboard.press("Enter")
    page.locator("#deal-head", has_text="€12,000").wait_for()
    page.focus("#criteria a.criterion-note >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sheet:not([open])", state="attached")


def test_between_laptop_and_tablet_the_rail_is_a_sheet(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(f"/deals/{deal.pk}/")
    assert page.is_hidden("#deal-side")
    page.keyboard.press("n")
    page.wait_for_selector("#deal-side:popover-open")
    page.keyboard.press("n")
    page.wait_for_selector("#sheet[open] [name=purpose]")


def test_a_deal_is_declined_from_the_menu_of_its_card(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.hover(f"#deal-{deal.pk}")
    page.click(f"#deal-{deal.pk} footer > a")
    page.get_by_text("Lost or declined…").click()
    page.locator("#dialog").get_by_text("Declined").click()
    page.locator("#dialog [name=reason_code]").select_option("need_known")
    page.get_by_role("button", name="Decline").click()
    page.wait_for_selector(f"#deal-{deal.pk}", state="detached")
    deal.refresh_from_db()
    assert deal.outcome == "declined"


def test_board_and_deal_are_accessible(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = ready_deal(rep)
    OpportunityFactory(owner=rep)
    NextStepFactory(opportunity=OpportunityFactory(owner=rep, deal_type="renewal"))
    won, lost = OpportunityFactory(owner=rep, won=True), OpportunityFactory(owner=rep, lost=True)
    archived = OpportunityFactory(owner=rep, archived_at=timezone.now())
    sign_in(rep)
    of_deal = f"/deals/{deal.pk}/"
    addresses = [
        "/pipeline/", "/pipeline/?as=table", "/pipeline/?q=nothing", "/pipeline/?q=nothing&as=table", "/pipeline/filters/",
        "/deals/new/", of_deal, *(f"/deals/{each.pk}/" for each in (won, lost, archived)), f"{of_deal}move/",
        f"{of_deal}move/?to={get_setpoint('90').pk}", f"{of_deal}move/?to={get_setpoint('first_meeting').pk}",
        f"{of_deal}close/", f"{of_deal}close/?outcome=lost", f"{of_deal}step/", f"{of_deal}step/?way=done",
    ]  # fmt: skip
    for width in (1440, 1100, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for address in addresses if width == 1440 else ("/pipeline/", of_deal):
            page.goto(address)
            assert (address, width, violations(page)) == (address, width, [])


def test_what_opens_on_the_board_is_accessible(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal, bare = ready_deal(rep), OpportunityFactory(owner=rep)
    sign_in(rep)
    page.goto("/pipeline/")
    page.click(f"#deal-{bare.pk} .next-step.is-missing")
    page.fill(f"#purpose-{bare.pk}", "Call them on friday")
    page.wait_for_selector(f"#understood-{bare.pk} .is-dated")
    Opportunity.objects.filter(pk=deal.pk).update(version=2)
    drag(page, deal, f"#column-{get_setpoint('50').pk}")
    page.wait_for_selector(f"#deal-{deal.pk} .card-trouble")
    assert violations(page) == []


def test_marketing_reads_the_page_of_a_deal(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = ready_deal(rep)
    sign_in(UserFactory(marketing=True))
    page.goto(f"/deals/{deal.pk}/")
    assert page.locator("#page button:visible, #deal-side button:visible, #deal-head .actions").count() == 0
    assert violations(page) == []
