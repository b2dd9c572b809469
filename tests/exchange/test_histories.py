"""What deals were before (D-21, D-23): history takes the place of what a deal's own import assumed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.exchange.reader import inspect
from crm.exchange.run import import_rows
from crm.lib.values import Money
from crm.models import Account, ImportRun
from pipeline.models import Opportunity, OpportunityEvent
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.exchange.test_deal_kinds import assert_events_tell_what_stands
from tests.factories.crm import AccountFactory, UserFactory
from tests.factories.pipeline import get_setpoint

DEAL = {
    "external_id": "D1", "account": "A1", "name": "Cooling line", "owner": "new@example.com", "setpoint": "50",
    "amount": "3000", "created_at": "2026-01-01", "expected_close_on": "2026-09-30",
}  # fmt: skip
WON = {"outcome": "won", "closed_at": "2026-02-20"}
PATH = (
    ("2026-01-01", "setpoint", "first_meeting"),
    ("2026-01-01", "amount", "1000"),
    ("2026-01-01", "owner", "old@example.com"),
    ("2026-01-05", "expected_close_on", "2026-05-31"),
    ("2026-01-15", "setpoint", "25"),
    ("2026-01-20", "owner", "new@example.com"),
    ("2026-02-01", "setpoint", "50"),
    ("2026-02-01", "amount", "3000"),
    ("2026-02-01", "expected_close_on", "2026-09-30"),
)


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def history(*entries: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"opportunity": "D1", "occurred_at": when, "field": name, "value": value} for when, name, value in entries]


def company() -> None:
    AccountFactory(external_id="A1")
    UserFactory(rep=True, email="old@example.com")
    UserFactory(rep=True, email="new@example.com")


def load(deal: dict[str, str], *entries: tuple[str, str, str]) -> Opportunity:
    if not Account.objects.exists():
        company()
    import_rows("opportunities", [deal], by=None, at=AT)
    if entries:
        import_rows("opportunity-history", history(*entries), by=None, at=AT)
    return Opportunity.objects.get()


def state(at: datetime) -> dict[str, Any]:
    return fetch(opportunity_state(as_of=at, known_at=AT), STATE_COLUMNS)[0]


@pytest.mark.django_db
class TestFirstLoad:
    def test_history_tells_every_past_state(self) -> None:
        deal = load(DEAL, *PATH)
        codes = {get_setpoint(code).pk: code for code in ("first_meeting", "25", "50", "90")}
        then = {at: state(at) for at in (day(1, 2), day(1, 16), day(2, 2))}
        assert [
            (codes[row["setpoint_id"]], row["amount"], row["owner_id"] == deal.owner_id, row["expected_close_on"])
            for row in then.values()
        ] == [
            ("first_meeting", Decimal(1000), False, None),
            ("25", Decimal(1000), False, date(2026, 5, 31)),
            ("50", Decimal(3000), True, date(2026, 9, 30)),
        ]
        assert_events_tell_what_stands()

    def test_the_deal_is_no_longer_backfilled_and_knows_when_it_came_to_stand_there(self) -> None:
        deal = load(DEAL, *PATH)
        assert (deal.backfilled, deal.setpoint_entered_at, deal.highest_rank) == (
            False,
            day(2, 1),
            get_setpoint("50").rank,
        )

    def test_nothing_of_what_was_assumed_is_left(self) -> None:
        deal = load(DEAL, *PATH)
        told = deal.events.filter(kind__in=("setpoint", "amount", "owner", "expected_close_on"))
        assert sorted(told.values_list("kind", "occurred_at")) == sorted(
            (name, datetime.fromisoformat(when).replace(tzinfo=UTC)) for when, name, _ in PATH
        )

    def test_it_is_recorded_when_it_occurred(self) -> None:
        load(DEAL, *PATH)
        assert all(event.recorded_at == event.occurred_at for event in OpportunityEvent.objects.all())

    def test_a_closed_deal_without_setpoint_learns_where_it_closed_from(self) -> None:
        deal = load(
            DEAL | WON | {"setpoint": ""}, ("2026-01-01", "setpoint", "first_meeting"), ("2026-02-01", "setpoint", "90")
        )
        assert (deal.setpoint, deal.backfilled, deal.outcome, deal.closed_at) == (
            get_setpoint("90"),
            False,
            "won",
            day(2, 20),
        )
        assert deal.events.filter(kind="closed").count() == 1
        assert state(day(3, 1))["backfilled"] is False
        assert_events_tell_what_stands()

    def test_without_setpoint_history_a_deal_stays_backfilled(self) -> None:
        assert load(DEAL, ("2026-01-05", "amount", "1000")).backfilled is True

    def test_somebody_owned_it_from_the_start(self) -> None:
        deal = load(DEAL, ("2026-01-20", "owner", "old@example.com"))
        assert deal.owner.email == "old@example.com"
        assert state(day(1, 2))["owner_id"] == deal.owner_id

    def test_an_outcome_told_twice_is_one_and_a_reopening_goes_on(self) -> None:
        deal = load(
            DEAL | WON,
            ("2026-01-20", "outcome", "lost"),
            ("2026-01-25", "outcome", ""),
            ("2026-02-20", "outcome", "won"),
        )
        assert [state(at)["outcome"] for at in (day(1, 21), day(1, 26), day(2, 21))] == ["lost", "", "won"]
        assert deal.outcome == "won"
        assert_events_tell_what_stands()


@pytest.mark.django_db
def test_history_comes_again_unchanged_and_later_history_has_the_true_time() -> None:
    deal = load(DEAL, *PATH)
    assert counts(import_rows("opportunity-history", history(*PATH), by=None, at=AT)) == {"read": 9, "unchanged": 9}
    later = AT + timedelta(days=1)
    import_rows("opportunity-history", history(("2026-02-10", "amount", "4000")), by=None, at=later)
    event = deal.events.get(occurred_at=day(2, 10))
    assert (event.recorded_at, event.old, event.new) == (
        later, {"amount": "3000.00", "currency": "EUR"}, {"amount": "4000.00", "currency": "EUR"},
    )  # fmt: skip
    deal.refresh_from_db()
    assert deal.amount == Money(Decimal(4000), "EUR")


@pytest.mark.django_db
def test_a_file_for_each_field_leaves_no_hole_in_what_was_known_then() -> None:
    load(DEAL, *(entry for entry in PATH if entry[1] == "setpoint"))
    later = AT + timedelta(days=1)
    import_rows("opportunity-history", history(*(entry for entry in PATH if entry[1] != "setpoint")), by=None, at=later)
    assert fetch(opportunity_state(as_of=day(1, 16), known_at=AT), STATE_COLUMNS)[0]["amount"] == Decimal(1000)
    assert all(event.recorded_at == event.occurred_at for event in OpportunityEvent.objects.all())


@pytest.mark.django_db
def test_history_that_was_cut_off_goes_on_as_one_load(tmp_path: Path) -> None:
    load(DEAL)
    header, lines = list(history(PATH[0])[0]), [list(row.values()) for row in history(*PATH)]
    path = write_csv(tmp_path / "h.csv", header, *lines)
    run("opportunity-history", write_csv(tmp_path / "part.csv", header, *lines[:6]), on_error="skip")
    # What a killed import leaves behind: rows of finished batches and a run that never ended.
    ImportRun.objects.filter(kind="opportunity-history").update(finished_at=None, file_digest=inspect(path).digest)
    report = run("opportunity-history", path, on_error="skip", at=AT + timedelta(days=1))
    assert counts(report) == {"read": 9, "created": 3, "unchanged": 6}
    assert all(event.recorded_at == event.occurred_at for event in OpportunityEvent.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "where"),
    [
        (("2025-12-31", "amount", "1"), ("occurred_at", "before_created")),
        (("2027-01-01", "amount", "1"), ("occurred_at", "in_future")),
        (("2026-01-15", "setpoint", "25%%"), ("value", "other_setpoint")),
        (("2026-01-15", "setpoint", ""), ("value", "required")),
        (("2026-01-16", "amount", "1e400"), ("value", "not_a_number")),
        (("2026-01-16", "amount", "1 QQQ"), ("value", "no_currency")),
        (("2026-01-16", "expected_close_on", "soon"), ("value", "not_a_date")),
        (("2026-01-16", "owner", "nobody@example.com"), ("value", "unknown_reference")),
        (("2026-01-16", "outcome", "gone"), ("value", "not_allowed")),
        (("2026-01-16", "colour", "red"), ("field", "not_allowed")),
        (("2026-01-15", "setpoint", "50"), ("value", "moment_taken")),
    ],
)
def test_history_that_cannot_be(row: tuple[str, str, str], where: tuple[str, str], tmp_path: Path) -> None:
    load(DEAL, *PATH)
    before = OpportunityEvent.objects.count()
    # The same moment in other words has another natural id than the row that was taken.
    when = row[0] if row[2] != "50" else "2026-01-15T00:00:00Z"
    path = write_csv(tmp_path / "h.csv", ["opportunity", "occurred_at", "field", "value"], ["D1", when, row[1], row[2]])
    assert reasons(run("opportunity-history", path)) == [(2, *where)]
    assert OpportunityEvent.objects.count() == before


@pytest.mark.django_db
def test_history_of_an_unknown_deal(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "h.csv", ["opportunity", "occurred_at", "field", "value"], ["D9", "2026-01-15", "amount", "1"]
    )
    assert reasons(run("opportunity-history", path)) == [(2, "opportunity", "unknown_reference")]


ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 50),
        st.sampled_from(
            [("setpoint", code) for code in ("first_meeting", "25", "50", "90")]
            + [("amount", value) for value in ("", "10", "20.50")]
            + [("owner", "old@example.com"), ("owner", "new@example.com")]
            + [("expected_close_on", ""), ("expected_close_on", "2026-12-01")]
            + [("outcome", "lost"), ("outcome", ""), ("outcome", "won")]
        ),
    ),
    max_size=12,
    unique_by=lambda entry: (entry[0], entry[1][0]),
)


class TestAnyHistory(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        company()

    @settings(max_examples=settings.default.max_examples // 3)  # each is two whole imports
    @given(entries=ENTRIES, cut=st.integers(0, 12))
    def test_the_deal_is_what_its_events_come_to_in_whatever_order_they_arrive(self, entries: Any, cut: int) -> None:
        moments = [((day(1, 1) + timedelta(days=days)).date().isoformat(), *said) for days, said in entries]
        first, second = moments[:cut], moments[cut:]
        load(DEAL, *first)
        if second:
            import_rows("opportunity-history", history(*second), by=None, at=AT)
        assert_events_tell_what_stands()
