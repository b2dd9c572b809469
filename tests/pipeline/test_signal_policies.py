"""Each signal's rule on values: when it speaks, how loudly, and what rests it (P-11, B24)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enums import SignalCode
from pipeline.policies.signals import (
    RULES,
    SIGNALS,
    USUAL,
    Calendar,
    DealSignalFacts,
    Found,
    Limit,
    Pause,
    find_signals,
    paused_days,
)

TODAY = date(2026, 6, 10)  # a Wednesday
FIRST_MEETING = {"rank": 0, "probability": Decimal("0.1"), "is_last": False, "evidenced_rank": 0}
FIFTY = {"rank": 2, "probability": Decimal("0.5"), "is_last": False, "evidenced_rank": 2}
NINETY = {"rank": 3, "probability": Decimal("0.9"), "is_last": True, "evidenced_rank": 3}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# Nothing is wrong with this deal: it stands at 25% since yesterday, with a step agreed for tomorrow.
CALM = DealSignalFacts(
    id=1, rank=1, probability=Decimal("0.25"), is_last=False, evidenced_rank=1, created_on=ago(40), entered_on=ago(1),
    active_on=ago(1), stall_limit_days=60, step_on=ago(-1), agreed_on=ago(-1), closes_on=ago(-60), deciders=1, contacts=2,
    amount=Decimal(1000),
)  # fmt: skip


def found(today: date = TODAY, limits: Any = USUAL, **facts: Any) -> dict[SignalCode, Found]:
    calendar = Calendar(today)
    return {each.code: each for each in find_signals(replace(CALM, **facts), calendar=calendar, limits=limits)}


def codes(today: date = TODAY, limits: Any = USUAL, **facts: Any) -> list[str]:
    return [str(code) for code in found(today, limits, **facts)]


def test_a_calm_deal_has_no_signal() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"step_on": None, "agreed_on": None}, ("no_next_step", 2), id="no next step"),
        pytest.param(
            {"step_on": None, "agreed_on": None} | NINETY, ("no_next_step", 3), id="no next step at 90% is worse"
        ),
        pytest.param({"agreed_on": None}, ("no_next_step", 1), id="a step the customer did not agree to is a note"),
        pytest.param({"step_on": ago(1), "agreed_on": None}, ("step_overdue", 2), id="a step overdue by a day"),
        pytest.param({"closes_on": ago(1)}, ("close_date_passed", 2), id="close date passed"),
        pytest.param({"pushes": 2}, ("close_date_pushed", 2), id="pushed twice"),
        pytest.param({"pushes": 3}, ("close_date_pushed", 3), id="pushed three times: the date is fiction"),
        pytest.param({"evidenced_rank": 0}, ("criteria_missing", 1), id="claims one setpoint more than evidenced"),
        pytest.param({"evidenced_rank": -1}, ("criteria_missing", 2), id="claims two setpoints more"),
        pytest.param(NINETY | {"evidenced_rank": 2}, ("criteria_missing", 2), id="claims 90% with evidence for 50%"),
        pytest.param(FIFTY | {"deciders": 0}, ("no_decision_maker", 2), id="decision maker unknown at 50%"),
        pytest.param({"contacts": 1}, ("single_contact", 1), id="a single contact"),
        pytest.param(FIFTY | {"contacts": 1}, ("single_contact", 2), id="a single contact at 50% weighs more"),
        pytest.param({"amount_before": Decimal(1250)}, ("amount_dropped", 2), id="amount dropped by a fifth"),
        pytest.param({"activities": 10, "progressed_on": ago(30)}, ("busy_not_moving", 2), id="busy, not moving"),
        pytest.param({"entered_on": ago(61)}, ("stuck", 2), id="the 61st day where 60 are the limit"),
        pytest.param({"entered_on": ago(61), "moved": False}, ("never_started", 2), id="never moved since it was made"),
        pytest.param({"entered_on": ago(61), "moved": None}, ("stuck", 2), id="whether it ever moved is not known"),
        pytest.param(NINETY | {"entered_on": ago(31), "stall_limit_days": None}, ("stuck", 3), id="31st day at 90%"),
        pytest.param(NINETY | {"entered_on": ago(31), "moved": False, "stall_limit_days": 30}, ("stuck", 3), id="made at 90%"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_one_signal(facts: dict[str, Any], expected: tuple[str, int]) -> None:
    assert [(each.code, each.severity) for each in found(**facts).values()] == [expected]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"step_on": TODAY}, id="a step due today is not overdue"),
        pytest.param({"step_on": None}, id="a meeting with the customer lies ahead"),
        pytest.param({"closes_on": TODAY}, id="close expected today"),
        pytest.param({"closes_on": None}, id="no close expected"),
        pytest.param({"pushes": 1}, id="pushed once"),
        pytest.param({"deciders": 0}, id="decision maker unknown at 25%"),
        pytest.param(FIRST_MEETING | {"contacts": 0}, id="nobody known before the first meeting"),
        pytest.param({"amount_before": Decimal(1249)}, id="amount down by less than a fifth"),
        pytest.param({"amount_before": Decimal(900)}, id="amount up"),
        pytest.param({"amount": None, "amount_before": Decimal(900)}, id="no amount any more"),
        pytest.param({"activities": 9, "progressed_on": ago(60)}, id="not busy"),
        pytest.param({"activities": 50, "progressed_on": ago(29)}, id="busy and moving"),
        pytest.param({"activities": 50, "created_on": ago(29)}, id="busy and new"),
        pytest.param({"entered_on": ago(60)}, id="the 60th day where 60 are the limit"),
        pytest.param({"active_on": ago(300)}, id="silence before an agreed day ahead"),
    ],
)
def test_no_signal_at_the_edge(facts: dict[str, Any]) -> None:
    assert codes(**facts) == []


class TestHistory:
    """Stalled against deals won of the same size and type (B24)."""

    ENOUGH: dict[str, Any] = {"typical_days": Decimal("12.5"), "typical_wins": 10}

    def test_ten_wins_outweigh_the_setpoints_own_limit(self) -> None:
        assert codes(entered_on=ago(13), **self.ENOUGH) == ["stuck"]
        assert codes(entered_on=ago(12), **self.ENOUGH) == []

    def test_nine_wins_do_not(self) -> None:
        assert codes(entered_on=ago(60), **{**self.ENOUGH, "typical_wins": 9}) == []

    def test_at_90_the_limit_is_thirty_days_whatever_history_says(self) -> None:
        assert codes(**NINETY, entered_on=ago(30), **self.ENOUGH) == []

    def test_the_reason_names_whose_limit_it_is(self) -> None:
        assert found(entered_on=ago(13), **self.ENOUGH)[SignalCode.STUCK].detail == {
            "limit": 12, "whose": "history", "paused": 0, "wins": 10, "last": False,
        }  # fmt: skip


class TestQuiet:
    """Idle: days since the last meaningful event."""

    SILENT: dict[str, Any] = {"step_on": None, "agreed_on": None}

    @pytest.mark.parametrize(
        ("silent_since", "expected"),
        [
            pytest.param(date(2026, 5, 31), [], id="ten days end on a Wednesday"),
            pytest.param(date(2026, 5, 30), ["quiet"], id="the eleventh day"),
        ],
    )
    def test_after_ten_days(self, silent_since: date, expected: list[str]) -> None:
        assert [code for code in codes(active_on=silent_since, **self.SILENT) if code != "no_next_step"] == expected

    @pytest.mark.parametrize(
        ("today", "speaks"),
        [(date(2026, 6, 13), False), (date(2026, 6, 14), False), (date(2026, 6, 15), False), (date(2026, 6, 16), True)],
        ids=["Saturday", "Sunday", "Monday is still in time", "Tuesday"],
    )
    def test_ten_days_that_end_at_the_weekend_last_until_monday(self, today: date, speaks: bool) -> None:
        facts = self.SILENT | {"active_on": date(2026, 6, 3), "entered_on": date(2026, 6, 3)}
        assert ("quiet" in codes(today, **facts)) is speaks

    def test_an_organisation_without_working_days_counts_straight(self) -> None:
        facts = replace(CALM, **self.SILENT, active_on=date(2026, 6, 3))
        calendar = Calendar(date(2026, 6, 14), ())
        assert SignalCode.QUIET in {each.code for each in find_signals(facts, calendar=calendar)}


class TestPause:
    """An agreed pause suspends the clocks until its day, 90 days at most (B24)."""

    AT_90: dict[str, Any] = NINETY | {"stall_limit_days": 30}

    def test_while_it_lasts_no_clock_speaks(self) -> None:
        facts = {
            "entered_on": ago(50), "active_on": ago(50), "step_on": None, "agreed_on": None,
            "activities": 20, "progressed_on": ago(50),
        }  # fmt: skip
        assert codes(**self.AT_90, **facts) == ["stuck", "no_next_step", "quiet", "busy_not_moving"]
        assert codes(**self.AT_90, **facts, pauses=[Pause(ago(5), ago(-20))]) == []

    def test_on_its_day_the_clocks_run_again_and_its_days_are_not_counted(self) -> None:
        pause = [Pause(ago(20), TODAY)]
        assert codes(**self.AT_90, entered_on=ago(50), pauses=pause) == []
        stuck = found(**self.AT_90, entered_on=ago(51), pauses=pause)[SignalCode.STUCK]
        assert (stuck.since, stuck.detail["paused"]) == (ago(51), 20)

    def test_days_before_the_clock_began_do_not_count(self) -> None:
        assert paused_days([Pause(ago(40), ago(20))], start=ago(30), end=TODAY) == 10

    def test_two_pauses_over_one_day_count_it_once(self) -> None:
        pauses = [Pause(ago(20), ago(10)), Pause(ago(15), ago(5))]
        assert paused_days(pauses, start=ago(30), end=TODAY) == 15

    def test_more_than_ninety_days_are_not_rested(self) -> None:
        pauses = [Pause(ago(120), ago(-20))]
        assert paused_days(pauses, start=ago(130), end=TODAY) == 90
        assert "stuck" in codes(**self.AT_90, entered_on=ago(130), pauses=pauses)


class TestLimits:
    """Limits are settings."""

    def test_a_signal_that_is_off_is_silent(self) -> None:
        assert codes(limits={SignalCode.CLOSE_DATE_PUSHED: Limit(2, is_on=False)}, pushes=5) == []

    def test_a_limit_of_ones_own(self) -> None:
        limits = {SignalCode.CLOSE_DATE_PUSHED: Limit(4)}
        assert codes(limits=limits, pushes=3) == []
        assert codes(limits=limits, pushes=4) == ["close_date_pushed"]

    def test_every_signal_has_a_rule_a_meaning_and_a_usual_limit(self) -> None:
        assert {code for code, _rule in RULES} == set(SIGNALS) == set(USUAL) == set(SignalCode)


def test_the_worst_stands_first() -> None:
    facts = {"step_on": None, "agreed_on": None, "contacts": 0, "pushes": 3, "closes_on": ago(3), "active_on": ago(50)}
    assert codes(**facts) == ["close_date_pushed", "no_next_step", "quiet", "close_date_passed", "single_contact"]


@given(
    days=st.integers(0, 400), later=st.integers(0, 60), limit=st.integers(1, 90), last=st.booleans(),
    silent=st.integers(0, 400),
)  # fmt: skip
def test_what_is_too_long_today_is_too_long_tomorrow(
    days: int, later: int, limit: int, last: bool, silent: int
) -> None:
    """No clock runs backwards while nothing happens."""
    facts: dict[str, Any] = {
        "entered_on": ago(days), "active_on": ago(silent), "stall_limit_days": limit, "is_last": last, "step_on": None,
        "agreed_on": None, "closes_on": ago(silent),
    }  # fmt: skip
    assert set(codes(**facts)) <= set(codes(TODAY + timedelta(days=later), **facts))


@given(pause=st.integers(0, 90), days=st.integers(0, 200))
def test_a_pause_moves_the_day_of_the_signal_by_its_length(pause: int, days: int) -> None:
    plain = codes(**NINETY, entered_on=ago(days), stall_limit_days=30)
    rested = codes(
        TODAY + timedelta(days=pause), **NINETY, entered_on=ago(days), stall_limit_days=30, agreed_on=ago(-100),
        step_on=ago(-100), closes_on=ago(-200), pauses=[Pause(TODAY, TODAY + timedelta(days=pause))],
    )  # fmt: skip
    assert plain == rested
