"""Win rate and its interval (B2, D-19)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.envelope import Display, Reason
from pipeline.figures.arithmetic import wilson
from pipeline.figures.buckets import Bucket
from pipeline.figures.win_rate import ClosedFacts, win_rate

D = Decimal
PERCENT = D("0.001")


def bucket(count: int, amount: int = 0, first: int = 1) -> Bucket:
    return Bucket(count=count, amount=D(amount), ids=tuple(range(first, first + count)))


@pytest.mark.parametrize(
    ("won", "lost", "value", "low", "high"),
    [
        pytest.param(12, 28, "0.300", "0.181", "0.454", id="12 of 40"),
        pytest.param(0, 5, "0.000", "0.000", "0.434", id="0 of 5"),
        pytest.param(5, 0, "1.000", "0.566", "1.000", id="5 of 5"),
        pytest.param(1, 0, "1.000", "0.207", "1.000", id="1 of 1"),
    ],
)
def test_win_rate_with_its_wilson_interval(won: int, lost: int, value: str, low: str, high: str) -> None:
    figure = win_rate(ClosedFacts(won=bucket(won), lost=bucket(lost, first=100)))

    assert figure.value is not None and figure.interval is not None
    assert [x.quantize(PERCENT) for x in (figure.value, figure.interval.low, figure.interval.high)] == [
        D(value),
        D(low),
        D(high),
    ]


@pytest.mark.parametrize(
    ("n", "display"),
    [(1, Display.HIDDEN), (4, Display.HIDDEN), (5, Display.LOW_DATA), (29, Display.LOW_DATA), (30, Display.OK)],
)
def test_small_numbers_are_marked_and_never_lost(n: int, display: Display) -> None:
    figure = win_rate(ClosedFacts(won=bucket(n)))

    assert (figure.display, figure.value) == (display, D("1.000000"))


def test_no_closed_deals_give_no_value_and_the_reason() -> None:
    figure = win_rate(ClosedFacts())

    assert (figure.value, figure.reason, figure.n, figure.interval) == (None, Reason.NO_CLOSED_DEALS, 0, None)


def test_no_decision_and_late_declined_count_as_not_won_and_early_declined_stands_beside() -> None:
    facts = ClosedFacts(
        won=bucket(3), lost=bucket(1, first=10), no_decision=bucket(1, first=20), declined_late=bucket(1, first=30),
        declined_early=bucket(4, first=40),
    )  # fmt: skip

    figure = win_rate(facts)

    assert (figure.value, figure.n) == (D("0.500000"), 6)
    assert figure.excluded == {"declined_before_50": [40, 41, 42, 43]}
    assert figure.ids == [1, 2, 3, 10, 20, 30]


def test_a_zero_amount_win_counts_in_count_and_not_in_value() -> None:
    figure = win_rate(ClosedFacts(won=bucket(2, amount=100), lost=bucket(2, amount=300, first=10)))

    assert (figure.value, figure.detail["by_value"]) == (D("0.500000"), D("0.250000"))


def test_every_closing_counts_outcomes_that_a_reopening_voided() -> None:
    figure = win_rate(ClosedFacts(won=bucket(3), lost=bucket(3, first=10), voided=1))

    assert (figure.value, figure.detail["every_closing"]) == (D("0.500000"), D("0.428571"))


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_wilson_holds_the_share(won: int, lost: int) -> None:
    interval = wilson(won, won + lost)

    if interval is None:
        assert won + lost == 0
        return
    share = D(won) / D(won + lost)
    assert 0 <= interval.low <= share + D("0.000001") and share - D("0.000001") <= interval.high <= 1


@given(
    st.decimals("0.01", "50", places=2),
    st.lists(st.integers(0, 10**6), min_size=1),
    st.lists(st.integers(0, 10**6), min_size=1),
)
def test_a_change_of_the_report_currency_changes_no_rate(rate: Decimal, won: list[int], lost: list[int]) -> None:
    def rates(times: Decimal) -> tuple[object, object]:
        facts = ClosedFacts(
            won=Bucket(count=len(won), amount=sum(won) * times), lost=Bucket(count=len(lost), amount=sum(lost) * times)
        )
        figure = win_rate(facts)
        return figure.value, figure.detail["by_value"]

    assert rates(rate) == rates(D(1))
