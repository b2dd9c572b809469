"""What files say of deals leaves them as single commands would: the columns equal the fold of their events."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.commands.imports import DealRow, HistoryRow, import_deals, import_history
from pipeline.commands.opportunities import close_opportunity, create_opportunity, reopen_opportunity, set_next_step
from pipeline.enums import Outcome
from pipeline.facts import Closing
from pipeline.models import NextStep, Opportunity, OpportunityEvent
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.factories.crm import AccountFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def days(count: int) -> datetime:
    return AT + timedelta(days=count)


def deal_with_step() -> Opportunity:
    owner = UserFactory(rep=True)
    deal = create_opportunity(
        account_id=AccountFactory().pk, name="Kiln", owner_id=owner.pk, by=owner, at=AT, **NO_MEETING_YET
    )
    set_next_step(opportunity_id=deal.pk, purpose="Call", due_on=date(2026, 3, 9), by=owner, at=AT)
    return deal


def close(deal: Opportunity, at: datetime) -> None:
    deal.refresh_from_db()
    sent: dict[str, Any] = {"seen_version": deal.version, "by": deal.owner, "at": at}
    close_opportunity(opportunity_id=deal.pk, outcome="declined", reason_code="need_known", **sent)


def reopen(deal: Opportunity, at: datetime) -> None:
    deal.refresh_from_db()
    reopen_opportunity(
        opportunity_id=deal.pk, seen_version=deal.version, by=deal.owner, at=at, override="They call back with a date"
    )


def assert_columns_equal_events(deal: Opportunity) -> None:
    deal.refresh_from_db()
    rows = fetch(opportunity_state(as_of=days(999), known_at=days(999)), STATE_COLUMNS)
    now = next(row for row in rows if row["opportunity_id"] == deal.pk)
    names = ("outcome", "closed_at", "setpoint_id", "owner_id", "expected_close_on")
    assert {name: now[name] for name in names} == {name: getattr(deal, name) for name in names}


def closing_row(deal: Opportunity, at: datetime) -> DealRow:
    return DealRow(record_id=deal.pk, values={}, closing=Closing(Outcome.LOST, at.date()), closed_at=at)


def test_a_deal_closed_by_a_file_leaves_no_step_open() -> None:
    deal = deal_with_step()
    import_deals(deals=[closing_row(deal, days(5))], reason="", paths={}, by=None, at=days(6))
    assert_columns_equal_events(deal)
    assert (deal.current_step, deal.next_step_on) == (None, None)
    assert NextStep.objects.get().dropped_at == days(6)
    last = OpportunityEvent.objects.filter(opportunity=deal, kind="next_step").latest("seq")
    assert (last.new or {})["dropped"]


def test_a_file_does_not_close_a_deal_before_it_went_on() -> None:
    deal = deal_with_step()
    close(deal, days(5))
    reopen(deal, days(9))
    assert import_deals(deals=[closing_row(deal, days(7))], reason="", paths={}, by=None, at=days(12)) == [None]
    assert_columns_equal_events(deal)
    assert deal.outcome == ""


def test_a_deal_closed_by_its_history_leaves_no_step_open() -> None:
    deal = deal_with_step()
    lost = {"outcome": "lost", "reason": "not_recorded", "competitor": None, "on": "2026-03-07"}
    row = HistoryRow(deal.pk, "outcome", days(5), lost)
    import_history(rows=[row], references=(), by=None, at=days(6))
    assert_columns_equal_events(deal)
    assert (deal.outcome, deal.current_step) == ("lost", None)


def test_history_of_a_deal_with_a_later_cycle_leaves_it_closed() -> None:
    deal = deal_with_step()
    close(deal, days(5))
    reopen(deal, days(60))
    row = HistoryRow(deal.pk, "expected_close_on", days(2), {"on": "2026-06-01"})
    import_history(rows=[row], references=(), by=None, at=days(61))
    assert_columns_equal_events(deal)
    assert (deal.outcome, deal.expected_close_on) == ("declined", date(2026, 6, 1))
