"""What winning a customer costs, its payback, and what a customer is worth (B16)."""

from decimal import Decimal

import pytest

from crm.lib.envelope import Reason
from pipeline.enums import EffortKind
from pipeline.figures.acquisition import (
    CustomersFacts,
    EffortFacts,
    acquisition_cost,
    cost_of_customers,
    lifetime_value,
    payback,
    pursuit_cost,
    worth_ratio,
)
from pipeline.figures.margin import Income

D = Decimal
SUBSCRIPTION = Income(D(0), D(2000), D(2500))  # 2,500 a month at 80%


def test_cac_b16_of_a_period() -> None:
    assert acquisition_cost(D(180000), 12).value == D("15000.00")
    assert (acquisition_cost(D(180000), 0).value, acquisition_cost(D(1), 0).reason) == (None, Reason.ZERO_DENOMINATOR)


PERIOD = CustomersFacts([EffortFacts(EffortKind.DEMO, 60 * 1000, D(60))], leads=100, customers=12, ids=(1, 2))


def test_cac_b16_is_selling_marketing_and_onboarding() -> None:
    figure = cost_of_customers(PERIOD, lead=D(600), onboarding=D(5000))
    assert (figure.value, figure.n, figure.ids) == (D("15000.00"), 12, [1, 2])
    assert [figure.detail[name] for name in ("selling", "marketing", "onboarding")] == [60000, 60000, 60000]


@pytest.mark.parametrize(
    ("found", "lead", "onboarding", "reason"),
    [
        pytest.param(PERIOD, None, D(1), Reason.INCOMPLETE, id="nobody said what a lead costs"),
        pytest.param(PERIOD, D(1), None, Reason.INCOMPLETE, id="nor what onboarding costs"),
        pytest.param(CustomersFacts(customers=3), D(1), D(1), Reason.NO_DATA, id="no hours were logged"),
        pytest.param(
            CustomersFacts([EffortFacts(EffortKind.DEMO, 60, D(1))]), None, None, Reason.ZERO_DENOMINATOR,
            id="nobody was won",
        ),
        pytest.param(
            CustomersFacts([EffortFacts(EffortKind.DEMO, 60)], customers=1), D(1), D(1), Reason.INCOMPLETE,
            id="hours without a rate",
        ),
    ],
)  # fmt: skip
def test_cac_b16_that_is_not_known(
    found: CustomersFacts, lead: Decimal | None, onboarding: Decimal | None, reason: Reason
) -> None:
    figure = cost_of_customers(found, lead=lead, onboarding=onboarding)
    assert (figure.value, figure.reason) == (None, reason)


def test_pursuit_cost_b16_is_hours_times_rates_and_the_lead() -> None:
    efforts = [
        EffortFacts(EffortKind.DISCOVERY, 90, D(60)),
        EffortFacts(EffortKind.SALES_ENGINEER, 120, D(90)),
        EffortFacts(EffortKind.EXECUTIVE, 30, D(200)),
    ]
    figure = pursuit_cost(efforts, D(150))
    assert figure.value == D("520.00")
    assert (figure.detail["hours"], figure.detail["sales_engineer"]) == (D("4.00"), D("2.00"))


def test_pursuit_cost_b16_without_a_rate_is_incomplete() -> None:
    figure = pursuit_cost([EffortFacts(EffortKind.DEMO, 60, D(80)), EffortFacts(EffortKind.LEGAL, 30)])
    assert (figure.value, figure.reason, figure.detail["hours_without_rate"]) == (None, Reason.INCOMPLETE, D("0.50"))
    assert pursuit_cost([]).value == D("0.00")


@pytest.mark.parametrize(
    ("cost", "found", "months"),
    [
        pytest.param("15000", SUBSCRIPTION, "7.50", id="subscription"),
        pytest.param("15000", Income(D(20000)), "0.00", id="a one-off sale that covers it"),
        pytest.param("15000", Income(D(15000)), "0.00", id="exactly"),
        pytest.param("15000", Income(D(5000), D(2000)), "5.00", id="part at once, the rest by month"),
        pytest.param("1000", Income(D(-500), D(100)), "15.00", id="services at a loss are earned back too"),
    ],
)
def test_payback_b16(cost: str, found: Income, months: str) -> None:
    assert payback(D(cost), found).value == D(months)


@pytest.mark.parametrize(
    "found",
    [pytest.param(Income(D(0), D(-5)), id="each month loses"), pytest.param(Income(D(10)), id="too little, once")],
)
def test_payback_b16_is_never(found: Income) -> None:
    figure = payback(D(15000), found, limit=12)
    assert (figure.value, figure.reason, figure.detail["over_limit"]) == (None, Reason.NEVER, True)


def test_payback_b16_of_what_is_not_known_is_incomplete_and_not_over_its_limit() -> None:
    figure = payback(None, SUBSCRIPTION, limit=1)
    assert (figure.value, figure.reason, figure.detail["over_limit"]) == (None, Reason.INCOMPLETE, False)


def test_payback_b16_adjusted_for_churn_is_month_9() -> None:
    figure = payback(D(15000), SUBSCRIPTION, churn=D("0.02"))
    assert (figure.value, figure.detail["with_churn"]) == (D("7.50"), 9)
    assert payback(D("16625.22"), SUBSCRIPTION, churn=D("0.02")).detail["with_churn"] == 9
    assert payback(D("16625.23"), SUBSCRIPTION, churn=D("0.02")).detail["with_churn"] == 10
    assert payback(D(15000), SUBSCRIPTION, churn=D(0)).detail["with_churn"] == 8


def test_payback_b16_that_churn_never_lets_come() -> None:
    figure = payback(D(15000), SUBSCRIPTION, churn=D("0.2"), limit=12)
    assert (figure.value, figure.detail["with_churn"], figure.detail["over_limit"]) == (D("7.50"), None, True)


@pytest.mark.parametrize(
    ("limit", "over"),
    [
        pytest.param(None, False, id="no limit"),
        pytest.param(9, False, id="at the limit"),
        pytest.param(8, True, id="over it"),
    ],
)
def test_payback_b16_over_its_limit(limit: int | None, over: bool) -> None:
    assert payback(D(15000), SUBSCRIPTION, churn=D("0.02"), limit=limit).detail["over_limit"] is over


@pytest.mark.parametrize(
    ("churn", "horizon", "value"),
    [
        pytest.param("0.02", None, "100000.00", id="for ever at 2%"),
        pytest.param("0.02", 60, "70244.69", id="60 months at 2%"),
        pytest.param("0", 60, "120000.00", id="nobody leaves"),
    ],
)
def test_ltv_b16(churn: str, horizon: int | None, value: str) -> None:
    assert lifetime_value(SUBSCRIPTION, churn=D(churn), horizon=horizon).value == D(value)


def test_ltv_b16_capped_is_never_more_than_uncapped() -> None:
    figure = lifetime_value(SUBSCRIPTION, churn=D("0.02"))
    assert (figure.value, figure.detail["uncapped"]) == (D("70244.69"), D("100000.00"))


def test_ltv_b16_needs_churn_only_where_something_is_billed_again() -> None:
    assert lifetime_value(SUBSCRIPTION, churn=None).reason == Reason.NO_DATA
    assert lifetime_value(None, churn=D("0.02")).reason == Reason.INCOMPLETE
    assert lifetime_value(Income(D(24000)), churn=None).value == D("24000.00")


def test_ltv_b16_beside_what_the_customer_cost() -> None:
    assert worth_ratio(D(100000), D(15000)).value == D("6.67")
    assert (worth_ratio(D(1), D(0)).reason, worth_ratio(None, D(1)).reason) == (
        Reason.ZERO_DENOMINATOR, Reason.INCOMPLETE,
    )  # fmt: skip
