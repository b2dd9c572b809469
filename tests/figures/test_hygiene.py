"""B24: deal hygiene clocks, by the names the mathematics gives them."""

from datetime import date
from decimal import Decimal

import pytest

from pipeline.enums import SignalCode
from pipeline.policies.signals import Calendar, DealSignalFacts, Pause, days_of_clock, find_signals, paused_days


def at_90(entered_on: date, **facts: object) -> DealSignalFacts:
    return DealSignalFacts(
        id=1, rank=3, probability=Decimal("0.9"), is_last=True, evidenced_rank=3, created_on=date(2026, 1, 5),
        entered_on=entered_on, active_on=entered_on, stall_limit_days=30, deciders=1, contacts=2, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def languishes(facts: DealSignalFacts, today: date) -> bool:
    return SignalCode.STUCK in {each.code for each in find_signals(facts, calendar=Calendar(today))}


@pytest.mark.parametrize(
    ("entered_on", "today", "days", "expected"),
    [
        pytest.param(date(2026, 5, 1), date(2026, 5, 31), 30, False, id="languishing: 31 May is the 30th day, no"),
        pytest.param(date(2026, 5, 1), date(2026, 6, 1), 31, True, id="languishing: 1 June is the 31st day, yes"),
        pytest.param(date(2026, 5, 20), date(2026, 6, 1), 12, False, id="re-entered 20 May: the clock runs from there"),
        pytest.param(date(2026, 5, 20), date(2026, 6, 20), 31, True, id="re-entered 20 May: 20 June is the 31st day"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 31), 30, False, id="a night of 23 hours is a day"),
    ],
)
def test_B24_languishing_at_90(entered_on: date, today: date, days: int, expected: bool) -> None:
    assert days_of_clock(entered_on, today, 0) == days
    assert languishes(at_90(entered_on), today) is expected


def test_B24_agreed_pause() -> None:
    """The customer froze the budget from 10 May until 1 September: counted, shown, and no longer than 90 days."""
    pause = Pause(date(2026, 5, 10), date(2026, 8, 8))
    facts = at_90(date(2026, 5, 1), pauses=[pause])
    assert not languishes(facts, date(2026, 8, 7))
    assert paused_days([pause], start=facts.entered_on, end=date(2026, 8, 29)) == 90
    assert not languishes(facts, date(2026, 8, 29))
    assert languishes(facts, date(2026, 8, 30))
