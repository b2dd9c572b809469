"""Progress (B31): seven elements from 0 to 3, by who told us; age takes a level, what does not apply leaves the sum."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipeline.enums import CHAMPION, DRIVER, EXECUTIVE, MILESTONES, Element, Level
from pipeline.facts import AssessmentFacts
from pipeline.figures.progress import ELEMENTS, Standing, element_level, progress, progress_together, score

D = Decimal
TODAY = date(2026, 3, 2)
EVERY = (*MILESTONES, *CHAMPION, *EXECUTIVE, *DRIVER)


def known(levels: dict[Any, int], *, said_on: date = TODAY, away: tuple[Element, ...] = ()) -> Any:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    found = {Element(name): AssessmentFacts(Element(name), Level(level), said_on, at) for name, level in levels.items()}
    return found | {
        name: AssessmentFacts(name, Level.UNKNOWN, said_on, at, "The owner decides", applies=False) for name in away
    }


def test_progress_b31_has_seven_elements() -> None:
    assert list(ELEMENTS) == [*MILESTONES, "champion", "executive", "driver"]


@pytest.mark.parametrize(
    ("levels", "value"),
    [
        pytest.param({}, "0.00", id="nothing is known"),
        pytest.param(dict.fromkeys(EVERY, 3), "100.00", id="all is confirmed"),
        pytest.param(dict.fromkeys(MILESTONES, 3), "57.14", id="four milestones of seven elements"),
        pytest.param(dict.fromkeys(EVERY, 2), "80.95", id="told: milestones 2, questions answered"),
        pytest.param(dict.fromkeys(EVERY, 1), "19.05", id="assumed: questions count nothing"),
        pytest.param({"champion_sells": 2, "champion_shares": 3, "champion_coaches": 1}, "9.52", id="two of three"),
    ],
)
def test_progress_b31_of_a_deal(levels: dict[Any, int], value: str) -> None:
    assert progress(known(levels), today=TODAY).value == D(value)


@pytest.mark.parametrize(
    ("said_on", "value"),
    [
        pytest.param(date(2026, 1, 16), "80.95", id="45 days old"),
        pytest.param(date(2026, 1, 15), "19.05", id="46 days old: each drops one level"),
    ],
)
def test_progress_b31_what_is_stale_drops_one_level(said_on: date, value: str) -> None:
    assert progress(known(dict.fromkeys(EVERY, 2), said_on=said_on), today=TODAY).value == D(value)


def test_progress_b31_what_does_not_apply_leaves_the_denominator_with_its_reason() -> None:
    figure = progress(known(dict.fromkeys(MILESTONES, 3), away=EXECUTIVE), today=TODAY)
    assert (figure.value, figure.n, figure.denominator) == (D("66.67"), 6, D(18))
    assert figure.detail["levels"]["executive"] is None
    assert figure.detail["not_applicable"] == dict.fromkeys(EXECUTIVE, "The owner decides")


def test_progress_b31_of_nothing_that_applies_is_nothing() -> None:
    figure = progress(known({}, away=EVERY), today=TODAY)
    assert (figure.value, figure.reason, figure.detail["weakest"]) == (None, "no_data", None)


def test_progress_b31_names_the_weakest_element() -> None:
    levels = dict.fromkeys(EVERY, 3) | {"executive_backs": 1, "criteria_agreed": 3}
    assert progress(known(levels), today=TODAY).detail["weakest"] == "executive"
    assert progress(known(levels | {"criteria_agreed": 0}), today=TODAY).detail["weakest"] == "criteria_agreed"


@pytest.mark.parametrize(
    ("levels", "value"),
    [
        pytest.param([2], "2", id="one question is its own level"),
        pytest.param([None], None, id="it does not apply"),
        pytest.param([2, 3, 1], "2", id="two of three answered"),
        pytest.param([2, 1, None], "1.5", id="one of two that apply"),
        pytest.param([None, None, None], None, id="none applies"),
    ],
)
def test_the_level_of_an_element(levels: list[int | None], value: str | None) -> None:
    assert element_level(levels) == (None if value is None else D(value))


def test_progress_of_a_team_is_the_mean_with_the_median_beside_it() -> None:
    figure = progress_together([Standing(D(21), 7, (1,)), Standing(D(0), 7, (2, 3)), Standing(D(0), 0, (9,))])
    assert (figure.value, figure.detail["median"], figure.n) == (D("33.33"), D("0.00"), 3)
    assert (figure.ids, figure.excluded) == ([1, 2, 3], {"not_applicable": [9]})


def test_progress_of_no_deal_is_nothing() -> None:
    figure = progress_together([])
    assert (figure.value, figure.reason, figure.n) == (None, "no_data", 0)


@pytest.mark.parametrize("elements", range(1, 8))
def test_progress_lies_between_0_and_100(elements: int) -> None:
    assert (score(D(0), elements), score(D(3 * elements), elements)) == (D("0.00"), D("100.00"))
