"""What becomes known of a company or a person reaches their leads in the same transaction; fit alone may cross."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.commands.accounts import edit_account
from crm.commands.contacts import edit_contact
from crm.exchange.run import import_rows
from crm.lib.values import Money
from scoring.commands.events import record_events
from scoring.commands.leads import edit_lead
from scoring.commands.rules import edit_draft, publish_draft
from scoring.commands.scores import refresh_scores
from scoring.enums import Counting, Operator, ScorePart
from scoring.facts import Condition
from scoring.models import Crossing, LeadKnown, LeadScore
from scoring.policies import asking
from tests.factories.crm import (
    AccountFactory,
    CampaignFactory,
    ContactFactory,
    PersonaFactory,
    SourceFactory,
    UserFactory,
)
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, WEBINAR

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)


def fit(field: str, operator: Operator, value: Any) -> dict[str, Any]:
    return {
        "name": field, "part": ScorePart.FIT, "counting": Counting.WHILE, "points": 10,
        "conditions": (Condition(field, operator, value),),
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _fit_counts() -> None:
    by = UserFactory(marketing=True)
    rules = {
        "size": fit("account.employee_count", Operator.AT_LEAST, 200),
        "level": fit("contact.seniority", Operator.IS, "c_level"),
        "country": fit("lead.country", Operator.IS, "EE"),
        "asked_us": {
            "name": "Asked us",
            "part": ScorePart.BEHAVIOUR,
            "event_types": frozenset({DEMO}),
            "points": 7,
            "conditions": (Condition("lead.source", Operator.IS, "api"),),
        },
    }
    edit_draft(settings={}, rules=rules, by=by, at=NOW)
    publish_draft(reason="Fit counts.", by=by, at=NOW)


def test_edits_of_account_contact_and_lead_reach_the_score_and_may_cross() -> None:
    UserFactory(rep=True)
    account, contact = AccountFactory(), ContactFactory()
    lead = LeadFactory(account=account, contact=contact)
    record_events(events=[sent(lead, DEMO, NOW), sent(lead, WEBINAR, NOW)], by=None, at=NOW)
    assert LeadScore.objects.get(lead=lead).score == 45
    edit_account(account_id=account.pk, changes={"city": "Tartu"}, by=None, at=NOW)
    edit_account(account_id=account.pk, changes={"employee_count": 250}, by=None, at=NOW)
    assert (LeadScore.objects.get(lead=lead).fit, Crossing.objects.get().state) == (10, "handed_over")
    edit_contact(contact_id=contact.pk, changes={"job_title": "CEO"}, by=None, at=NOW)
    assert LeadScore.objects.get(lead=lead).fit == 20
    edit_lead(lead_id=lead.pk, changes={"country": "EE"}, by=None, at=NOW)
    assert LeadScore.objects.get(lead=lead).fit == 30


def test_an_import_of_accounts_reaches_their_leads_and_tells_nobody() -> None:
    UserFactory(rep=True)
    account = AccountFactory(external_id="A1")
    lead = LeadFactory(account=account)
    record_events(events=[sent(lead, DEMO, NOW), sent(lead, WEBINAR, NOW)], by=None, at=NOW)
    import_rows("accounts", [{"external_id": "A1", "name": account.name, "employee_count": "250"}], by=None, at=NOW)
    assert LeadScore.objects.get(lead=lead).fit == 10
    assert Crossing.objects.get().waiting_reason == "imported"


@pytest.mark.parametrize("key", ["1", "x", " "])
def test_what_is_known_as_a_lead_comes_holds_for_what_it_came_by(key: str) -> None:
    record_events(events=[sent(None, DEMO, NOW, f"{key}:1", email="new@viljandi-dairy.example")], by=None, at=NOW)
    assert LeadScore.objects.get().score == 32


def test_the_last_of_two_edits_holds_whatever_their_clocks_and_numbers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('scoring_leadknown', 'id'), 998)")
    account = AccountFactory()
    lead = LeadFactory(account=account, created_at=NOW)  # 999 is what is known as it comes
    for country, fit_is in (("EE", 10), ("LV", 0), ("EE", 10)):
        edit_lead(lead_id=lead.pk, changes={"country": country}, by=None, at=NOW)
        assert LeadScore.objects.get(lead=lead).fit == fit_is, country
    edit_lead(lead_id=lead.pk, changes={"country": "LV"}, by=None, at=NOW + timedelta(seconds=1))
    edit_account(account_id=account.pk, changes={"employee_count": 250}, by=None, at=NOW)
    refresh_scores(lead_ids=[lead.pk], at=NOW + timedelta(seconds=1))
    assert LeadScore.objects.get(lead=lead).fit == 10


def test_whatever_a_rule_can_ask_for_is_kept_and_every_change_of_it_is_followed() -> None:
    account = AccountFactory(
        industry="Water", employee_count=250, annual_revenue=Money(Decimal("1250000.50"), "EUR"), country="EE", city="Tartu",
        growth_stage="Scale-up", technologies=["SAP"],
    )  # fmt: skip
    contact = ContactFactory(
        seniority="c_level", job_title="CEO", department="Board", persona=PersonaFactory(), country="FI", language="et"
    )
    lead = LeadFactory(
        account=account, contact=contact, industry="Water", employee_count=250, country="EE", seniority="c_level",
        job_title="CEO", company="Vesi", technologies=["SAP"], source=SourceFactory(), campaign=CampaignFactory(),
        approach="top_down", email="ceo@vesi.example",
    )  # fmt: skip
    refresh_scores(lead_ids=[lead.pk], at=NOW)
    assert set(LeadKnown.objects.get(lead=lead).known) == set(asking.FIELDS)
    edit_account(account_id=account.pk, changes={"city": "Narva"}, by=None, at=NOW)
    edit_contact(contact_id=contact.pk, changes={"department": "Works"}, by=None, at=NOW)
    latest = LeadKnown.objects.filter(lead=lead).latest("pk").known
    assert (latest["account.city"], latest["contact.department"], latest["account.annual_revenue"]) == (
        "Narva", "Works", 1250000.5,
    )  # fmt: skip
