"""What only counts is counted quickly, and comes out as the replay has it."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.facts import ModelFacts, Moment
from scoring.policies.model_facts import model_facts
from scoring.policies.past import EPOCH, MICROSECOND, Past, as_moments, get_codes, get_ruled, in_order, is_clear
from scoring.policies.score import replay
from scoring.policies.tally import Tally, only_counts
from scoring.policies.zones import Zones
from tests.scoring.examples import MODEL, PRICING, TALLINN, WEBINAR, day, event
from tests.scoring.random_schemes import NO_DECAY, SILENT, START, random_history, random_model

MOVED = Zones([(date(2026, 1, 1), ZoneInfo("Europe/Tallinn")), (date(2026, 4, 10), ZoneInfo("America/New_York"))])
COUNTED = {
    **NO_DECAY, "group_id": None, "conditions": [], "least": None, "most": None, "fast_track": False,
}  # fmt: skip


def facts(rows: dict[str, Any]) -> ModelFacts:
    return model_facts(rows, rules=rows["rules"], groups=rows["groups"], silent_types=SILENT)


def as_past(moments: Iterable[Moment], model: ModelFacts) -> Past:
    """Return moments as the database gives them."""
    rows, codes = list(moments), get_codes(model)
    return Past(
        [(moment.at - EPOCH) // MICROSECOND for moment in rows],
        [codes.index(moment.type) if moment.type in codes else 0 for moment in rows],
        "{" + ",".join(str(moment.event_id) for moment in rows) + "}",
        urls=[moment.url or None for moment in rows],
    )


@given(st.integers(0, 10**9))
def test_what_only_counts_comes_out_as_its_replay(seed: int) -> None:
    chance = random.Random(seed)
    rows = random_model(chance)
    rules = [rule | COUNTED for rule in rows["rules"] if rule["counting"] != "while"]
    model, zones = facts(rows | {"rules": rules, "groups": []}), chance.choice((TALLINN, MOVED))
    assert only_counts(model)
    past = as_past((Moment(*each) for each in random_history(chance, most=40)), model)
    as_of = START + timedelta(minutes=chance.randrange(200 * 1440))
    if not past.instants or len(set(past.instants)) < len(past.instants):
        return
    past = in_order(past)
    if is_clear(past, get_ruled(model)):  # then nothing is to be asked beside
        past = past._replace(urls=None)
    expected = replay(as_moments(past, get_codes(model)), model=model, zones=zones, as_of=as_of, explain=False)
    found = Tally(model, zones, as_of).count(past)
    assert found == (None if expected.steps else expected)


@pytest.mark.parametrize("minutes", [29, 30, 31])
def test_a_page_looked_at_twice_counts_as_in_its_replay(minutes: int) -> None:
    assert_as_replayed([event(0, PRICING, 1, "/a"), event(minutes / 1440, PRICING, 2, "/a")], as_of=day(1))


@pytest.mark.parametrize("zones", [TALLINN, MOVED], ids=["one zone", "zones change"])
@pytest.mark.parametrize("hours", range(-8, 17, 3))
def test_silence_takes_at_the_very_midnight_however_late_in_the_day_it_began(hours: int, zones: Zones) -> None:
    begins = event(35 + hours / 24, WEBINAR, 1)
    falls = zones.start(zones.day(begins.at) + MODEL.inactivity_days)
    for at, score in ((falls - MICROSECOND, 20), (falls, 10)):
        assert_as_replayed([begins], as_of=at, zones=zones)
        assert replay([begins], model=MODEL, zones=zones, as_of=at).score == score


def assert_as_replayed(moments: list[Moment], *, as_of: datetime, zones: Zones = TALLINN) -> None:
    expected = replay(moments, model=MODEL, zones=zones, as_of=as_of, explain=False)
    assert Tally(MODEL, zones, as_of).count(as_past(moments, MODEL)) == expected


@given(st.integers(0, 10**9))
def test_a_past_holds_all_that_rules_tell_apart(seed: int) -> None:
    chance = random.Random(seed)
    model = facts(random_model(chance))
    model = replace(model, rules=tuple(replace(rule, conditions=()) for rule in model.rules))
    moments = [Moment(*each)._replace(key="") for each in random_history(chance)]
    past = as_past(moments, model)
    if not past.instants or len(set(past.instants)) < len(past.instants):
        return
    as_of = START + timedelta(minutes=chance.randrange(160 * 1440))
    again = as_moments(in_order(past), get_codes(model))
    found, expected = (replay(each, model=model, zones=TALLINN, as_of=as_of) for each in (again, moments))
    assert found == expected


def test_what_shares_an_instant_is_told_apart_by_its_keys() -> None:
    past = Past([5, 3, 3], [1, 2, 3], "{7,8,9}")
    assert not is_clear(past, frozenset())
    told = in_order(past._replace(keys=["a", "c", "b"]))
    assert (told.instants, told.codes, told.ids) == ([3, 3, 5], [3, 2, 1], [9, 8, 7])


def test_pages_looked_at_within_half_an_hour_are_not_clear() -> None:
    half_an_hour = 30 * 60 * 10**6
    for gap, clear in ((half_an_hour, False), (half_an_hour + 1, True)):
        past = Past([0, 9, gap], [4, 5, 4], "{1,2,3}")
        assert is_clear(past, frozenset({4})) is clear
