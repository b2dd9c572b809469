"""Champion and challenger (B29)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.figures.arithmetic import newcombe
from scoring.enums import Verdict
from scoring.figures.challenges import SideFacts, compare


def side(reached: int, decided: int) -> SideFacts:
    return SideFacts(assigned=decided, decided=decided, reached=reached)


def test_the_example_of_b29_is_not_decided() -> None:
    found = compare(side(12, 100), side(20, 100), minimum=100)
    assert found.interval is not None and found.value is not None
    points = [f"{100 * each:.1f}" for each in (found.value, found.interval.low, found.interval.high)]
    assert points == ["8.0", "-2.3", "18.2"]
    assert (found.interval.method, found.detail["verdict"]) == ("newcombe", Verdict.NOT_DECIDED)


@pytest.mark.parametrize(
    ("champion", "challenger", "minimum", "verdict"),
    [
        ((10, 100), (40, 100), 100, Verdict.CHALLENGER),
        ((40, 100), (10, 100), 100, Verdict.CHAMPION),
        ((10, 100), (40, 99), 100, Verdict.TOO_FEW),
        ((0, 0), (40, 100), 1, Verdict.TOO_FEW),
    ],
    ids=["challenger", "champion", "one side is short of the sample", "one side has nobody"],
)
def test_nobody_wins_before_the_smallest_sample(
    champion: tuple[int, int], challenger: tuple[int, int], minimum: int, verdict: Verdict
) -> None:
    found = compare(side(*champion), side(*challenger), minimum=minimum)
    assert found.detail["verdict"] is verdict
    assert (found.value is None) == (found.reason is not None)


SHARES = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(SHARES, SHARES)
def test_the_interval_holds_the_difference_and_turns_round_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = newcombe(one, other), newcombe(other, one)
    assert there is not None and back is not None
    difference = other[0] / other[1] - one[0] / one[1]
    assert -1 <= there.low <= there.high <= 1
    assert float(there.low) - 1e-6 <= difference <= float(there.high) + 1e-6
    assert (there.low, there.high) == (-back.high, -back.low)
