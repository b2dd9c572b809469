"""The schemes of math.md B23, and what conditions, limits and groups make of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scoring.enums import ContributionKind, Counting, DecayKind, InactivityMode, Operator, ScorePart
from scoring.facts import KNOWN, Condition, Decay, EventCondition, GroupFacts, ModelFacts, Moment, RuleFacts
from scoring.policies.score import replay
from tests.scoring.examples import DEMO, MODEL, PRICING, RULES, TABLE, TALLINN, WEBINAR, day, event, rule

HALF_LIFE = Decay(DecayKind.HALF_LIFE, days=30)
LINEAR = Decay(DecayKind.LINEAR, percent=50)
WINDOW = Decay(DecayKind.WINDOW, days=30)


def faded(decay: Decay) -> ModelFacts:
    return replace(MODEL, rules=tuple(replace(each, decay=decay) for each in RULES), inactivity_points=0)


def on(number: float, model: ModelFacts, moments: list[Moment] = TABLE) -> Any:
    return replay(moments, model=model, zones=TALLINN, as_of=day(number))


def known(number: float, event_id: int, **facts: Any) -> Moment:
    return Moment(day(number), f"={event_id}", KNOWN, event_id, "", {k.replace("__", "."): v for k, v in facts.items()})


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (MODEL, {10: 45, 12: 70, 41: 70, 42: 60, 72: 50, 102: 40, 222: 0}),
        (
            replace(MODEL, inactivity_mode=InactivityMode.ONCE),
            {10: 45, 12: 70, 41: 70, 42: 60, 72: 60, 102: 60, 222: 60},
        ),
        (faded(HALF_LIFE), {12: 64.435, 42: 32.218}),
        (faded(LINEAR), {12: 70, 42: 35, 72: 0}),
        (faded(WINDOW), {12: 70, 41: 25, 42: 0}),
    ],
    ids=["step", "once", "half-life", "linear", "window"],
)
def test_every_row_of_b23(model: ModelFacts, expected: dict[int, float]) -> None:
    assert {number: round(on(number, model).score, 3) for number in expected} == expected


def test_half_life_falls_below_50_on_the_first_day_after_22_98() -> None:
    model = faded(HALF_LIFE)
    assert on(22, model).score > 50 > on(23, model).score
    parts = sorted(round(row.points, 3) for row in on(42, model).contributions)
    assert parts == [3.789, 6.380, 9.548, 12.5]


def test_it_says_what_it_becomes_next_and_when() -> None:
    now = on(12, faded(WINDOW))
    assert (now.next_change_at, now.next_score) == (TALLINN.start(TALLINN.day(day(30))), 60)
    assert on(43, faded(WINDOW)).next_change_at is None


def test_steps_by_age() -> None:
    model = faded(Decay(DecayKind.STEP, steps=((30, 100), (90, 50))))
    demo = [event(0, DEMO, 1)]
    assert [on(number, model, demo).score for number in (30, 31, 90, 91)] == [25, 12.5, 12.5, 0]


def test_limits_of_a_rule_and_a_group_stand_in_the_reasons() -> None:
    group = GroupFacts("web", "Web", ScorePart.BEHAVIOUR, most=35)
    rules = (
        rule("pricing_page", PRICING, 10, most=15, group="web"),
        rule("demo_request", DEMO, 25, group="web"),
    )
    model = replace(MODEL, rules=rules, groups=(group,))
    score = on(1, model, [event(0, PRICING, 1), event(0.1, PRICING, 2), event(0.2, DEMO, 3)])
    assert score.score == 35 == sum(row.points for row in score.contributions)
    cuts = [row.points for row in score.contributions if row.kind is ContributionKind.CAP]
    assert cuts == [-5, -5]


def test_the_ceiling_stands_in_the_reasons() -> None:
    score = on(12, replace(MODEL, ceiling=60))
    assert (score.score, score.contributions[-1].points, score.inactivity) == (60, -10, -10)


BIG = RuleFacts(
    "big", "Big", ScorePart.FIT, frozenset(), 20, counting=Counting.WHILE,
    conditions=(Condition("account.employee_count", Operator.AT_LEAST, 200),),
)  # fmt: skip


def test_fit_is_what_was_known_then_and_does_not_fade() -> None:
    model = replace(faded(WINDOW), rules=(*faded(WINDOW).rules, BIG))
    moments = [*TABLE, known(3, 1, account__employee_count=250), known(20, 2, account__employee_count=40)]
    assert [(on(n, model, moments).score, on(n, model, moments).fit) for n in (2, 3, 12, 20)] == [
        (10, 0), (30, 20), (90, 20), (70, 0)]  # fmt: skip
    assert [tuple(step.cause) for step in on(4, model, moments).steps] == [(1, False), (1, True)]


def test_points_while_something_happened_often_lately() -> None:
    often = EventCondition(frozenset({PRICING}), times=2, days=7)
    keen = RuleFacts("keen", "Keen", ScorePart.ENGAGEMENT, frozenset(), 8, counting=Counting.WHILE, conditions=(often,))
    model = replace(MODEL, rules=(keen,), inactivity_points=0)
    moments = [event(0, PRICING, 1), event(3, PRICING, 2)]
    assert [on(n, model, moments).engagement for n in (0, 3, 6, 7)] == [0, 8, 8, 0]
    assert on(3, model, moments).next_change_at == TALLINN.start(TALLINN.day(day(7)))


def keen(*asked: EventCondition) -> ModelFacts:
    held = RuleFacts("keen", "Keen", ScorePart.ENGAGEMENT, frozenset(), 8, counting=Counting.WHILE, conditions=asked)
    return replace(MODEL, rules=(held,), inactivity_points=0)


def test_only_what_has_the_property_is_counted_and_a_page_seen_twice_at_once_is_one() -> None:
    about_price = Condition("property.topic", Operator.IS, "price")
    model = keen(EventCondition(frozenset({WEBINAR}), times=2, days=90, where=about_price))
    topics = enumerate(("price", "news", None, "PRICE"))
    moments = [event(n * 10, WEBINAR, n + 1)._replace(details=topic and {"topic": topic}) for n, topic in topics]
    assert [on(n, model, moments).score for n in (20, 29, 30, 89, 90)] == [0, 0, 8, 8, 0]
    twice = keen(EventCondition(frozenset({PRICING}), times=2, days=7))
    page = event(0, PRICING, 1)._replace(url="/prices")
    for minutes, score in ((30, 0), (31, 8)):
        again = page._replace(at=page.at + timedelta(minutes=minutes), event_id=2, key="again")
        assert on(1, twice, [page, again]).score == score


def test_what_did_not_happen_lately_or_never() -> None:
    moments = [event(3, WEBINAR, 1)]
    not_lately = keen(EventCondition(frozenset({WEBINAR}), times=0, days=7))
    assert [on(n, not_lately, moments).score for n in (0, 2, 3, 9, 10)] == [8, 8, 0, 0, 8]
    assert on(3, not_lately, moments).next_change_at == TALLINN.start(TALLINN.day(day(10)))
    assert on(5, not_lately, moments).next_score == 8
    never = keen(EventCondition(frozenset({WEBINAR}), times=0, days=0))
    assert [on(n, never, moments).score for n in (2, 3, 300)] == [8, 0, 0]
    # The last time lies between 7 and 30 days back.
    both = keen(EventCondition(frozenset({WEBINAR}), 1, 30), EventCondition(frozenset({WEBINAR}), 0, 7))
    assert [on(n, both, moments).score for n in (2, 9, 10, 32, 33)] == [0, 0, 8, 8, 0]


def test_the_first_time_only_and_only_with_the_property_asked_for() -> None:
    about_price = Condition("property.topic", Operator.CONTAINS, "Price")
    once = rule("webinar", WEBINAR, 20, counting=Counting.FIRST, conditions=(about_price,))
    model = replace(MODEL, rules=(once,))
    moments = [
        event(n, WEBINAR, n + 1)._replace(details={"topic": topic}) for n, topic in enumerate(("x", "PRICES", "price"))
    ]
    score = on(5, model, moments)
    assert (score.score, [row.event_id for row in score.contributions]) == (20, [2])


def test_a_fast_track_is_told_whatever_the_score() -> None:
    model = replace(MODEL, rules=(rule("demo_request", DEMO, 5, fast_track=True),))
    (step,) = on(0, model, [event(0, DEMO, 1)]).steps
    assert (step.after, step.fast_track) == (5, True)


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        (Operator.IS, " Energy ", True), (Operator.IS_NOT, "energy", False), (Operator.IN, ("x", "ENERGY"), True),
        (Operator.NOT_IN, ("x",), True), (Operator.CONTAINS, "ner", True), (Operator.STARTS_WITH, "en", True),
        (Operator.KNOWN, None, True), (Operator.UNKNOWN, None, False), (Operator.AT_LEAST, 5, False),
    ],
)  # fmt: skip
def test_conditions(operator: Operator, value: Any, holds: bool) -> None:
    matched = replace(BIG, conditions=(Condition("lead.industry", operator, value),))
    model = replace(MODEL, rules=(matched,))
    assert bool(on(1, model, [known(0, 1, lead__industry="Energy")]).fit) is holds
