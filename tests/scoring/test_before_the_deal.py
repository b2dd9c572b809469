"""What somebody did before anybody knew them stands on lead, person, company and deal, dated when it was (EE-007, D-40)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.models import Account, Contact
from crm.queries.timeline import Asked, get_timeline
from pipeline.models import Opportunity
from scoring.commands.conversion import convert_lead
from scoring.commands.events import record_events
from scoring.models import Lead
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import PAPER, PRICING
from tests.testing import element, htmx_get, signed_in, text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
SEEN, NAMED, MET = NOW - timedelta(days=40), NOW - timedelta(days=20), NOW - timedelta(days=2)


@pytest.fixture
def lead() -> Lead:
    """Somebody who looked at prices, said who they were three weeks later, and became a deal."""
    team = TeamFactory()
    rep = UserFactory(rep=True, team=team)
    lead = LeadFactory(owner=rep)
    looked = sent(None, PRICING, SEEN, "look", visitor="abc", properties={"url": "https://brightwater.example/pricing"})
    record_events(events=[looked], by=None, at=SEEN)
    record_events(events=[sent(lead, PAPER, NAMED, "paper", visitor="abc")], by=None, at=NAMED)
    convert_lead(lead_id=lead.pk, first_meeting_at=NOW, deal_type="new_business", by=rep, at=MET)
    lead.refresh_from_db()
    return lead


def told(subject: str, record_id: int, lead: Lead) -> list[tuple[str, datetime]]:
    """Return which of the lead's events a record's timeline tells of, the latest first."""
    entries = get_timeline(Asked(subject, record_id, lead.owner))
    return [(entry.payload.row.idempotency_key, entry.at) for entry in entries if entry.source == "lead_events"]


def test_lead_person_company_and_deal_tell_it_when_it_was(lead: Lead) -> None:
    deal = Opportunity.objects.get()
    before = [("paper", NAMED), ("look", SEEN)]
    records = {"lead": lead.pk, "contact": lead.contact_id, "account": lead.account_id, "opportunity": deal.pk}
    assert {subject: told(subject, pk, lead) for subject, pk in records.items()} == dict.fromkeys(records, before)
    assert before[0][1] < deal.created_at


def test_a_merge_of_person_and_company_keeps_it(lead: Lead) -> None:
    kept, company = ContactFactory(owner=lead.owner), AccountFactory(owner=lead.owner)
    Contact.objects.filter(pk=lead.contact_id).update(merged_into=kept)
    Account.objects.filter(pk=lead.account_id).update(merged_into=company)
    for subject, record_id in (("contact", kept.pk), ("account", company.pk)):
        assert [key for key, _at in told(subject, record_id, lead)] == ["paper", "look"]


def test_the_deals_page_asks_for_it_once_somebody_gets_there(lead: Lead, django_assert_num_queries: Any) -> None:
    deal, client = Opportunity.objects.get(), signed_in(lead.owner)
    page = client.get(f"/deals/{deal.pk}/")
    panel = str(element(page, "timeline"))
    assert ("intersect once" in panel, "/pricing" in panel) == (True, False)
    url = f"/timeline/opportunity/{deal.pk}/"
    assert url in panel
    client.get(url)
    with django_assert_num_queries(8):
        whole = htmx_get(client, url, target="timeline")
    assert ("intersect once" in text(whole), "/pricing" in text(whole), "as a visitor" in text(whole)) == (
        False, True, True,
    )  # fmt: skip


def test_who_sees_the_deal_sees_it_whoevers_the_lead_is_and_nobody_else(lead: Lead) -> None:
    deal = Opportunity.objects.get()
    given = UserFactory(rep=True, team=TeamFactory())
    url = f"/timeline/opportunity/{deal.pk}/"
    assert signed_in(given).get(url).status_code == 404
    Opportunity.objects.update(owner=given)
    assert "/pricing" in text(signed_in(given).get(url))
    assert signed_in(given).get(f"/leads/{lead.pk}/").status_code == 404
