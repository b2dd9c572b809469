"""Grades: fit and interest together."""

from dataclasses import replace

import pytest

from scoring.policies.grades import get_grade, move_limits
from scoring.policies.score import replay
from tests.scoring.examples import MODEL, TABLE, TALLINN, day

GRADED = replace(MODEL, fit_limits=(0, 0, 1), interest_limits=(20, 50, 70))


def test_without_limits_there_is_no_grade() -> None:
    assert get_grade(replay(TABLE, model=MODEL, zones=TALLINN, as_of=day(12)), MODEL) == ""


@pytest.mark.parametrize(("number", "letter"), [(0, "C"), (10, "C"), (12, "A"), (42, "B"), (222, "C")])
def test_interest_moves_the_grade_up_and_silence_down(number: int, letter: str) -> None:
    assert get_grade(replay(TABLE, model=GRADED, zones=TALLINN, as_of=day(number)), GRADED) == letter


@pytest.mark.parametrize(
    ("wanted", "stands"),
    [
        ((40, 20, 30), (40, 41, 42)),
        ((10, 20, 5), (3, 4, 5)),
        ((10, 35, 30), (10, 35, 36)),
        ((10, 20, 30), (10, 20, 30)),
        ((10, 20), (10, 20)),
    ],
    ids=["first-up", "last-down", "middle-up", "nothing", "not-three"],
)
def test_neighbours_move_along(wanted: tuple[int, ...], stands: tuple[int, ...]) -> None:
    assert move_limits((10, 20, 30), wanted) == stands
