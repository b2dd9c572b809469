"""The score against math.md B23, and against a second reading of it."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enums import ContributionKind
from scoring.facts import ModelFacts, Moment
from scoring.policies.score import replay
from scoring.policies.zones import Zones
from tests.scoring.examples import DEMO, MODEL, PAPER, PRICING, TABLE, TALLINN, WEBINAR, day, event, rule
from tests.scoring.oracle import Happened, plain_score


def score_on(number: float, moments: list[Moment] = TABLE, model: ModelFacts = MODEL) -> int:
    return replay(moments, model=model, zones=TALLINN, as_of=day(number)).score


@pytest.mark.parametrize(
    ("on", "score"),
    [(0, 10), (5, 25), (10, 45), (12, 70), (41, 70), (42, 60), (71, 60), (72, 50), (101, 50), (102, 40), (192, 10),
     (222, 0), (223, 0), (1000, 0)],
)  # fmt: skip
def test_the_step_column_of_b23(on: int, score: int) -> None:
    assert score_on(on) == score


def test_a_tick_falls_at_local_midnight_and_before_an_activity_of_that_day() -> None:
    midnight = datetime(2026, 4, 12, 21, 0, tzinfo=UTC)  # 00:00 of day 42 in Tallinn, after the clocks changed
    assert replay(TABLE, model=MODEL, zones=TALLINN, as_of=midnight - timedelta(seconds=1)).score == 70
    now = replay(TABLE, model=MODEL, zones=TALLINN, as_of=midnight)
    assert (now.score, now.next_change_at, now.next_score) == (60, datetime(2026, 5, 12, 21, 0, tzinfo=UTC), 50)
    assert score_on(42, [*TABLE, event(42, PRICING, 5)]) == 70  # 70 - 10 + 10, and no tick is lost


def test_an_activity_after_the_fall_to_40_brings_50() -> None:
    moments = [*TABLE, event(103, PRICING, 5)]
    step = replay(moments, model=MODEL, zones=TALLINN, as_of=day(103)).steps[-1]
    assert (step.before, step.after) == (40, 50)


def test_a_back_dated_webinar_moves_the_ticks() -> None:
    late = [*TABLE, event(20, WEBINAR, 5)]
    assert [score_on(number, late) for number in (45, 49, 50)] == [90, 90, 80]


@pytest.mark.parametrize(
    ("moments", "score"),
    [
        ([event(0, DEMO, 1), event(0.1, WEBINAR, 2)], 45),
        ([event(0, DEMO, 1), event(0.1, WEBINAR, 2), event(0.2, PRICING, 3)], 55),
        ([event(n / 10, PRICING, n + 1) for n in range(5)], 30),
        ([event(n / 10, PRICING, n + 1) for n in range(3)] + [event(29, PRICING, 9)], 30),
        ([event(n / 10, PRICING, n + 1) for n in range(3)] + [event(30, PRICING, 9)], 30),  # 30 - 10 + 10
    ],
    ids=["demo and webinar", "and a pricing page", "five pages, three count", "day d+29 is capped", "day d+30 counts"],
)
def test_the_points_of_requirement_5(moments: list[Moment], score: int) -> None:
    assert replay(moments, model=MODEL, zones=TALLINN, as_of=moments[-1].at).score == score


def test_without_a_cap_five_pricing_pages_are_50() -> None:
    model = ModelFacts(id=1, number=1, rules=(rule("pricing_page", PRICING, 10, cap_count=0),))
    assert score_on(1, [event(n / 10, PRICING, n + 1) for n in range(5)], model) == 50


@pytest.mark.parametrize(
    ("minutes", "url", "score"),
    [(29, "/pricing", 10), (30, "/pricing", 10), (31, "/pricing", 20), (5, "/pricing/teams", 20), (5, "", 20)],
)
def test_the_same_page_within_30_minutes_counts_once(minutes: int, url: str, score: int) -> None:
    first = event(0, PRICING, 1, "/pricing" if url else "")
    assert score_on(1, [first, event(minutes / 1440, PRICING, 2, url)]) == score


def test_a_customer_action_resets_the_clock_and_gives_nothing() -> None:
    action = Moment(day(30), "activity:1", "", 0)
    moments = [*TABLE, action]
    assert [score_on(number, moments) for number in (42, 59, 60, 90)] == [70, 70, 60, 50]


def test_an_opened_mail_does_not_end_silence() -> None:
    assert score_on(42, [*TABLE, event(30, "email_opened", 5)]) == 60


def test_ticks_below_zero_are_not_saved_up() -> None:
    assert score_on(1000, [event(0, PRICING, 1), event(1000, PAPER, 2)]) == 15


def test_points_below_the_floor_are_forgiven_by_the_next_activity() -> None:
    model = ModelFacts(id=1, number=1, rules=(*MODEL.rules, rule("bounce", "form_submitted", -30)))
    moments = [event(0, PRICING, 1), event(1, "form_submitted", 2), event(2, PAPER, 3)]
    assert [score_on(number, moments, model) for number in (0, 1, 2)] == [10, 0, 15]


def test_an_event_that_lies_ahead_is_when_the_score_can_change_next() -> None:
    result = replay([*TABLE, event(20, WEBINAR, 5)], model=MODEL, zones=TALLINN, as_of=day(13))
    assert (result.score, result.next_change_at, result.next_score) == (70, day(20), None)


def test_why_traces_every_point() -> None:
    moments = [*TABLE, *[event(12 + n / 100, PRICING, 10 + n) for n in range(1, 5)]]
    rows = replay(moments, model=MODEL, zones=TALLINN, as_of=day(42)).contributions
    assert [(row.kind, row.rule, row.points, row.event_id, row.uncounted) for row in rows] == [
        (ContributionKind.EVENT, "pricing_page", 10, 1, 0),
        (ContributionKind.EVENT, "whitepaper", 15, 2, 0),
        (ContributionKind.EVENT, "webinar", 20, 3, 0),
        (ContributionKind.EVENT, "demo_request", 25, 4, 0),
        (ContributionKind.EVENT, "pricing_page", 10, 11, 0),
        (ContributionKind.EVENT, "pricing_page", 10, 12, 2),
        (ContributionKind.INACTIVITY, "", -10, None, 0),
    ]


TYPES = st.sampled_from([PRICING, PAPER, WEBINAR, DEMO, "page_viewed", "email_opened"])
MINUTES = st.integers(0, 400 * 1440)


@st.composite
def histories(draw: st.DrawFn) -> list[Moment]:
    rows = draw(st.lists(st.tuples(MINUTES, TYPES, st.sampled_from(["", "", "/a", "/b"])), max_size=25))
    start = datetime(2025, 8, 1, tzinfo=UTC)
    return [Moment(start + timedelta(minutes=m), f"k{n}", kind, n + 1, url) for n, (m, kind, url) in enumerate(rows)]


ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Tallinn", "America/New_York", "Australia/Lord_Howe")]
)


@given(histories(), MINUTES, ZONES, st.randoms(use_true_random=False))
def test_it_equals_a_second_reading_whatever_the_order(
    moments: list[Moment], minutes: int, zone: ZoneInfo, shuffle: random.Random
) -> None:
    as_of = datetime(2025, 8, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    result = replay(moments, model=MODEL, zones=Zones.always(zone), as_of=as_of)
    assert result.score == plain_score([Happened(m.at, m.key, m.type, m.url) for m in moments], as_of=as_of, zone=zone)
    mixed = list(moments)
    shuffle.shuffle(mixed)
    assert replay(mixed, model=MODEL, zones=Zones.always(zone), as_of=as_of) == result


@given(histories(), MINUTES)
def test_parts_and_contributions_sum_and_the_score_holds_until_it_says(moments: list[Moment], minutes: int) -> None:
    as_of = datetime(2025, 8, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    result = replay(moments, model=MODEL, zones=TALLINN, as_of=as_of)
    assert result.fit + result.behaviour + result.engagement + result.inactivity == result.score >= 0
    assert sum(row.points for row in result.contributions) == result.score
    if result.next_change_at is None:
        assert replay(moments, model=MODEL, zones=TALLINN, as_of=as_of + timedelta(days=400)).score == result.score
    else:
        just_before = result.next_change_at - timedelta(microseconds=1)
        assert replay(moments, model=MODEL, zones=TALLINN, as_of=just_before).score == result.score
        if result.next_score is not None:
            then = replay(
                [m for m in moments if m.at <= as_of], model=MODEL, zones=TALLINN, as_of=result.next_change_at
            )
            assert then.score == result.next_score < result.score
