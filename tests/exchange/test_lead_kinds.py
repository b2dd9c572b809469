"""Leads and what they did: every field, keys, unknown leads, and scores that follow."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.run import import_rows
from scoring.models import Crossing, Handoff, Lead, LeadEvent, LeadScore, LeadStatusEvent
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import hot_lead

pytestmark = pytest.mark.django_db

LEAD = {
    "external_id": "L1", "first_name": "Kertu", "last_name": "Õun", "email": "Kertu@Dairy.example", "phone": "+372 5123 4567",
    "company": "Dairy", "job_title": "CFO", "seniority": "c_level", "industry": "food", "employee_count": "50",
    "country": "EE", "channel": "outbound", "source": "cold_call", "campaign": "Spring 2026", "owner": "rep@example.com",
    "status": "nurturing", "created_at": "2026-01-02", "account": "A1", "contact": "C1",
}  # fmt: skip


def event(key: str, kind: str, day: int, **more: str) -> dict[str, str]:
    return {"idempotency_key": key, "lead": "L1", "type": kind, "occurred_at": f"2026-02-{day:02}"} | more


def test_every_field_of_a_lead() -> None:
    rep, account, contact = (
        UserFactory(rep=True, email="rep@example.com"),
        AccountFactory(external_id="A1"),
        ContactFactory(external_id="C1"),
    )
    import_rows("leads", [LEAD], by=None, at=AT)
    lead, created = Lead.objects.get(), datetime(2026, 1, 2, tzinfo=UTC)
    given = {
        name: LEAD[name]
        for name in (
            "first_name",
            "last_name",
            "company",
            "job_title",
            "seniority",
            "industry",
            "country",
            "channel",
            "status",
        )
    }
    assert {name: getattr(lead, name) for name in given} == given
    assert (lead.email, lead.phone, lead.employee_count, lead.created_at) == (
        "kertu@dairy.example",
        "+37251234567",
        50,
        created,
    )
    assert (lead.owner, lead.account, lead.contact) == (rep, account, contact)
    assert lead.source and lead.campaign
    assert (lead.source.code, lead.source.channel, lead.campaign.name) == ("cold-call", "outbound", "Spring 2026")
    status = LeadStatusEvent.objects.get()
    assert (status.old, status.new, status.occurred_at, status.recorded_at, status.via) == (
        "",
        "nurturing",
        created,
        created,
        "import",
    )
    assert LeadScore.objects.values_list("lead", "score").get() == (lead.pk, 0)


def test_a_lead_knows_what_its_contact_and_account_know() -> None:
    account = AccountFactory(external_id="A1", name="Dairy", industry="food", employee_count=50, country="EE")
    ContactFactory(
        external_id="C1",
        account=account,
        first_name="",
        last_name="",
        job_title="VP Finance",
        seniority="vp",
        country="",
    )
    import_rows("leads", [{"external_id": "L1", "contact": "C1", "account": "A1"}], by=None, at=AT)
    lead = Lead.objects.get()
    assert (str(lead), lead.company, lead.seniority, lead.industry, lead.employee_count, lead.country) == (
        "VP Finance", "Dairy", "vp", "food", 50, "EE",
    )  # fmt: skip


def test_leads_are_recognised_by_external_id_then_e_mail_and_change_status_with_an_event() -> None:
    LeadFactory(email="a@example.com", status="new")
    row = {"external_id": "L1", "email": "a@example.com", "status": "nurturing"}
    assert counts(import_rows("leads", [row], by=None, at=AT)) == {"read": 1, "updated": 1}
    assert Lead.objects.values_list("external_id", "status").get() == ("L1", "nurturing")
    assert LeadStatusEvent.objects.values_list("old", "new", "occurred_at").get() == ("new", "nurturing", AT)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("accepted", "accepted"),
        ("sql", "accepted"),
        ("converted", "accepted"),
        ("disqualified", "rejected"),
        ("recycled", "rejected"),
    ],
)
def test_a_lead_that_sales_decided_about_elsewhere_waits_for_no_answer(status: str, answer: str) -> None:
    hot_lead(external_id="L1")
    assert Handoff.objects.get().answered_at is None
    import_rows("leads", [{"external_id": "L1", "status": status}], by=None, at=AT)
    assert Handoff.objects.values_list("answer", "answered_at", "lead__status").get() == (answer, AT, status)


def test_a_converted_lead_stays_converted() -> None:
    import_rows("leads", [{"external_id": "L1", "status": "sql"}], by=None, at=AT)
    Lead.objects.update(status="converted")
    import_rows("leads", [{"external_id": "L1", "status": "sql", "company": "Dairy"}], by=None, at=AT)
    assert Lead.objects.values_list("status", "company").get() == ("converted", "Dairy")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": "hot"}, ("status", "not_allowed")),
        ({"channel": "radio"}, ("channel", "not_allowed")),
        ({"seniority": "boss"}, ("seniority", "not_allowed")),
        ({"contact": "C9"}, ("contact", "unknown_reference")),
        ({"email": "", "external_id": "", "status": "new"}, ("", "no_identity")),
        ({"email": "taken@example.com"}, ("email", "taken")),
    ],
)
def test_a_lead_that_cannot_be(change: dict[str, str], where: tuple[str, str], tmp_path: Path) -> None:
    LeadFactory(external_id="L0", email="taken@example.com")
    LeadFactory(external_id="L1")
    row = {"external_id": "L1", "email": "", "status": "", "channel": "", "seniority": "", "contact": ""} | change
    assert reasons(run("leads", write_csv(tmp_path / "l.csv", list(row), list(row.values())))) == [(2, *where)]


def test_events_are_stored_with_the_kind_before_their_key_and_scores_follow() -> None:
    lead = LeadFactory(external_id="L1")
    rows = [
        event("1", "webinar_attended", 1, **{"property.title": "Leaks", "property.url": ""}),
        event("2", "demo_requested", 2, lead=lead.email.upper()),
    ]
    import_rows("lead-events", rows, by=None, at=AT)
    assert list(
        LeadEvent.objects.order_by("id").values_list("idempotency_key", "type", "lead", "properties", "via")
    ) == [
        ("lead-events:1", "webinar_attended", lead.pk, {"title": "Leaks"}, "import"),
        ("lead-events:2", "demo_requested", lead.pk, {}, "import"),
    ]
    assert all(one.recorded_at == one.occurred_at for one in LeadEvent.objects.all())
    assert LeadScore.objects.get().score == 45


def test_a_crossing_by_import_waits_for_a_person() -> None:
    LeadFactory(external_id="L1")
    UserFactory(rep=True)
    import_rows("lead-events", [event("1", "demo_requested", 25), event("2", "demo_requested", 27)], by=None, at=AT)
    assert Crossing.objects.values_list("state", "waiting_reason").get() == ("waiting", "imported")
    assert Handoff.objects.count() == 0


def test_events_again_are_unchanged_and_never_change(tmp_path: Path) -> None:
    LeadFactory(external_id="L1")
    rows = [event("1", "webinar_attended", 1)]
    import_rows("lead-events", rows, by=None, at=AT)
    assert counts(import_rows("lead-events", rows, by=None, at=AT)) == {"read": 1, "unchanged": 1}
    changed = event("1", "demo_requested", 1)
    report = run("lead-events", write_csv(tmp_path / "e.csv", list(changed), list(changed.values())))
    assert reasons(report) == [(2, "idempotency_key", "key_reused")]


def test_an_event_that_came_another_way_before_is_the_same(tmp_path: Path) -> None:
    lead = LeadFactory(external_id="L1")
    known: dict[str, Any] = {"lead": lead, "recorded_at": AT, "via": "api"}
    LeadEvent.objects.create(
        idempotency_key="lead-events:1", type="page_viewed", occurred_at=datetime(2026, 2, 1, tzinfo=UTC), **known
    )
    LeadEvent.objects.create(
        idempotency_key="lead-events:2", type="page_viewed", occurred_at=datetime(2026, 2, 1, tzinfo=UTC), **known
    )
    rows = [event("1", "page_viewed", 1), event("2", "demo_requested", 1)]
    report = run(
        "lead-events",
        write_csv(tmp_path / "e.csv", list(rows[0]), *(list(row.values()) for row in rows)),
        on_error="skip",
    )
    assert counts(report) == {"read": 2, "unchanged": 1, "rejected": 1}
    assert LeadEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"lead": "L9"}, ("lead", "unknown_reference")),
        ({"lead": "new@example.com"}, ("lead", "unknown_reference")),
        ({"type": "danced"}, ("type", "not_allowed")),
        ({"occurred_at": "2027-01-01"}, ("occurred_at", "in_future")),
        ({"idempotency_key": ""}, ("idempotency_key", "required")),
        ({"idempotency_key": "x" * 200}, ("idempotency_key", "too_long")),
        ({"property.note": "x" * 3000}, ("property.note", "bad_property")),
    ],
)
def test_an_event_that_cannot_be_makes_no_lead(change: dict[str, str], where: tuple[str, str], tmp_path: Path) -> None:
    LeadFactory(external_id="L1")
    row = event("1", "page_viewed", 1) | change
    assert reasons(run("lead-events", write_csv(tmp_path / "e.csv", list(row), list(row.values())))) == [(2, *where)]
    assert (Lead.objects.count(), LeadEvent.objects.count()) == (1, 0)


def test_a_customers_action_on_a_lead_ends_its_silence() -> None:
    LeadFactory(external_id="L1")
    import_rows("lead-events", [{**event("1", "demo_requested", 1), "occurred_at": "2026-01-05"}], by=None, at=AT)
    assert LeadScore.objects.get().score == 15
    import_rows(
        "activities",
        [{"external_id": "T", "kind": "call", "occurred_at": "2026-02-01", "direction": "inbound", "lead": "L1"}],
        by=None, at=AT,
    )  # fmt: skip
    assert LeadScore.objects.get().score == 25
