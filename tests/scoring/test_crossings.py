"""When a lead is handed over: math.md B23 "Hand-off" and D-27, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enums import LeadStatus, WaitingReason
from scoring.facts import Cause, CrossingRecord, LeadHistory, ModelFacts, Moment, NewCrossing
from scoring.policies.crossings import find_crossings
from scoring.policies.score import replay
from scoring.policies.zones import Zones
from tests.scoring.examples import DEMO, MODEL, PAPER, PRICING, TABLE, TALLINN, WEBINAR, day, event, rule
from tests.scoring.test_score import histories


def crossings(
    moments: list[Moment], on: float, history: LeadHistory | None = None, *, model: ModelFacts = MODEL, **given: Any
) -> list[NewCrossing]:
    steps = replay(moments, model=model, zones=TALLINN, as_of=day(on)).steps
    return find_crossings(steps, model=model, history=history or LeadHistory(), at=day(on), **given)


def handed_over(event_id: int, on: float, answered_on: float | None = None) -> CrossingRecord:
    return CrossingRecord(Cause(event_id), day(on), day(on), None if answered_on is None else day(answered_on))


WITH_CALLS = replace(MODEL, rules=(*MODEL.rules, rule("call_me", "call_requested", 5, fast_track=True)))
SECOND = [*TABLE, event(103, PRICING, 5)]


def test_the_table_crosses_on_day_12() -> None:
    assert crossings(TABLE, 12) == [NewCrossing(Cause(4), day(12), 70, attaches=False, waiting=None)]


def test_49_is_not_enough_and_a_tick_never_crosses() -> None:
    assert crossings([event(0, DEMO, 1), event(1, WEBINAR, 2)], 200) == []


def test_found_on_day_80_it_waits_as_late_with_its_true_time() -> None:
    assert crossings(TABLE, 80) == [NewCrossing(Cause(4), day(12), 70, attaches=False, waiting=WaitingReason.LATE)]
    assert crossings(TABLE, 26)[0].waiting is None
    assert crossings(TABLE, 26.01)[0].waiting is WaitingReason.LATE


def test_day_103_is_handed_over_again_once_day_12_was_sent_back() -> None:
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=20),), statuses=((day(20), LeadStatus.RECYCLED),))
    assert crossings(SECOND, 103, history) == [NewCrossing(Cause(5), day(103), 50, attaches=False, waiting=None)]


def test_day_103_attaches_while_day_12_is_open() -> None:
    history = LeadHistory(crossings=(handed_over(4, 12),))
    assert crossings(SECOND, 103, history) == [NewCrossing(Cause(5), day(103), 50, attaches=True, waiting=None)]


@pytest.mark.parametrize("status", [LeadStatus.SQL, LeadStatus.CONVERTED, LeadStatus.DISQUALIFIED])
def test_a_finished_lead_is_never_handed_over(status: LeadStatus) -> None:
    assert crossings(TABLE, 12, LeadHistory(status_before=status)) == []
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=20),), statuses=((day(20), status),))
    assert crossings(SECOND, 103, history) == []


def test_an_answer_at_the_very_instant_holds_the_lead_no_more() -> None:
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=103),))
    assert [found.attaches for found in crossings(SECOND, 103, history)] == [False]


def test_a_lead_that_fell_while_sales_had_it_is_not_armed_by_that() -> None:
    moments = [*TABLE, event(133, PAPER, 5), event(135, WEBINAR, 6)]  # 30 + 15 while open, then 45 + 20
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=134),))
    assert crossings(moments, 135, history) == []


@pytest.mark.parametrize("seen", [4, 99], ids=["its event crosses no more", "its event is gone"])
def test_what_was_recorded_disarms_though_it_would_not_cross_today(seen: int) -> None:
    moments = [event(0, WEBINAR, 1), event(1, PAPER, 2), event(12, PRICING, 4), event(14, PRICING, 5)]  # 35, 45, 55
    assert [found.cause.id for found in crossings(moments, 14)] == [5]
    assert crossings(moments, 14, LeadHistory(crossings=(handed_over(seen, 12, answered_on=13),))) == []


def test_above_40_it_is_not_armed_again() -> None:
    moments = [*TABLE, event(73, PRICING, 5), event(104, PRICING, 6)]  # 50 + 10, then 50, then 60
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=20),))
    assert crossings(moments, 110, history) == []


def test_a_recorded_crossing_is_not_found_again_nor_when_it_moved() -> None:
    history = LeadHistory(crossings=(handed_over(4, 12, answered_on=13),))
    assert crossings(TABLE, 14, history) == []
    moved = [*TABLE, event(11, WEBINAR, 5)]  # told late: now day 11 crosses
    assert crossings(moved, 14, history) == []
    both = [*moved, event(11.5, "call_requested", 6)]  # asks for sales within the same spell
    assert [found.attaches for found in crossings(both, 14, model=WITH_CALLS)] == [False, True]
    assert crossings(both, 14, history, model=WITH_CALLS) == []


def test_what_comes_to_light_of_an_earlier_spell_is_found_though_a_later_one_is_recorded() -> None:
    moments = [*TABLE, event(133, "call_requested", 5)]  # 70 on day 12, 30 when it asks for a call
    history = LeadHistory(crossings=(handed_over(5, 133),))
    found = crossings(moments, 134, history, model=WITH_CALLS)
    assert found == [NewCrossing(Cause(4), day(12), 70, attaches=False, waiting=WaitingReason.LATE)]


def test_a_waiting_crossing_holds_nobody() -> None:
    history = LeadHistory(crossings=(CrossingRecord(Cause(4), day(12)),))
    assert [found.cause.id for found in crossings(SECOND, 103, history)] == [5]
    assert crossings([*TABLE, event(13, PRICING, 5)], 13, history) == []
    assert [(found.waiting, found.attaches) for found in crossings(SECOND, 103)] == [
        (WaitingReason.LATE, False),
        (None, False),
    ]


def test_an_import_makes_every_crossing_wait() -> None:
    assert [found.waiting for found in crossings(TABLE, 12, waiting=WaitingReason.IMPORTED)] == [WaitingReason.IMPORTED]


@pytest.mark.parametrize(("published", "waiting"), [(11, None), (12, WaitingReason.PUBLISHED)])
def test_what_new_rules_make_of_the_past_waits_up_to_the_instant_they_came(
    published: float, waiting: WaitingReason | None
) -> None:
    assert [found.waiting for found in crossings(TABLE, 12, published_at=day(published))] == [waiting]


def test_after_disqualification_a_recycled_lead_must_fall_first() -> None:
    statuses = ((day(1), LeadStatus.DISQUALIFIED), (day(13), LeadStatus.RECYCLED))
    moments = [*TABLE, event(14, PAPER, 5)]
    assert crossings(moments, 14, LeadHistory(statuses=statuses)) == []
    again = [*TABLE, event(103, PRICING, 5)]
    assert [found.cause.id for found in crossings(again, 103, LeadHistory(statuses=statuses))] == [5]


RUNS = st.lists(st.integers(1, 400 * 1440), max_size=6)


@given(histories(), RUNS)
def test_any_schedule_of_runs_finds_the_same_handoffs(moments: list[Moment], runs: list[int]) -> None:
    start = datetime(2025, 8, 1, tzinfo=UTC)
    end = start + timedelta(days=401)
    found = [_run(moments, [end]), _run(moments, [*sorted(start + timedelta(minutes=run) for run in runs), end])]
    assert found[0] == found[1]


def _run(moments: list[Moment], runs: list[datetime]) -> list[int]:
    """Return what is handed over when nobody ever answers and nothing is late, run after run."""
    known: list[CrossingRecord] = []
    for at in runs:
        steps = replay(moments, model=MODEL, zones=Zones.always(ZoneInfo("UTC")), as_of=at).steps
        history = LeadHistory(crossings=tuple(known))
        for new in find_crossings(steps, model=MODEL, history=history, at=steps[0].at if steps else at):
            known.append(CrossingRecord(new.cause, new.at, None if new.attaches else new.at))
    return [record.cause.id for record in known]


def test_what_comes_to_light_of_a_lead_finished_since_waits_for_a_person() -> None:
    history = LeadHistory(statuses=((day(13), LeadStatus.CONVERTED),))
    assert crossings(TABLE, 14, history) == [
        NewCrossing(Cause(4), day(12), 70, attaches=False, waiting=WaitingReason.LATE)
    ]
