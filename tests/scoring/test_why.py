"""Why a score, in words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from scoring.enums import Counting, DecayKind, Operator, ScorePart
from scoring.facts import KNOWN, Condition, Decay, Moment, RuleFacts
from scoring.policies.score import replay
from scoring.queries.rules import Rulebook
from scoring.views.why import get_reasons, get_why
from tests.scoring.examples import DEMO, MODEL, PRICING, TABLE, TALLINN, day, event, rule

NAMES = {PRICING: "Visited the pricing page", DEMO: "Asked for a product demo"}
BOOK = Rulebook(MODEL, TALLINN, NAMES)


@pytest.fixture(autouse=True)
def _reads_in_tallinn() -> Iterator[None]:
    with timezone.override("Europe/Tallinn"):
        yield


def test_spells_of_silence_are_one_row_and_all_rows_sum_to_the_score() -> None:
    score = replay(TABLE, model=MODEL, zones=TALLINN, as_of=day(80))
    why = get_why(score, BOOK)
    assert [(row["points"], row["text"]) for row in why["rows"]] == [
        (-20, "60 days without activity"), (25, "Asked for a product demo"), (20, "webinar"), (15, "whitepaper"),
        (10, "Visited the pricing page"),
    ]  # fmt: skip
    assert (why["score"], why["foot"]) == (50, "Falls to 40 on 12 Jun if nothing happens")


def test_a_short_card_sums_what_is_older() -> None:
    moments = [event(31 * number, PRICING, number + 1) for number in range(12)]
    score = replay(moments, model=MODEL, zones=TALLINN, as_of=moments[-1].at + timedelta(days=1))
    why = get_why(score, BOOK, limit=5)
    assert len(why["rows"]) == 5
    assert sum(row["points"] for row in why["rows"]) == score.score
    assert why["rows"][-1]["text"] == "19 earlier"


def test_two_reasons_with_the_most_points_first() -> None:
    moments = [event(0, PRICING, 1), event(0.1, PRICING, 2), event(0.2, PRICING, 3), event(0.3, DEMO, 4)]
    score = replay(moments, model=MODEL, zones=TALLINN, as_of=day(1))
    assert get_reasons(score, NAMES) == ["Visited the pricing page ×3", "Asked for a product demo"]


def test_what_holds_fades_and_is_limited_is_said_so() -> None:
    big = RuleFacts(
        "big", "Has 200 people or more", ScorePart.FIT, frozenset(), 20, counting=Counting.WHILE,
        conditions=(Condition("lead.employee_count", Operator.AT_LEAST, 200),),
    )  # fmt: skip
    demo = rule("demo_request", DEMO, 25, decay=Decay(DecayKind.HALF_LIFE, days=30))
    pricing = rule("pricing_page", PRICING, 10, most=15)
    model = replace(MODEL, rules=(big, demo, pricing), inactivity_points=0, ceiling=40)
    known = Moment(day(0), "=1", KNOWN, 1, "", {"lead.employee_count": 250})
    moments = [known, event(0, DEMO, 1), event(1, PRICING, 2), event(2, PRICING, 3)]
    score = replay(moments, model=model, zones=TALLINN, as_of=day(30))
    why = get_why(score, Rulebook(model, TALLINN, NAMES))
    assert [(row["points"], row["text"]) for row in why["rows"]] == [
        (-7.5, "Never above the highest score"), (-5, "pricing_page: the limit of points"),
        (10, "Visited the pricing page"), (10, "Visited the pricing page"), (12.5, "Asked for a product demo"),
        (20, "Has 200 people or more"),
    ]  # fmt: skip
    assert why["rows"][-2]["note"].endswith(", 12.5 of 25 left")
    assert [row["first"] for row in why["rows"]] == [False] * 5 + [True]  # who they are stands under a line
    assert get_reasons(score, NAMES, 1) == ["Has 200 people or more"]
