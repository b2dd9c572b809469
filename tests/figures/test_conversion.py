"""Conversion by cohort (B1)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crm.lib.envelope import Reason
from pipeline.figures.conversion import StepFacts, conversion, stock_ratio

D = Decimal
PERCENT = D("0.001")


def ids(count: int) -> tuple[int, ...]:
    return tuple(range(count))


def test_b1a_20_entered_9_progressed_5_lost_6_open() -> None:
    figure = conversion(StepFacts(progressed=ids(9), lost=ids(5), open=ids(6)))

    assert figure.value is not None and figure.interval is not None
    assert figure.value.quantize(PERCENT) == D("0.643")
    assert (figure.interval.low.quantize(PERCENT), figure.interval.high.quantize(PERCENT)) == (D("0.388"), D("0.837"))
    assert (figure.detail["observed"], figure.detail["upper"]) == (D("0.450000"), D("0.750000"))
    assert figure.detail["immature"] is False  # 30% open is the limit, not over it


def test_nothing_entered_is_no_data() -> None:
    assert (conversion(StepFacts()).value, conversion(StepFacts()).reason) == (None, Reason.NO_DATA)


def test_all_open_has_no_rate_and_shows_the_bounds() -> None:
    figure = conversion(StepFacts(open=ids(4)))

    assert (figure.value, figure.reason) == (None, Reason.ZERO_DENOMINATOR)
    assert (figure.detail["observed"], figure.detail["upper"], figure.detail["immature"]) == (D(0), D(1), True)


def test_stock_ratio_compares_counts_and_is_null_over_nothing() -> None:
    assert (stock_ratio(1, 1), stock_ratio(0, 3)) == (D(1), None)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_resolved_rate_lies_between_its_bounds(progressed: int, lost: int, still_open: int) -> None:
    figure = conversion(StepFacts(progressed=ids(progressed), lost=ids(lost), open=ids(still_open)))

    if figure.value is not None:
        slack = D("0.000001")
        assert figure.detail["observed"] - slack <= figure.value <= figure.detail["upper"] + slack
