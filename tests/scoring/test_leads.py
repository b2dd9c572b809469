"""Leads by hand, and what they become."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.commands.activities import log_activity
from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from crm.models import Account, Activity, Contact
from crm.queries.audit import get_record_audit
from crm.queries.timeline import Asked, get_timeline
from pipeline.models import Opportunity, OpportunityActivity
from scoring.commands.conversion import ConversionRefused, convert_lead
from scoring.commands.handoffs import accept_lead
from scoring.commands.leads import LeadRefused, create_lead, edit_lead, note_activity
from scoring.enums import LeadStatus
from scoring.models import Conversion, Handoff, LeadScore
from tests.factories.crm import AccountFactory, CampaignFactory, ContactFactory, SourceFactory, UserFactory
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import LATER, NOW, hot_lead

pytestmark = pytest.mark.django_db
MEETING = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def test_a_lead_by_hand_has_a_score_a_status_and_a_level() -> None:
    marketer = UserFactory(marketing=True)
    lead = create_lead(last_name=" Mägi ", job_title="Finance Director", email="K@Dairy.Example", by=marketer, at=NOW)
    assert (lead.last_name, lead.email, lead.seniority) == ("Mägi", "k@dairy.example", "director")
    assert LeadScore.objects.get().score == 0
    assert list(lead.status_events.values_list("new", flat=True)) == ["new"]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({}, "last_name", "required"),
        ({"last_name": "x" * 201}, "last_name", "too_long"),
        ({"last_name": "x", "email": "no"}, "email", "not_understood"),
        ({"last_name": "x", "phone": "12"}, "phone", "not_understood"),
        ({"last_name": "x", "owner_id": 10**6}, "owner_id", "owner_cannot_hold"),
        ({"last_name": "x", "source_id": 10**6}, "source_id", "unknown_value"),
        ({"last_name": "x", "channel": "smoke"}, "channel", "unknown_value"),
        ({"last_name": "x", "employee_count": -1}, "employee_count", "out_of_range"),
        ({"last_name": "x", "status": "sql"}, "status", "not_editable"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(fields: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(LeadRefused) as refused:
        create_lead(by=None, at=NOW, **fields)
    assert (refused.value.field, refused.value.refusals[0].code) == (field, code)


def test_an_email_belongs_to_one_lead() -> None:
    known = LeadFactory()
    with pytest.raises(LeadRefused, match="taken"):
        create_lead(email=known.email, by=None, at=NOW)


def test_editing_conflicts_only_where_the_same_field_changed() -> None:
    lead, marketer = LeadFactory(), UserFactory(marketing=True)
    edit_lead(
        lead_id=lead.pk, changes={"company": "Dairy Group"}, seen={"company": "Viljandi Dairy"}, by=marketer, at=NOW
    )
    edit_lead(lead_id=lead.pk, changes={"job_title": "CEO"}, seen={"job_title": "Plant manager"}, by=marketer, at=NOW)
    with pytest.raises(StaleRecord):
        edit_lead(
            lead_id=lead.pk, changes={"company": "Another"}, seen={"company": "Viljandi Dairy"}, by=marketer, at=NOW
        )
    lead.refresh_from_db()
    assert (lead.company, lead.job_title, lead.version) == ("Dairy Group", "CEO", 3)
    with pytest.raises(NotPermitted):
        edit_lead(lead_id=lead.pk, changes={"company": "x"}, by=UserFactory(rep=True), at=NOW)


def test_converting_makes_account_contact_and_deal_and_carries_the_history_over() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead(source=SourceFactory(), campaign=CampaignFactory(), approach="top_down")
    call = log_activity(kind="call", occurred_at=NOW, done=True, owner_id=rep.pk, by=rep, at=NOW)
    note_activity(activity_id=call.pk, context={"lead": lead.pk}, by=rep, at=NOW)
    found = convert_lead(
        lead_id=lead.pk, first_meeting_at=MEETING, amount=Money(Decimal(48000), "EUR"), deal_name="Meters",
        deal_type="new_business", expected_close_on=date(2026, 6, 1), by=rep, at=LATER,
    )  # fmt: skip
    deal, account, contact = Opportunity.objects.get(), Account.objects.get(), Contact.objects.get()
    assert (found.opportunity, found.account, found.contact) == (deal, account, contact)
    assert (account.name, account.domain, account.owner) == ("Viljandi Dairy", "viljandi-dairy.example", rep)
    assert (contact.email, contact.account, contact.owner) == (lead.email, account, rep)
    assert (deal.name, deal.setpoint.code, deal.owner) == ("Meters", "first_meeting", rep)
    assert deal.amount == Money(Decimal(48000), "EUR")
    carried = (deal.source, deal.campaign, deal.approach, deal.lead_created_at, deal.contact)
    assert carried == (lead.source, lead.campaign, "top_down", lead.created_at, contact)
    assert OpportunityActivity.objects.filter(opportunity=deal, activity=call).exists()
    assert deal.activity_links.filter(activity__kind="meeting", activity__occurred_at=MEETING).exists()
    lead.refresh_from_db()
    assert (lead.status, lead.owner, Handoff.objects.get().answer) == (LeadStatus.CONVERTED, rep, "accepted")
    assert list(lead.status_events.order_by("pk").values_list("new", flat=True)) == [
        "mql",
        "accepted",
        "sql",
        "converted",
    ]
    assert convert_lead(lead_id=lead.pk, by=rep, at=LATER) == found
    assert Conversion.objects.count() == 1


@pytest.mark.parametrize("opens_deal", [True, False], ids=["deal", "no deal yet"])
def test_what_was_logged_on_the_lead_stands_on_the_company_and_the_person(opens_deal: bool) -> None:
    rep, lead = UserFactory(rep=True), LeadFactory(job_title="CFO")
    lead.owner = rep
    lead.save(update_fields=["owner"])
    elsewhere = ContactFactory()
    call, other = (
        log_activity(
            kind="call", occurred_at=NOW, done=True, owner_id=rep.pk, contact_id=person, context={"lead": lead.pk},
            by=rep, at=NOW,
        )
        for person in (None, elsewhere.pk)
    )  # fmt: skip
    found = convert_lead(
        lead_id=lead.pk,
        first_meeting_at=MEETING if opens_deal else None,
        opens_deal=opens_deal,
        deal_type="new_business" if opens_deal else "",
        by=rep,
        at=LATER,
    )
    for subject, record in (("account", found.account), ("contact", found.contact)):
        entries = get_timeline(Asked(subject, record.pk, rep))
        assert call.pk in [entry.record_id for entry in entries if entry.source == "activities"]
    call.refresh_from_db()
    assert (call.contact_level, call.version) == (found.contact.seniority, 2)
    changes = [change for entry in get_record_audit(Activity, call.pk) for change in entry.changes]
    assert {change.field for change in changes} >= {"account", "contact"}
    other.refresh_from_db()
    assert (other.account, other.contact) == (elsewhere.account, elsewhere)


def test_what_is_known_already_is_matched() -> None:
    rep = UserFactory(rep=True)
    account = AccountFactory(domain="viljandi-dairy.example", owner=rep)
    contact = ContactFactory(email="lead@viljandi-dairy.example", account=account)
    lead = LeadFactory(email=contact.email, owner=rep)
    found = convert_lead(lead_id=lead.pk, first_meeting_at=MEETING, deal_type="new_business", by=rep, at=LATER)
    assert (found.account, found.contact, Account.objects.count(), Contact.objects.count()) == (account, contact, 1, 1)


def test_a_new_person_of_a_known_company_is_added_to_it() -> None:
    rep, account = UserFactory(rep=True), AccountFactory(domain="viljandi-dairy.example")
    lead = LeadFactory(owner=rep)
    found = convert_lead(lead_id=lead.pk, first_meeting_at=MEETING, deal_type="new_business", by=rep, at=LATER)
    assert (found.account, found.contact.account, found.contact.email) == (account, account, lead.email)


def test_the_deal_is_whose_handoff_it_is_and_only_what_is_new_is_told_of_the_lead() -> None:
    holder, owner = UserFactory(rep=True), UserFactory(rep=True)
    lead = hot_lead(account=AccountFactory(owner=holder), owner=owner)
    accept_lead(lead_id=lead.pk, by=holder, at=LATER)
    again = hot_lead(account=lead.account, owner=owner)
    made = {"first_meeting_at": MEETING, "deal_type": "new_business", "by": holder, "at": LATER}
    assert convert_lead(lead_id=again.pk, **made).opportunity.owner == holder  # type: ignore[union-attr]
    convert_lead(lead_id=lead.pk, **made)
    told = lead.status_events.order_by("pk").values_list("new", flat=True)
    assert list(told) == ["mql", "accepted", "sql", "converted"]


def test_without_a_first_meeting_or_a_company_nothing_is_made() -> None:
    rep = UserFactory(rep=True)
    lead = LeadFactory(owner=rep, company="", email="somebody@gmail.com")
    with pytest.raises(ConversionRefused) as refused:
        convert_lead(lead_id=lead.pk, by=rep, at=LATER)
    missing = [dict(each.params)["field"] for each in refused.value.refusals]
    assert missing == ["company", "first_meeting_at", "deal_type"]
    assert not Account.objects.exists()
    assert not Contact.objects.exists()
    with pytest.raises(NotPermitted):
        convert_lead(lead_id=lead.pk, first_meeting_at=MEETING, by=UserFactory(rep=True), at=LATER)


@pytest.mark.parametrize("field", ["account_id", "contact_id"])
@pytest.mark.parametrize("given", [0, 10**6])
def test_an_account_or_contact_that_is_not_there_is_refused_and_not_made(field: str, given: int) -> None:
    rep = UserFactory(rep=True)
    lead = LeadFactory(owner=rep)
    with pytest.raises(ConversionRefused, match="unknown_value") as refused:
        convert_lead(lead_id=lead.pk, first_meeting_at=MEETING, by=rep, at=LATER, **{field: given})
    assert refused.value.field == field
    assert not Account.objects.exists()
    assert not Contact.objects.exists()


def test_a_lead_may_become_a_contact_without_a_deal() -> None:
    rep = UserFactory(rep=True)
    lead = LeadFactory(owner=rep)
    found = convert_lead(lead_id=lead.pk, opens_deal=False, by=rep, at=LATER + timedelta(days=1))
    assert (found.opportunity, Opportunity.objects.count(), Contact.objects.count()) == (None, 0, 1)
