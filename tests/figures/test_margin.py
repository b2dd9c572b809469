"""Gross margin (B15): the seed's two deals, discounts, terms, and costs that nobody knows."""

from decimal import Decimal
from typing import Any

import pytest

from crm.lib.envelope import Reason
from pipeline.enums import Billing, CostKind
from pipeline.figures.margin import CostFacts, Income, LineFacts, gross_margin, income

D = Decimal
BIG = (
    [LineFacts(D(1), D(120000), D(20000), D("0.25"))],
    [
        CostFacts(CostKind.SERVICES, D(25000)),
        CostFacts(CostKind.CUSTOM_DEVELOPMENT, D(10000)),
        CostFacts(CostKind.THIRD_PARTY, D(15000)),
    ],
)
SMALL = ([LineFacts(D(1), D(30000), D(6000))], [])


@pytest.mark.parametrize(
    ("deal", "net", "margin", "share"),
    [
        pytest.param(BIG, "90000.00", "20000.00", "0.222222", id="big: 90k net, 70k costs"),
        pytest.param(SMALL, "30000.00", "24000.00", "0.800000", id="small: 30k net, 6k costs"),
    ],
)
def test_gross_margin_b15_of_the_two_deals(deal: Any, net: str, margin: str, share: str) -> None:
    figure = gross_margin(*deal)
    assert (figure.denominator, figure.value, figure.parts["share"].value) == (D(net), D(margin), D(share))
    assert figure.reason is None


def test_gross_margin_b15_the_small_deal_leaves_more_than_the_big_one() -> None:
    big, small = gross_margin(*BIG).value, gross_margin(*SMALL).value
    assert big is not None and small is not None and small > big


def test_gross_margin_b15_says_which_kinds_of_cost_there_are() -> None:
    detail = gross_margin(*BIG).detail
    assert {kind: detail[kind] for kind in map(str, CostKind)} == {
        "goods": D("20000.00"), "services": D("25000.00"), "custom_development": D("10000.00"),
        "third_party": D("15000.00"),
    }  # fmt: skip
    assert (detail["at_list"], detail["discount"]) == (D("120000.00"), D("30000.00"))


def test_gross_margin_b15_reacts_to_the_discount() -> None:
    shares = [
        gross_margin([LineFacts(D(1), D(100), D(60), D(cut))]).parts["share"].value for cut in ("0", "0.2", "0.5")
    ]
    assert shares == [D("0.400000"), D("0.250000"), D("-0.200000")]


@pytest.mark.parametrize(
    ("lines", "costs", "reason", "costed"),
    [
        pytest.param([], [], Reason.NO_DATA, 0, id="no line"),
        pytest.param(
            [LineFacts(D(1), D(10), D(1))] * 3 + [LineFacts(D(1), D(10))] * 2, [], Reason.INCOMPLETE, 3,
            id="3 of 5 lines costed",
        ),
        pytest.param([LineFacts(D(1), None, D(1))], [], Reason.INCOMPLETE, 0, id="a line without a price"),
        pytest.param(
            [LineFacts(D(1), D(10), D(1))], [CostFacts(CostKind.SERVICES)], Reason.INCOMPLETE, 1,
            id="a cost of which nobody knows how much",
        ),
    ],
)  # fmt: skip
def test_gross_margin_b15_never_takes_a_missing_cost_for_0(
    lines: list[LineFacts], costs: list[CostFacts], reason: Reason, costed: int
) -> None:
    figure = gross_margin(lines, costs)
    assert (figure.value, figure.parts["share"].value, figure.reason) == (None, None, reason)
    assert (figure.detail["costed"], figure.detail["lines"]) == (costed, len(lines))
    assert income(lines, costs) is None


def test_gross_margin_b15_of_nothing_paid_has_no_share() -> None:
    figure = gross_margin([LineFacts(D(1), D(100), D(60), D(1))])
    assert (figure.value, figure.parts["share"].value) == (D("-60.00"), None)
    assert figure.parts["share"].reason == Reason.ZERO_DENOMINATOR


@pytest.mark.parametrize(
    ("line", "whole", "first_year"),
    [
        pytest.param(LineFacts(D(2), D(100), D(40), D(0), Billing.MONTHLY, 36), "4320.00", "1440.00", id="monthly"),
        pytest.param(LineFacts(D(1), D(1200), D(200), D(0), Billing.YEARLY, 36), "3000.00", "1000.00", id="yearly"),
        pytest.param(
            LineFacts(D(1), D(1200), D(0), D(0), Billing.YEARLY, 18), "1800.00", "1200.00", id="a year and half"
        ),
        pytest.param(
            LineFacts(D(1), D(100), D(40), D(0), Billing.MONTHLY, 6), "360.00", "360.00", id="less than a year"
        ),
        pytest.param(LineFacts(D(1), D(100), D(40)), "60.00", "60.00", id="once"),
    ],
)
def test_gross_margin_b15_has_the_whole_contract_and_its_first_year(
    line: LineFacts, whole: str, first_year: str
) -> None:
    figure = gross_margin([line])
    assert (figure.value, figure.parts["first_year"].value) == (D(whole), D(first_year))


def test_gross_margin_b15_costs_of_the_deal_fall_into_its_first_year() -> None:
    line = LineFacts(D(1), D(1000), D(0), D(0), Billing.YEARLY, 24)
    figure = gross_margin([line], [CostFacts(CostKind.SERVICES, D(300))])
    assert (figure.value, figure.parts["first_year"].value) == (D("1700.00"), D("700.00"))
    assert figure.parts["first_year_share"].value == D("0.700000")


def test_income_b16_tells_what_comes_once_from_what_comes_each_month() -> None:
    lines = [LineFacts(D(1), D(5000), D(1000)), LineFacts(D(1), D(30000), D(6000), D(0), Billing.YEARLY, 24)]
    assert income(lines, [CostFacts(CostKind.SERVICES, D(500))]) == Income(D(3500), D(2000), D(2500))
