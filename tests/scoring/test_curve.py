"""The score over time: every rise and fall with its causes (S-5)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from scoring.enums import Counting, DecayKind, EffectKind, Operator, ScorePart
from scoring.facts import KNOWN, Condition, Decay, Moment, RuleFacts, Shift
from scoring.policies.curve import get_curve, get_spells
from scoring.policies.score import replay
from tests.scoring.examples import DEMO, MODEL, PRICING, TABLE, TALLINN, day, event, rule
from tests.scoring.random_schemes import random_history, random_model
from tests.scoring.test_schedules import SEEDS, as_model, as_moments, some_time


def told(shift: Shift) -> tuple[float, list[tuple[str, float]]]:
    return shift.after, [(effect.kind.value, effect.points) for effect in shift.effects]


def test_the_table_of_the_inactivity_step_as_a_curve() -> None:
    curve = get_curve(TABLE, model=MODEL, zones=TALLINN, as_of=day(80))
    assert [told(shift) for shift in curve.shifts] == [
        (10, [("event", 10)]), (25, [("event", 15)]), (45, [("event", 20)]), (70, [("event", 25)]),
        (60, [("inactivity", -10)]), (50, [("inactivity", -10)]),
    ]  # fmt: skip
    assert (curve.shifts[3].effects[0].rule, curve.shifts[3].effects[0].event_id) == ("demo_request", 4)
    assert curve.next_fall is not None
    assert (curve.next_fall.at.date().isoformat(), curve.next_fall.after) == ("2026-06-12", 40)


def test_what_fades_holds_and_is_limited_is_a_cause_of_its_own() -> None:
    big = RuleFacts(
        "big", "Has 200 people or more", ScorePart.FIT, frozenset(), 20, counting=Counting.WHILE,
        conditions=(Condition("lead.employee_count", Operator.AT_LEAST, 200),),
    )  # fmt: skip
    demo = rule("demo_request", DEMO, 25, decay=Decay(DecayKind.WINDOW, days=30))
    pricing = rule("pricing_page", PRICING, 10, most=15)
    model = replace(MODEL, rules=(big, demo, pricing), inactivity_points=0, ceiling=50)
    known = [Moment(day(0), "=1", KNOWN, 1, "", {"lead.employee_count": 250}), Moment(day(9), "=2", KNOWN, 2, "", {})]
    moments = [*known, event(1, PRICING, 1), event(2, PRICING, 2), event(3, DEMO, 3)]
    curve = get_curve(moments, model=model, zones=TALLINN, as_of=day(40))
    assert [told(shift) for shift in curve.shifts] == [
        (20, [("began", 20)]), (30, [("event", 10)]), (35, [("event", 10), ("cap", -5)]),
        (50, [("event", 25), ("ceiling", -10)]), (40, [("ended", -20), ("ceiling", 10)]), (15, [("fade", -25)]),
    ]  # fmt: skip


def test_days_of_ageing_one_after_another_are_one_spell() -> None:
    model = replace(
        MODEL, rules=(rule("demo", DEMO, 64, decay=Decay(DecayKind.HALF_LIFE, days=10)),), inactivity_points=0
    )
    curve = get_curve([event(0, DEMO, 1)], model=model, zones=TALLINN, as_of=day(20), ahead_days=10)
    rise, fall = get_spells(curve.shifts)
    assert (rise.after, fall.before, fall.after, fall.until) == (64, 64, 16, TALLINN.start(TALLINN.day(day(20))))
    assert [(effect.kind, effect.points) for effect in fall.effects] == [(EffectKind.FADE, -48)]
    assert (len(curve.shifts), len(curve.ahead), curve.ahead[-1].after) == (21, 10, 8)


@given(SEEDS)
def test_the_last_point_is_the_score_and_every_difference_is_the_sum_of_its_causes(seed: int) -> None:
    chance = random.Random(seed)
    model, moments, as_of = as_model(random_model(chance)), as_moments(random_history(chance)), some_time(chance)
    curve = get_curve(moments, model=model, zones=TALLINN, as_of=as_of, ahead_days=30)
    now = replay(moments, model=model, zones=TALLINN, as_of=as_of)
    stands = curve.begin
    for shift in [*curve.shifts, *curve.ahead]:
        assert shift.before == stands != shift.after
        assert sum(effect.points for effect in shift.effects) == pytest.approx(shift.after - stands, abs=1e-6)
        stands = shift.after
    assert (curve.shifts[-1].after if curve.shifts else curve.begin) == now.score
    if now.next_score is not None and now.next_score < now.score:
        assert curve.next_fall is not None
        assert (curve.next_fall.at, curve.next_fall.after) == (now.next_change_at, now.next_score)
    spells = get_spells(curve.shifts)
    assert sum(shift.after - shift.before for shift in spells) == pytest.approx(now.score - curve.begin, abs=1e-6)
    assert [spell.before for spell in spells[1:]] == [spell.after for spell in spells[:-1]]


@given(SEEDS)
def test_at_every_time_the_curve_is_where_a_replay_is(seed: int) -> None:
    chance = random.Random(seed)
    model, moments, as_of = as_model(random_model(chance)), as_moments(random_history(chance)), some_time(chance)
    curve = get_curve(moments, model=model, zones=TALLINN, as_of=as_of)
    for _ in range(5):
        then = as_of - timedelta(minutes=chance.randrange(60 * 1440))
        past = [shift for shift in curve.shifts if shift.at <= then]
        found = past[-1].after if past else curve.begin
        assert found == replay(moments, model=model, zones=TALLINN, as_of=then, explain=False).score
