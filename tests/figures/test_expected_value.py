"""Expected value of pursuing a deal, and of each scarce hour (B30)."""

from decimal import Decimal

import pytest

from crm.lib.envelope import Reason
from pipeline.figures.expected_value import expected_value, expected_value_per_hour

D = Decimal


@pytest.mark.parametrize(("chance", "value"), [("0.10", "-1600.00"), ("0.25", "2000.00"), ("0.60", "10400.00")])
def test_expected_value_b30(chance: str, value: str) -> None:
    figure = expected_value(D(chance), D(24000), D(4000))
    assert (figure.value, figure.parts["break_even"].value) == (D(value), D("0.166667"))


def test_expected_value_b30_counts_strategic_value() -> None:
    assert expected_value(D("0.10"), D(24000), D(4000), strategic=D(3000)).value == D("1400.00")


@pytest.mark.parametrize(
    ("chance", "margin", "remaining", "reason"),
    [
        pytest.param(D("0.5"), None, D(1), Reason.INCOMPLETE, id="margin incomplete"),
        pytest.param(D("0.5"), D(1), None, Reason.INCOMPLETE, id="cost not known"),
        pytest.param(None, D(1), D(1), Reason.NOT_ENOUGH_HISTORY, id="no observed chance"),
    ],
)
def test_expected_value_b30_of_what_is_not_known(
    chance: Decimal | None, margin: Decimal | None, remaining: Decimal | None, reason: Reason
) -> None:
    figure = expected_value(chance, margin, remaining)
    assert (figure.value, figure.reason) == (None, reason)


def test_expected_value_b30_of_a_deal_that_loses_never_breaks_even() -> None:
    figure = expected_value(D("0.5"), D(-100), D(10))
    assert (figure.value, figure.parts["break_even"].reason) == (D("-60.00"), Reason.NEVER)


def test_expected_value_b30_per_scarce_hour() -> None:
    assert expected_value_per_hour(D(10400), D(8)).value == D("1300.00")
    assert expected_value_per_hour(D(10400), D(0)).reason == Reason.ZERO_DENOMINATOR
    assert expected_value_per_hour(None, D(8)).reason == Reason.INCOMPLETE
