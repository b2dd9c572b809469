"""Deals that a later file changes: gates, what the file proves, and what hangs on a deal (D-17, D-25, D-34, D-39)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.run import import_rows
from crm.lib.values import Money
from pipeline.commands.opportunities import set_next_step
from pipeline.models import NextStep, Opportunity, OpportunityCompetitor, OpportunityEvent, OpportunityLine, Stakeholder
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory, get_setpoint, meet_criteria

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 4, 1, tzinfo=UTC)
DEAL = {
    "external_id": "D1",
    "account": "A1",
    "name": "Cooling line",
    "owner": "rep@example.com",
    "created_at": "2026-01-05",
}
LOST = {"outcome": "lost", "closed_at": "2026-03-20", "lost_reason": "price"}


@pytest.fixture
def rep() -> Any:
    AccountFactory(external_id="A1", name="Dairy")
    ContactFactory(external_id="C1")
    ContactFactory(external_id="C2")
    ProductFactory(external_id="P1", price=Money(Decimal(900), "EUR"), cost=Money(Decimal(400), "EUR"))
    return UserFactory(rep=True, email="rep@example.com")


def update(**values: str) -> None:
    assert counts(import_rows("opportunities", [DEAL | values], by=None, at=LATER)) == {"read": 1, "updated": 1}


def last_move() -> dict[str, Any]:
    detail: dict[str, Any] = OpportunityEvent.objects.filter(kind="setpoint").order_by("-seq")[0].detail
    return detail


def test_the_gate_refuses_a_known_deal_that_would_go_forward_without_the_facts(rep: Any, tmp_path: Path) -> None:
    import_rows("opportunities", [DEAL], by=None, at=AT)
    row = DEAL | {"setpoint": "90", "amount": "5"}
    report = run("opportunities", write_csv(tmp_path / "d.csv", list(row), list(row.values())), gate="reject")
    assert reasons(report) == [(2, "setpoint", "setpoint_unmet")]
    assert "verbal_agreement" in str(report.rejects[0])
    deal = Opportunity.objects.get()
    assert (deal.setpoint, deal.amount, deal.version) == (get_setpoint("first_meeting"), None, 1)


def test_the_gate_counts_what_is_known_of_the_deal_and_what_its_row_brings(rep: Any, tmp_path: Path) -> None:
    deal = OpportunityFactory(external_id="D1", account__external_id="A2", owner=rep)
    meet_criteria(deal)
    NextStep.objects.update(dropped_at=AT)
    row = {"external_id": "D1", "setpoint": "25"}
    path = write_csv(tmp_path / "d.csv", list(row), list(row.values()))
    report = run("opportunities", path, gate="reject")
    assert [str(reject).partition("lacks: ")[2].partition(".")[0] for reject in report.rejects] == ["next_step_agreed"]

    NextStep.objects.update(dropped_at=None, agreed_with=ContactFactory())
    assert counts(run("opportunities", path, gate="reject")) == {"read": 1, "updated": 1}
    assert [last_move()["override"], last_move()["reason"]] == ["", ""]


def test_the_gate_lets_a_deal_go_back_and_history_in(rep: Any, tmp_path: Path) -> None:
    import_rows("opportunities", [DEAL | {"setpoint": "50"}], by=None, at=AT)
    back = DEAL | {"setpoint": "25"}
    path = write_csv(tmp_path / "back.csv", list(back), list(back.values()))
    assert counts(run("opportunities", path, gate="reject", at=LATER)) == {"read": 1, "updated": 1}
    ended = DEAL | LOST | {"setpoint": "90"}
    path = write_csv(tmp_path / "ended.csv", list(ended), list(ended.values()))
    assert counts(run("opportunities", path, gate="reject", at=LATER)) == {"read": 1, "updated": 1}
    assert last_move()["override"] == ""


def test_a_move_counts_what_its_own_row_proves(rep: Any) -> None:
    import_rows("opportunities", [DEAL | {"setpoint": ""}], by=None, at=AT)
    update(setpoint="25", first_meeting_at="2026-03-10T09:00Z", next_step="Send the offer", next_step_on="2026-04-10")
    met = {each["code"] for each in last_move()["criteria"] if each["met"]}
    assert met == {"meeting_dated", "deal_type_known", "first_meeting_held"}
    update(setpoint="90", next_step="Call again", next_step_on="2026-04-20")
    assert "closing_step_set" in {each["code"] for each in last_move()["criteria"] if each["met"]}


def test_the_current_step_stays_the_earliest_open(rep: Any) -> None:
    import_rows("opportunities", [DEAL | {"next_step": "Call", "next_step_on": "2026-04-03"}], by=None, at=AT)
    update(next_step="Visit", next_step_on="2026-04-20")
    deal = Opportunity.objects.get()
    assert deal.current_step is not None
    assert (deal.current_step.purpose, deal.next_step_on) == ("Call", date(2026, 4, 3))
    assert NextStep.objects.count() == 2


def test_a_new_owner_takes_over_the_open_steps(rep: Any) -> None:
    other, helper = UserFactory(rep=True, email="other@example.com"), UserFactory(rep=True)
    import_rows("opportunities", [DEAL | {"next_step": "Call", "next_step_on": "2026-04-03"}], by=None, at=AT)
    deal = Opportunity.objects.get()
    plan = {"opportunity_id": deal.pk, "due_on": date(2026, 4, 5), "by": None, "at": AT}
    set_next_step(purpose="Calculate", owner_id=helper.pk, **plan)
    update(owner="other@example.com")
    owners = NextStep.objects.order_by("id").values_list("purpose", "owner")
    assert list(owners) == [("Call", other.pk), ("Calculate", helper.pk)]


def test_a_new_contact_and_a_product_are_taken_over(rep: Any) -> None:
    import_rows("opportunities", [DEAL | {"contact": "C1"}], by=None, at=AT)
    update(contact="C2", product="P1")
    people = Stakeholder.objects.order_by("id").values_list("contact__external_id", "is_main")
    assert list(people) == [("C1", False), ("C2", True)]
    assert OpportunityLine.objects.get().product.external_id == "P1"


def test_closing_keeps_what_became_of_each_competitor(rep: Any) -> None:
    import_rows("opportunities", [DEAL | {"competitor": "Acme"}], by=None, at=AT)
    assert OpportunityCompetitor.objects.get().outcome == ""
    update(**LOST, competitor="Bolt", close_note="Theirs ran on the old meters.", revisit_on="2026-09-01")
    rivals = OpportunityCompetitor.objects.order_by("id").values_list("competitor__name", "outcome")
    assert list(rivals) == [("Acme", "lost"), ("Bolt", "won")]
    deal = Opportunity.objects.get()
    assert (deal.close_note, deal.revisit_on) == ("Theirs ran on the old meters.", date(2026, 9, 1))
    closed = OpportunityEvent.objects.get(kind="closed")
    assert closed.new is not None
    assert (closed.detail["note"], closed.new["revisit_on"]) == ("Theirs ran on the old meters.", "2026-09-01")

    update(**LOST, competitor="Bolt", name="Cooling line 2")
    deal.refresh_from_db()
    assert (deal.name, deal.close_note) == ("Cooling line 2", "Theirs ran on the old meters.")
    assert OpportunityEvent.objects.filter(kind="closed").count() == 1


def test_an_ending_that_is_known_outlives_a_file_that_does_not_tell_why(rep: Any) -> None:
    import_rows("opportunities", [DEAL | LOST | {"competitor": "Bolt"}], by=None, at=LATER)
    update(outcome="lost", closed_at="2026-03-21")
    deal = Opportunity.objects.get()
    assert deal.close_reason is not None
    assert deal.competitor is not None
    assert (deal.close_reason.code, deal.competitor.name) == ("price", "Bolt")
    ending = OpportunityEvent.objects.filter(kind="closed").order_by("-occurred_at")[0].new
    assert ending is not None
    assert (ending["on"], ending["reason"], ending["competitor"]) == ("2026-03-21", "price", deal.competitor_id)

    told = {"opportunity": "D1", "field": "outcome", "value": "lost", "occurred_at": "2026-03-22"}
    import_rows("opportunity-history", [told], by=None, at=LATER)
    deal.refresh_from_db()
    assert (deal.closed_at, deal.close_reason.code, deal.competitor.name) == (
        datetime(2026, 3, 22, tzinfo=UTC), "price", "Bolt",
    )  # fmt: skip
    update(outcome="no_decision", closed_at="2026-03-23")
    deal.refresh_from_db()
    assert (deal.close_reason.code, deal.competitor) == ("not_recorded", None)


def test_a_deal_won_against_a_competitor_was_lost_to_nobody(rep: Any) -> None:
    won = {"outcome": "won", "closed_at": "2026-03-20", "competitor": "Acme"}
    import_rows("opportunities", [DEAL | won], by=None, at=LATER)
    import_rows("opportunities", [DEAL | {"external_id": "D2"}], by=None, at=AT)
    import_rows("opportunities", [DEAL | won | {"external_id": "D2"}], by=None, at=LATER)
    assert list(Opportunity.objects.values_list("outcome", "competitor")) == [("won", None)] * 2
    assert list(OpportunityCompetitor.objects.values_list("competitor__name", "outcome")) == [("Acme", "lost")] * 2


def test_the_day_to_come_back_lies_after_the_end(rep: Any, tmp_path: Path) -> None:
    row = DEAL | LOST | {"revisit_on": "2026-03-20"}
    report = run("opportunities", write_csv(tmp_path / "d.csv", list(row), list(row.values())), at=LATER)
    assert reasons(report) == [(2, "revisit_on", "revisit_not_later")]


def test_history_may_say_why_a_deal_moved(rep: Any) -> None:
    import_rows("opportunities", [DEAL | {"setpoint": "25", "created_at": "2026-01-05"}], by=None, at=AT)
    told = {"opportunity": "D1", "field": "setpoint"}
    rows = [
        told | {"occurred_at": "2026-01-05", "value": "50"},
        told | {"occurred_at": "2026-02-05", "value": "25", "reason": "The budget was withdrawn"},
    ]
    import_rows("opportunity-history", rows, by=None, at=AT)
    moves = OpportunityEvent.objects.filter(kind="setpoint").order_by("occurred_at")
    assert [move.detail["reason"] for move in moves] == ["", "The budget was withdrawn"]
