"""Rules of every kind against a second reading; whenever jobs run, scores and crossings come out the same."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enums import WaitingReason
from scoring.facts import Cause, CrossingRecord, LeadHistory, ModelFacts, Moment
from scoring.policies.crossings import find_crossings
from scoring.policies.model_facts import model_facts
from scoring.policies.score import replay
from tests.scoring.examples import TALLINN
from tests.scoring.random_schemes import SILENT, START, random_history, random_model
from tests.scoring.scheme_oracle import Happened, PlainWalk, plain_crossings

ZONE = TALLINN.zone(START.toordinal())
SEEDS = st.integers(0, 10**9)
DAYS = 160


def as_model(rows: dict[str, Any]) -> ModelFacts:
    return model_facts(rows, rules=rows["rules"], groups=rows["groups"], silent_types=SILENT)


def as_moments(happened: list[Happened]) -> list[Moment]:
    return [Moment(*each) for each in happened]


def scored(happened: list[Happened], model: ModelFacts, as_of: datetime, *, explain: bool = False) -> Any:
    return replay(as_moments(happened), model=model, zones=TALLINN, as_of=as_of, explain=explain)


def some_time(chance: random.Random) -> datetime:
    return START + timedelta(minutes=chance.randrange(DAYS * 1440))


@given(SEEDS)
def test_rules_of_every_kind_equal_a_second_reading(seed: int) -> None:
    chance = random.Random(seed)
    rows, happened, as_of = random_model(chance), random_history(chance), some_time(chance)
    walk = PlainWalk(rows, SILENT)
    score, parts = walk.run(happened, as_of=as_of, zone=ZONE)
    found = scored(happened, as_model(rows), as_of, explain=True)
    assert found.score == pytest.approx(score, abs=2e-4)
    assert [found.fit, found.behaviour, found.engagement] == pytest.approx(list(parts.values()), abs=2e-4)
    assert sum(row.points for row in found.contributions) == pytest.approx(found.score, abs=1e-6)
    crossed = find_crossings(
        found.steps, model=as_model(rows), history=LeadHistory(), at=as_of, waiting=WaitingReason.IMPORTED
    )
    keys = [f"={each.cause.id}" if each.cause.is_known else f"k{each.cause.id:03}" for each in crossed]
    assert keys == plain_crossings(walk.steps, rows, is_held=False)


@given(SEEDS)
def test_a_score_holds_until_the_day_it_says_and_becomes_what_it_says(seed: int) -> None:
    chance = random.Random(seed)
    model, happened, as_of = as_model(random_model(chance)), random_history(chance), some_time(chance)
    for explain in (False, True):
        now = scored(happened, model, as_of, explain=explain)
        until = now.next_change_at or as_of + timedelta(days=400)
        between = as_of + (until - timedelta(microseconds=1) - as_of) * chance.random()
        for then in (between, until - timedelta(microseconds=1)):
            assert scored(happened, model, then).score == now.score
    if now.next_change_at and now.next_score is not None:
        assert scored(happened, model, now.next_change_at).score == now.next_score != now.score


@given(SEEDS)
def test_any_two_schedules_of_runs_that_end_at_the_same_time_cross_alike(seed: int) -> None:
    """No run is more than 14 days late: what is later waits for a person, which is another answer (D-27)."""
    chance = random.Random(seed)
    rows, happened = random_model(chance), random_history(chance)
    end = START + timedelta(days=DAYS)
    plain = PlainWalk(rows, SILENT)
    plain.run(happened, as_of=end, zone=ZONE)
    expected = plain_crossings(plain.steps, rows, is_held=True)
    seldom = [START + timedelta(days=n) for n in range(0, DAYS, 13)]
    at_will = sorted([*seldom, *(some_time(chance) for _ in range(chance.randrange(30)))])
    for schedule in (seldom, at_will, [*at_will, *at_will]):
        assert crossings_of(happened, as_model(rows), sorted([*schedule, end])) == expected


def crossings_of(happened: list[Happened], model: ModelFacts, runs: list[datetime]) -> list[str]:
    """Return the keys recorded by runs at these times; what is handed over nobody answers."""
    records: dict[Cause, CrossingRecord] = {}
    for at in runs:
        past = LeadHistory(crossings=tuple(sorted(records.values(), key=lambda record: record.crossed_at)))
        for each in find_crossings(scored(happened, model, at).steps, model=model, history=past, at=at):
            assert each.cause not in records
            assert each.waiting is None
            records[each.cause] = CrossingRecord(each.cause, each.at, None if each.attaches else each.at)
    keys = {Cause(each.number, each.type == "="): each.key for each in happened}
    return [keys[record.cause] for record in sorted(records.values(), key=lambda record: record.crossed_at)]
