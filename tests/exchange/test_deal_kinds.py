"""Deals: every field, what deals take from their leads, gates, and what a later import changes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.exchange.run import import_rows
from crm.lib.values import Money
from crm.models import Account, Activity
from pipeline.models import (
    Competitor,
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityCompetitor,
    OpportunityEvent,
    OpportunityLine,
    Stakeholder,
)
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from scoring.models import Conversion, Handoff, LeadActivity, LeadStatusEvent
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory, get_setpoint
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import hot_lead

pytestmark = pytest.mark.django_db

CREATED = datetime(2026, 1, 10, tzinfo=UTC)
MET = datetime(2026, 1, 20, 9, tzinfo=UTC)
DEAL = {
    "external_id": "D1", "account": "A1", "name": "Cooling line", "owner": "rep@example.com", "pipeline": "new_business",
    "setpoint": "50", "amount": "1250.50", "currency": "EUR", "deal_type": "expansion", "source": "Partner",
    "approach": "top_down", "created_at": "2026-01-10", "first_meeting_at": "2026-01-20T09:00Z",
    "expected_close_on": "2026-06-30", "next_step": "Call the board", "next_step_on": "2026-03-10", "contact": "C1",
    "product": "P1",
}  # fmt: skip
CLOSED = {"outcome": "lost", "closed_at": "2026-02-10", "lost_reason": "price", "competitor": "Acme"}


@pytest.fixture
def rep() -> Any:
    AccountFactory(external_id="A1", name="Dairy")
    ContactFactory(external_id="C1")
    ProductFactory(external_id="P1", price=Money(Decimal(900), "EUR"), cost=Money(Decimal(400), "EUR"))
    return UserFactory(rep=True, email="rep@example.com")


def events(deal: Opportunity) -> list[tuple[str, datetime, Any]]:
    return list(deal.events.order_by("occurred_at", "seq").values_list("kind", "occurred_at", "new"))


def assert_events_tell_what_stands(at: datetime = AT) -> None:
    """See that every deal equals the fold of its events, which is what figures read."""
    for state in fetch(opportunity_state(as_of=at, known_at=at), STATE_COLUMNS):
        deal = Opportunity.objects.get(pk=state["opportunity_id"])
        stands = (deal.setpoint_id, deal.owner_id, deal.outcome, deal.closed_at, deal.expected_close_on)
        assert stands == tuple(
            state[name] for name in ("setpoint_id", "owner_id", "outcome", "closed_at", "expected_close_on")
        )
        assert (deal.amount.amount if deal.amount else None) == state["amount"]
        assert deal.created_at == state["created_at"]


def test_every_field_of_an_open_deal(rep: Any) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT)
    deal = Opportunity.objects.get(external_id="D1")
    setpoint, step = get_setpoint("50"), NextStep.objects.get()
    assert {name: getattr(deal, name) for name in (
        "account", "name", "owner", "setpoint", "setpoint_entered_at", "highest_rank", "amount", "deal_type", "approach",
        "created_at", "expected_close_on", "next_step_on", "current_step", "outcome", "closed_at", "backfilled", "version",
    )} == {
        "account": Account.objects.get(external_id="A1"), "name": "Cooling line", "owner": rep, "setpoint": setpoint,
        "setpoint_entered_at": CREATED, "highest_rank": setpoint.rank, "amount": Money(Decimal("1250.50"), "EUR"),
        "deal_type": "expansion", "approach": "top_down", "created_at": CREATED, "expected_close_on": date(2026, 6, 30),
        "next_step_on": date(2026, 3, 10), "current_step": step, "outcome": "", "closed_at": None, "backfilled": True,
        "version": 1,
    }  # fmt: skip
    assert (step.purpose, step.agreed_with, step.owner) == ("Call the board", None, rep)  # nobody said who agreed
    assert deal.source and deal.source.code == "partner"
    assert Stakeholder.objects.values_list("contact", "is_main").get() == (deal.contact_id, True)
    assert OpportunityLine.objects.get().price == Money(Decimal("1250.50"), "EUR")
    meeting = OpportunityActivity.objects.get().activity
    assert (meeting.kind, meeting.occurred_at, meeting.outcome, meeting.owner) == ("meeting", MET, "held", rep)


def test_the_events_of_a_first_load_are_recorded_when_they_occurred(rep: Any) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT)
    deal = Opportunity.objects.get()
    first = [(kind, when) for kind, when, _ in events(deal) if kind != "next_step"]
    assert first == [
        (kind, CREATED)
        for kind in (
            "created",
            "pipeline",
            "deal_type",
            "owner",
            "category",
            "approach",
            "amount",
            "expected_close_on",
            "stakeholder",
            "setpoint",
            "economics",
        )
    ]
    assert {
        event.recorded_at == event.occurred_at and event.via == "import" for event in OpportunityEvent.objects.all()
    } == {True}
    assert_events_tell_what_stands()


def test_a_closed_deal_with_and_without_setpoint(rep: Any) -> None:
    known = DEAL | CLOSED | {"next_step": "", "next_step_on": ""}
    import_rows(
        "opportunities",
        [known, known | {"external_id": "D2", "setpoint": "", "lost_reason": "", "product": ""}],
        by=None,
        at=AT,
    )
    first, second = Opportunity.objects.order_by("external_id")
    assert (first.setpoint, first.highest_rank) == (get_setpoint("50"), get_setpoint("50").rank)
    assert (second.setpoint, second.highest_rank, second.setpoint_entered_at) == (None, None, None)
    assert [deal.close_reason.code for deal in (first, second) if deal.close_reason] == ["price", "not_recorded"]
    assert first.competitor == Competitor.objects.get(name="Acme")
    assert list(OpportunityCompetitor.objects.values_list("outcome", flat=True)) == ["won", "won"]
    assert first.closed_at == datetime(2026, 2, 10, tzinfo=UTC)
    assert_events_tell_what_stands()


@pytest.mark.parametrize("pipeline", ["", "new_business"])
def test_a_deal_was_declined_for_a_criterion_or_nobody_knows_why(pipeline: str, rep: Any) -> None:
    row = DEAL | CLOSED | {"outcome": "declined", "pipeline": pipeline, "next_step": "", "next_step_on": ""}
    named = {"D1": "first_meeting_held", "D2": "Budget not known", "D3": ""}
    rows = [row | {"external_id": key, "lost_reason": name} for key, name in named.items()]
    import_rows("opportunities", rows, by=None, at=AT)
    codes = Opportunity.objects.order_by("external_id").values_list("close_reason__code", flat=True)
    assert list(codes) == ["first_meeting_held", "budget_known", "not_recorded"]


def test_an_import_of_current_deals_keeps_one_reason_per_file(rep: Any) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT, reason="Moved over from the old system")
    detail = OpportunityEvent.objects.get(kind="setpoint").detail
    assert detail["override"] == "Moved over from the old system"
    met = {each["code"] for each in detail["criteria"] if each["met"]}
    assert met == {"meeting_dated", "deal_type_known", "first_meeting_held"}


def test_history_is_exempt_from_gates(rep: Any) -> None:
    import_rows("opportunities", [DEAL | CLOSED | {"next_step": "", "next_step_on": ""}], by=None, at=AT, gate="reject")
    assert OpportunityEvent.objects.get(kind="setpoint").detail["override"] == ""


def test_the_gate_can_refuse_current_deals_and_names_what_they_lack(rep: Any, tmp_path: Path) -> None:
    low = DEAL | {"external_id": "D2", "setpoint": "first_meeting"}
    path = write_csv(tmp_path / "d.csv", list(DEAL), list(DEAL.values()), list(low.values()))
    report = run("opportunities", path, gate="reject", on_error="skip")
    assert reasons(report) == [(2, "setpoint", "setpoint_unmet")]
    assert "budget_known" in str(report.rejects[0])
    assert "meeting_dated" not in str(report.rejects[0])
    assert list(Opportunity.objects.values_list("external_id", flat=True)) == ["D2"]


def test_a_deal_takes_from_its_lead_what_the_row_leaves_out(rep: Any) -> None:
    account, contact = Account.objects.get(external_id="A1"), ContactFactory()
    lead = LeadFactory(external_id="L1", account=account, contact=contact, owner=rep, approach="inbound", status="sql")
    activity = ActivityFactory()
    lead.activity_links.create(activity=activity)
    row = {"external_id": "D1", "lead": "L1", "created_at": "2026-01-31"}
    import_rows("opportunities", [row], by=None, at=AT)
    deal = Opportunity.objects.get()
    assert (deal.account, deal.contact, deal.owner, deal.approach, deal.lead_created_at, deal.name, deal.deal_type) == (
        account, contact, rep, "inbound", lead.created_at, "Dairy 2026-01", "new_business",
    )  # fmt: skip
    assert deal.setpoint == get_setpoint("first_meeting")
    lead.refresh_from_db()
    assert (lead.status, lead.conversion.opportunity, lead.conversion.at) == ("converted", deal, deal.created_at)
    assert LeadStatusEvent.objects.values_list("old", "new", "occurred_at").get() == (
        "sql",
        "converted",
        deal.created_at,
    )
    assert OpportunityActivity.objects.values_list("opportunity", "activity").get() == (deal.pk, activity.pk)
    assert counts(import_rows("opportunities", [row], by=None, at=AT)) == {"read": 1, "unchanged": 1}
    assert counts(import_rows("opportunities", [row | {"amount": "5"}], by=None, at=AT)) == {"read": 1, "updated": 1}
    assert Conversion.objects.count() == 1


@pytest.mark.parametrize(
    ("channel", "approach", "expected"),
    [("inbound", "", "inbound"), ("outbound", "", ""), ("inbound", "top_down", "top_down")],
)
def test_the_deal_of_a_lead_is_approached_as_a_conversion_would(
    channel: str, approach: str, expected: str, rep: Any
) -> None:
    account = Account.objects.get(external_id="A1")
    LeadFactory(external_id="L1", account=account, owner=rep, channel=channel, approach=approach)
    import_rows("opportunities", [{"external_id": "D1", "lead": "L1"}], by=None, at=AT)
    assert Opportunity.objects.get().approach == expected


def test_what_was_logged_on_a_lead_stands_on_the_company_and_person_of_its_deal(rep: Any) -> None:
    lead, call = LeadFactory(external_id="L1"), ActivityFactory(call=True)
    LeadActivity.objects.create(lead=lead, activity=call)
    import_rows("opportunities", [DEAL | {"lead": "L1"}], by=None, at=AT)
    call.refresh_from_db()
    deal = Opportunity.objects.get()
    assert (call.account, call.contact) == (deal.account, deal.contact)
    assert deal.activity_links.filter(activity=call).exists()


def test_a_deal_answers_the_open_handoff_of_its_lead(rep: Any) -> None:
    lead = hot_lead(external_id="L1", account=Account.objects.get(external_id="A1"), owner=rep)
    assert Handoff.objects.get().answered_at is None
    import_rows("opportunities", [{"external_id": "D1", "lead": "L1", "created_at": "2026-01-31"}], by=None, at=AT)
    lead.refresh_from_db()
    handoff = Handoff.objects.get()
    assert (lead.status, handoff.answer, handoff.answered_at, handoff.owner) == ("converted", "accepted", AT, rep)


def test_a_lead_becomes_one_deal_only(rep: Any, tmp_path: Path) -> None:
    LeadFactory(external_id="L1", account=Account.objects.get(external_id="A1"), owner=rep)
    path = write_csv(tmp_path / "d.csv", ["external_id", "lead"], ["D1", "L1"], ["D2", "L1"])
    assert reasons(run("opportunities", path, on_error="skip")) == [(3, "lead", "duplicate_in_file")]
    path = write_csv(tmp_path / "e.csv", ["external_id", "lead"], ["D3", "L1"])
    assert reasons(run("opportunities", path)) == [(2, "lead", "lead_has_deal")]


def test_the_owner_of_the_row_goes_before_the_default(rep: Any) -> None:
    other = UserFactory(rep=True)
    rows = [
        {"external_id": "1", "account": "A1", "name": "x", "owner": rep.email},
        {"external_id": "2", "account": "A1", "name": "y"},
    ]
    import_rows("opportunities", rows, by=None, at=AT, owner_default=other)
    assert list(Opportunity.objects.order_by("external_id").values_list("owner", flat=True)) == [rep.pk, other.pk]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"setpoint": "60"}, ("setpoint", "other_setpoint")),
        ({"pipeline": "upsell"}, ("pipeline", "not_allowed")),
        ({"outcome": "won"}, ("outcome", "needs_other")),
        ({"closed_at": "2026-02-01"}, ("closed_at", "needs_other")),
        ({"outcome": "gone", "closed_at": "2026-02-01"}, ("outcome", "not_allowed")),
        ({"outcome": "won", "closed_at": "2025-12-01"}, ("closed_at", "closed_before_created")),
        ({"outcome": "won", "closed_at": "2027-01-01"}, ("closed_at", "in_future")),
        ({"created_at": "2027-01-01"}, ("created_at", "in_future")),
        ({"outcome": "lost", "closed_at": "2026-02-01", "lost_reason": "weather"}, ("lost_reason", "not_allowed")),
        ({"outcome": "declined", "closed_at": "2026-02-01", "lost_reason": "other"}, ("lost_reason", "not_allowed")),
        ({"amount": "1e400"}, ("amount", "not_a_number")),
        ({"amount": "-5"}, ("amount", "negative")),
        ({"amount": "1.555"}, ("amount", "too_precise")),
        ({"account": "A9"}, ("account", "unknown_reference")),
        ({"account": ""}, ("account", "needs_other")),
        ({"owner": ""}, ("owner", "needs_owner")),
        ({"owner": "who@example.com"}, ("owner", "unknown_reference")),
        ({"contact": "C9"}, ("contact", "unknown_reference")),
        ({"product": "P9"}, ("product", "unknown_reference")),
        ({"lead": "L9"}, ("lead", "unknown_reference")),
        ({"next_step": "Call", "next_step_on": ""}, ("next_step", "needs_other")),
        ({"external_id": ""}, ("external_id", "required")),
    ],
)
def test_a_deal_that_cannot_be_leaves_nothing_behind(
    change: dict[str, str], where: tuple[str, str], rep: Any, tmp_path: Path
) -> None:
    row = DEAL | {"lead": "", "outcome": "", "closed_at": "", "lost_reason": ""} | change
    report = run("opportunities", write_csv(tmp_path / "d.csv", list(row), list(row.values())), on_error="skip")
    assert reasons(report) == [(2, *where)]
    assert (Opportunity.objects.count(), OpportunityEvent.objects.count(), Activity.objects.count()) == (0, 0, 0)


def test_a_later_import_changes_the_deal_as_a_person_would(rep: Any) -> None:
    later, other = datetime(2026, 4, 1, tzinfo=UTC), UserFactory(rep=True, email="other@example.com")
    import_rows("opportunities", [DEAL], by=None, at=AT)
    changed = DEAL | {
        "setpoint": "90",
        "amount": "2000",
        "owner": "other@example.com",
        "next_step": "Sign",
        "next_step_on": "2026-03-05",
    }
    assert counts(import_rows("opportunities", [changed], by=None, at=later)) == {"read": 1, "updated": 1}
    deal = Opportunity.objects.get()
    assert (deal.setpoint, deal.setpoint_entered_at, deal.owner, deal.amount) == (
        get_setpoint("90"), later, other, Money(Decimal(2000), "EUR"),
    )  # fmt: skip
    assert (deal.next_step_on, deal.version) == (date(2026, 3, 5), 2)
    late = [(event.kind, event.recorded_at) for event in deal.events.filter(occurred_at=later).order_by("seq")]
    assert late == [(kind, later) for kind in ("owner", "amount", "setpoint", "next_step")]
    assert_events_tell_what_stands(later)


def test_a_later_import_can_name_another_person_and_another_product(rep: Any) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT)
    deal, line = Opportunity.objects.get(), OpportunityLine.objects.get()
    first, second = deal.contact, ContactFactory(external_id="C2")
    other = ProductFactory(external_id="P2")
    for _ in range(2):
        import_rows("opportunities", [DEAL | {"contact": "C2", "product": "P2"}], by=None, at=AT)
    assert set(Stakeholder.objects.values_list("contact", "is_main")) == {(first.pk, False), (second.pk, True)}
    told = {kind: (old, new) for kind, old, new in deal.events.order_by("seq").values_list("kind", "old", "new")}
    whole = {
        "description": "", "quantity": "1.000", "price": "1250.50", "currency": "EUR", "cost": None,
        "cost_currency": None, "discount": "0.0000", "billing": "one_off", "months": None, "removed": False,
    }  # fmt: skip
    assert told["stakeholder"] == ({"contact": first.pk, "main": True}, {"contact": second.pk, "main": True})
    assert told["economics"] == (
        {"line": line.pk, "product": line.product_id, **whole},
        {"line": line.pk, "product": other.pk, **whole},
    )  # fmt: skip
    assert deal.events.filter(kind__in=["stakeholder", "economics"]).count() == 4
    line.refresh_from_db()
    assert (line.product, line.cost) == (other, None)


def test_a_later_import_can_close_a_deal_but_not_move_its_end_back(rep: Any, tmp_path: Path) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT)
    import_rows("opportunities", [DEAL | CLOSED], by=None, at=AT)
    assert Opportunity.objects.values_list("outcome", "close_reason__code").get() == ("lost", "price")
    assert_events_tell_what_stands()
    row = DEAL | CLOSED | {"closed_at": "2026-02-01"}
    assert reasons(run("opportunities", write_csv(tmp_path / "d.csv", list(row), list(row.values())))) == [
        (2, "closed_at", "moment_taken")
    ]


def test_the_number_of_queries_does_not_depend_on_the_number_of_deals(rep: Any) -> None:
    used = []
    for start, size in ((0, 1), (100, 25)):
        rows = [DEAL | {"external_id": f"Q{n}"} for n in range(start, start + size)]
        with CaptureQueriesContext(connection) as queries:
            import_rows("opportunities", rows, by=None, at=AT)
        used.append(len(queries))
    assert used[0] == used[1]


def test_deals_made_here_are_recognised_by_their_external_id(rep: Any) -> None:
    OpportunityFactory(external_id="D1", name="By hand", account=Account.objects.get(external_id="A1"), owner=rep)
    assert counts(import_rows("opportunities", [DEAL], by=None, at=AT)) == {"read": 1, "updated": 1}
    assert Opportunity.objects.get().name == "Cooling line"
