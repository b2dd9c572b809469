"""The preparation sheet: everything known before a call, of goals the front burner alone (FI-012, TR-037, TR-045)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from pipeline.commands.guides import create_guide
from pipeline.models import Competitor, MeetingRecord, OpportunityCompetitor, Promise, Stakeholder
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    InsightFactory,
    PersonaFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.pipeline import AssessmentFactory, NextStepFactory, OpportunityActivityFactory, OpportunityFactory
from tests.testing import signed_in, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUERIES, CALL_QUERIES = 19, 12
pytestmark = pytest.mark.django_db


def prepared(rep: Any) -> Any:
    """Return a deal of which something of every kind is known."""
    account = AccountFactory(name="Gedris", industry="steel", employee_count=640, city="Kaunas")
    deal = OpportunityFactory(owner=rep, account=account, name="Metering", at="25", decision_on=date(2027, 2, 1))
    add_to(deal, 1)
    rival = Competitor.objects.create(name="Volta Systems")
    OpportunityCompetitor.objects.create(opportunity=deal, competitor=rival)
    create_guide(values={"competitor_id": rival.pk, "questions": "Who repairs it?"}, by=None, at=AT)
    create_guide(
        values={"seniority": "c_level", "business_terms": "Payback in a year", "message": "Our pump"}, by=None, at=AT
    )
    NextStepFactory(opportunity=deal, purpose="Walk through the plant")
    AssessmentFactory(opportunity=deal, element="budget", level=1, note="Perhaps 100k")
    today = timezone.localdate()
    AssessmentFactory(opportunity=deal, element="need", level=3, said_on=today, note="210k a year")
    return deal


def add_to(deal: Any, number: int) -> None:
    """Add one of everything there can be several of."""
    for burner in ("front", "back", "freezer"):
        InsightFactory(account=deal.account, kind="goal", burner=burner, text=f"Goal {number} {burner}")
    InsightFactory(account=deal.account, text=f"Aim {number}")
    InsightFactory(account=deal.account, kind="change", on=date(2027, 1, number), text=f"Change {number}")
    persona = PersonaFactory(name=f"Persona {number}", goals=f"Wants {number}")
    person = ContactFactory(account=deal.account, seniority="c_level", persona=persona, first_name=f"Rasa {number}")
    Stakeholder.objects.create(opportunity=deal, contact=person, role="champion")
    activity = ActivityFactory(held=True, subject=f"Meeting {number}", account=deal.account, contact=person)
    OpportunityActivityFactory(opportunity=deal, activity=activity)
    MeetingRecord.objects.create(
        opportunity=deal, activity=activity, challenges=f"Struggle {number}", created_at=AT, recorded_at=AT
    )
    Promise.objects.create(opportunity=deal, text=f"Promise {number}", owner=deal.owner, at=AT, due_on=date(2027, 1, 1))


def test_it_holds_everything_known_and_the_front_burner_alone(rep):
    deal = prepared(rep)
    page = text(signed_in(rep).get(f"/deals/{deal.pk}/prepare/"))
    for words in ("Gedris", "640 people", "Aim 1", "Change 1", "Goal 1 front", "Rasa 1", "Persona 1", "Wants 1", "Champion",
                  "Volta Systems", "Who repairs it?", "Payback in a year", "Walk through the plant", "Struggle 1",
                  "Promise 1", "Meeting 1", "Perhaps 100k", "How much is set aside, and by whom?"):  # fmt: skip
        assert words in page, words
    for words in ("Goal 1 back", "Goal 1 freezer", "Our pump", "210k a year"):
        assert words not in page, words


def test_what_is_missing_for_the_next_setpoint_is_asked(rep):
    deal = OpportunityFactory(owner=rep, at="25")
    page = text(signed_in(rep).get(f"/deals/{deal.pk}/prepare/"))
    assert "Nothing is known of their aims yet" in page
    assert "What does the problem cost them?" in page
    assert "No next step" in page


def test_however_much_is_known_it_takes_the_same_statements(rep, django_assert_num_queries):
    deal = prepared(rep)
    browser, url = signed_in(rep), f"/deals/{deal.pk}/prepare/"
    for number in (2, 3):
        browser.get(url)
        with django_assert_num_queries(QUERIES):
            browser.get(url)
        add_to(deal, number)


def test_it_is_one_click_from_the_deal_and_a_closed_one_has_it_too(rep):
    deal = OpportunityFactory(owner=rep)
    browser = signed_in(rep)
    assert f'href="/deals/{deal.pk}/prepare/"' in text(browser.get(f"/deals/{deal.pk}/"))
    won = OpportunityFactory(owner=rep, won=True, setpoint=None)
    assert browser.get(f"/deals/{won.pk}/prepare/").status_code == 200
    archived = OpportunityFactory(owner=rep, archived=True)
    assert browser.get(f"/deals/{archived.pk}/prepare/").status_code == 200


def test_a_stranger_finds_nothing_and_marketing_reads(rep):
    deal = prepared(rep)
    url = f"/deals/{deal.pk}/prepare/"
    assert signed_in(UserFactory(rep=True, team=TeamFactory())).get(url).status_code == 404
    assert signed_in(UserFactory(contributor=True)).get(url).status_code == 404
    assert signed_in(UserFactory(marketing=True)).get(url).status_code == 200


def test_a_call_sheet_is_one_click_from_the_company_and_speaks_of_the_front_burner_alone(
    rep, django_assert_num_queries
):
    deal = prepared(rep)
    browser, url = signed_in(rep), f"/accounts/{deal.account_id}/call/"
    assert f'href="{url}"' in text(browser.get(f"/accounts/{deal.account_id}/"))
    for number in (2, 3):
        browser.get(url)
        with django_assert_num_queries(CALL_QUERIES):
            page = text(browser.get(url))
        add_to(deal, number)
    for words in ("Gedris", "Aim 2", "Change 2", "Goal 2 front", "Rasa 2", "Wants 2", "Volta Systems", "Who repairs it?",
                  "Payback in a year", "Meeting 2", f"/deals/{deal.pk}/prepare/"):  # fmt: skip
        assert words in page, words
    assert not [words for words in ("Goal 1 back", "Goal 1 freezer", "Our pump") if words in page]
    elsewhere = text(signed_in(UserFactory(rep=True, team=TeamFactory())).get(url))
    assert ("Goal 1 front" in elsewhere, "Volta" in elsewhere, "Meeting 1" in elsewhere) == (True, False, False)


def test_somebody_erased_is_not_named(rep):
    deal = OpportunityFactory(owner=rep)
    gone = ContactFactory(
        account=deal.account, erased_at=AT, first_name="", last_name="", persona=PersonaFactory(name="User")
    )
    Stakeholder.objects.create(opportunity=deal, contact=gone, met_on=timezone.localdate() - timedelta(days=1))
    assert signed_in(rep).get(f"/deals/{deal.pk}/prepare/").status_code == 200


def test_markup_stays_text(rep):
    deal = OpportunityFactory(owner=rep, name="<script>alert(1)</script>")
    InsightFactory(account=deal.account, text="<script>alert(2)</script>{{ settings.SECRET_KEY }}")
    page = text(signed_in(rep).get(f"/deals/{deal.pk}/prepare/"))
    assert ("<script>alert" in page, "{{ settings.SECRET_KEY }}" in page) == (False, True)
