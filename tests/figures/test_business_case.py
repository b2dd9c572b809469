"""The customer's case (B28): ROI, payback, NPV and IRR, null with a reason where there is none."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm.lib.envelope import Reason
from pipeline.enums import CaseSide
from pipeline.figures.business_case import (
    CaseFlows,
    case_flows,
    internal_rate,
    net_present_value,
    payback,
    present_value,
    return_on_investment,
    sign_changes,
)

D = Decimal
TINY = D("0.000001")
AMOUNTS = st.decimals(0, 1_000_000, places=2, allow_nan=False, allow_infinity=False)


def flows(*net: int | str) -> CaseFlows:
    """Return flows with these net amounts."""
    amounts = [D(amount) for amount in net]
    return CaseFlows(tuple(max(-each, D(0)) for each in amounts), tuple(max(each, D(0)) for each in amounts))


EXAMPLE = flows(-50_000, 25_000, 25_000, 25_000)


def test_b28_the_example_of_the_definition() -> None:
    assert return_on_investment(EXAMPLE).value == D("0.5")
    assert payback(EXAMPLE).value == D("2")
    assert internal_rate(EXAMPLE).value is not None
    assert round(internal_rate(EXAMPLE).value * 100, 3) == D("23.375")  # type: ignore[operator]
    assert net_present_value(EXAMPLE, rate=D(0)).value == D("25000")


@pytest.mark.parametrize(
    ("net", "value", "reason"),
    [
        pytest.param((0, 0), None, Reason.NO_DATA, id="nothing named"),
        pytest.param((0, 10), None, Reason.ZERO_DENOMINATOR, id="no cost"),
        pytest.param((-100, 0), D(-1), None, id="no benefit"),
        pytest.param((-100, 100), D(0), None, id="even"),
    ],
)
def test_b28_roi(net: Any, value: Any, reason: Any) -> None:
    figure = return_on_investment(flows(*net))
    assert (figure.value, figure.reason) == (value, reason)


@pytest.mark.parametrize(
    ("net", "value", "reason", "falls_again"),
    [
        pytest.param((0, 0), None, Reason.NO_DATA, None, id="nothing named"),
        pytest.param((-100, 40, 40), None, Reason.NEVER, None, id="not within the horizon"),
        pytest.param((-100, 40, 120), D("1.5"), None, False, id="half a year into the second"),
        pytest.param((-100, 100), D(1), None, False, id="by the end of the first"),
        pytest.param((100, -50), D(0), None, False, id="gains before it costs"),
        pytest.param((0, -100, 200), D("1.5"), None, False, id="costs nothing at the start"),
        pytest.param((-100, 150, -100, 100), D("0.67"), None, True, id="later costs take it below again"),
    ],
)
def test_b28_payback(net: Any, value: Any, reason: Any, falls_again: Any) -> None:
    figure = payback(flows(*net))
    assert (figure.value, figure.reason, figure.detail.get("falls_again")) == (value, reason, falls_again)


@pytest.mark.parametrize(
    ("net", "value", "reason", "several"),
    [
        pytest.param((0, 0), None, Reason.NO_DATA, None, id="nothing named"),
        pytest.param((-100, -10), None, Reason.NEVER, False, id="only costs"),
        pytest.param((100, 10), None, Reason.NEVER, False, id="only gains"),
        pytest.param((-100, 110), D("0.1"), None, False, id="one year"),
        pytest.param((-100, 1100), D(10), None, False, id="the highest rate looked at"),
        pytest.param((-100, 1), D("-0.99"), None, False, id="the lowest rate looked at"),
        pytest.param((-1, 100), None, Reason.NEVER, False, id="beyond the highest"),
        pytest.param((100, -110), D("0.1"), None, False, id="a loan"),
        pytest.param((-100, 230, -132), None, Reason.NEVER, True, id="two rates, none told apart"),
        pytest.param((-100, 360, -431, "171.6"), None, None, True, id="three rates, one of them"),
    ],
)
def test_b28_irr(net: Any, value: Any, reason: Any, several: Any) -> None:
    figure = internal_rate(flows(*net))
    assert (figure.reason, figure.detail.get("several")) == (reason, several)
    assert figure.value == value or (value is None and reason is None)


@pytest.mark.parametrize(("rate", "value"), [("0.10", "12171.30"), ("-0.5", "300000.00"), ("1", "-28125.00")])
def test_b28_npv(rate: str, value: str) -> None:
    assert net_present_value(EXAMPLE, rate=D(rate)).value == D(value)


def test_b28_npv_of_nothing() -> None:
    assert net_present_value(flows(0, 0), rate=D(0)).reason == Reason.NO_DATA


def test_rows_are_added_up_within_the_horizon() -> None:
    rows = [
        (CaseSide.COST, D(10), [D(1), D(2), D(3)]),
        (CaseSide.COST, D(5), []),
        (CaseSide.BENEFIT, D(0), [D(7)]),
    ]
    assert case_flows(rows, years=2) == CaseFlows((D(15), D(1), D(2)), (D(0), D(7), D(0)))


@given(spent=AMOUNTS, gained=st.lists(AMOUNTS, min_size=1, max_size=10))
def test_b28_nothing_is_left_at_the_internal_rate(spent: Decimal, gained: list[Decimal]) -> None:
    net = (-spent, *gained)
    assume(spent > 1 and sign_changes(net) == 1)
    found = internal_rate(flows(*map(str, net))).value
    assume(found is not None)
    assert found is not None
    assert present_value(net, max(found - TINY, D("-0.99"))) >= 0 >= present_value(net, found + TINY)


@given(spent=AMOUNTS, gained=st.lists(AMOUNTS, min_size=1, max_size=10))
def test_b28_payback_roi_and_npv_agree(spent: Decimal, gained: list[Decimal]) -> None:
    """What is paid back within the horizon has a return of 0 or more, and is worth something at no interest."""
    assume(spent > 0)
    case = flows(str(-spent), *map(str, gained))
    paid, left = payback(case).value, net_present_value(case, rate=D(0)).value
    returned = sum(gained) - spent
    assert left == returned
    assert (paid is not None) == (returned >= 0)
    assert paid is None or 0 <= paid <= len(gained)


@given(gained=st.lists(AMOUNTS, min_size=1, max_size=10), times=st.integers(2, 9))
def test_b28_rates_do_not_depend_on_the_unit(gained: list[Decimal], times: int) -> None:
    one, many = (flows(-1000 * factor, *(str(each * factor) for each in gained)) for factor in (1, times))
    assert payback(one).value == payback(many).value
    assert return_on_investment(one).value == return_on_investment(many).value
    assert internal_rate(one).value == internal_rate(many).value
