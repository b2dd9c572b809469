"""What is known of a deal and who decides, in a real browser: by keys alone, accessible, in both themes and widths."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import put_stakeholder
from pipeline.models import Assessment, Opportunity, Stage, Stakeholder
from tests.accessibility import scrolls_sideways, violations
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint

pytestmark = pytest.mark.django_db(transaction=True)


def known_deal(rep: Any) -> Opportunity:
    """Return a deal with people on the map, something known, something stale, something that does not apply."""
    account = AccountFactory()
    rasa, tomas, dainius = (
        ContactFactory(account=account, first_name=name, last_name="Jankauskienė", job_title="Plant manager")
        for name in ("Rasa", "Tomas", "Dainius")
    )
    deal = OpportunityFactory(owner=rep, account=account, contact=rasa, at="50", amount=98_000)
    now, today = timezone.now(), timezone.localdate()
    sent = {"opportunity_id": deal.pk, "by": rep, "at": now}
    put_stakeholder(contact_id=rasa.pk, changes={"role": "decision_maker", "stance": "neutral", "influence": 3}, **sent)
    champion = {"role": "champion", "stance": "for", "influence": 2, "met_on": today}
    put_stakeholder(contact_id=tomas.pk, changes=champion, **sent)
    blocker = {"role": "blocker", "stance": "against", "influence": 1, "introduced_by_id": tomas.pk}
    put_stakeholder(contact_id=dainius.pk, changes=blocker, **sent)
    assess_element(element="budget", level=2, said_on=today, contact_id=tomas.pk, note="€130k, capex", **sent)
    old = today - timedelta(days=60)
    assess_element(element="need", level=3, said_on=old, contact_id=rasa.pk, note="€210k a year", **sent)
    assess_element(element="champion_sells", level=2, said_on=today, contact_id=tomas.pk, **sent)
    assess_element(element="executive_backs", level=0, applies=False, said_on=today, note="The owner decides", **sent)
    return deal


def test_an_element_is_assessed_by_keys(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = known_deal(rep)
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    page.focus("#qualification a.figure >> nth=2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] [name=level]:focus")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Volta Systems")
    page.keyboard.press("Tab")
    page.keyboard.type("Rasa")
    page.keyboard.press("Tab")
    page.focus("#assessment-sheet button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#qualification", has_text="Volta Systems").wait_for()
    made = Assessment.objects.get(opportunity=deal, element="competition")
    assert (made.note, str(made.contact)) == ("Volta Systems", "Rasa Jankauskienė")


def test_who_is_missing_is_added_and_stands_on_the_map(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = known_deal(rep)
    ContactFactory(account=deal.account, first_name="Eglė", last_name="Mockutė")
    sign_in(rep)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#people", has_text="No economic buyer yet").wait_for()
    page.click("#people .people-warning a[href*='role=economic_buyer']")
    page.locator("#sheet [name=contact_id]").select_option(label="Eglė Mockutė")
    page.click("#sheet button[type=submit]")
    page.locator("#people svg.is-map", has_text="Eglė").wait_for()
    assert "No economic buyer yet" not in page.inner_text("#people")
    assert Stakeholder.objects.filter(opportunity=deal, role="economic_buyer").count() == 1


def test_what_is_known_and_who_decides_is_accessible(page: Any, sign_in: Callable[[Any], None], rep: Any) -> None:
    deal = known_deal(rep)
    tomas = Stakeholder.objects.get(opportunity=deal, role="champion").contact_id
    sign_in(rep)
    of_deal = f"/deals/{deal.pk}/"
    for address in (
        of_deal, f"{of_deal}assess/need/", f"{of_deal}assess/executive_backs/", f"{of_deal}progress/",
        f"{of_deal}people/add/", f"{of_deal}people/{tomas}/",
    ):  # fmt: skip
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        assert (address, violations(page)) == (address, [])
        assert not scrolls_sideways(page, width=390)


def test_pipelines_words_and_limits_are_accessible_and_phases_are_chosen_by_keys(
    page: Any, sign_in: Callable[[Any], None]
) -> None:
    sign_in(UserFactory(admin=True))
    fifty = get_setpoint("50")
    place = f"/settings/pipelines/{fifty.pipeline_id}/"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(place)
    page.focus("#phases button[value=six]")
    page.keyboard.press("Enter")
    page.locator(f"#setpoint-{fifty.pk}", has_text="Negotiation").wait_for()
    proposal = Stage.objects.get(setpoint=fifty, name="Proposal")
    page.focus(f"#setpoint-{fifty.pk} a[href='/settings/stages/{proposal.pk}/']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet[open] [name=name]")
    page.fill("#sheet [name=name]", "Offer")
    page.keyboard.press("Enter")
    page.locator(f"#setpoint-{fifty.pk}", has_text="Offer").wait_for()
    for address in (
        "/settings/pipelines/", place, f"{place}versions/", f"{place}stages/new/", f"/settings/setpoints/{fifty.pk}/",
        "/glossary/", "/settings/signals/",
    ):  # fmt: skip
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        assert (address, violations(page)) == (address, [])
        assert (address, scrolls_sideways(page, width=390)) == (address, False)
