"""Won value, average deal, open and weighted value, attainment, reasons and sectors (B6, B25, B26, D-50)."""

from decimal import Decimal

import pytest

from crm.lib.envelope import Reason
from pipeline.enums import EffortKind
from pipeline.figures.acquisition import EffortFacts
from pipeline.figures.attainment import MonthShare, attainment, elapsed_share
from pipeline.figures.average_deal import average_deal
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.lost_reasons import hour_brings, lost_reason
from pipeline.figures.open_value import open_value
from pipeline.figures.pipeline_by_setpoint import SetpointFacts, pipeline_by_setpoint
from pipeline.figures.weighted import BadWeight, Weighed, weighted
from pipeline.figures.win_rate import ClosedFacts
from pipeline.figures.won_by_sector import won_by_sector
from pipeline.figures.won_value import won_value
from scoring.figures.leads import LeadFacts, leads

D = Decimal


def bucket(*amounts: int, no_rate: tuple[int, ...] = (), no_amount: tuple[int, ...] = ()) -> Bucket:
    values = [D(amount) for amount in amounts]
    return Bucket(
        count=len(values) + len(no_rate) + len(no_amount), amount=sum(values, D(0)), at_plan=sum(values, D(0)),
        squares=sum((value * value for value in values), D(0)), largest=max(values, default=D(0)),
        ids=(*range(1, len(values) + 1), *no_rate, *no_amount), no_rate=no_rate, no_amount=no_amount,
    )  # fmt: skip


def weighed(percent: int, *amounts: int) -> Weighed:
    return Weighed(D(percent) / 100, bucket(*amounts))


def test_weighted_is_nominal_with_its_spread() -> None:
    figure = weighted([weighed(25, 30), weighed(50, 50), weighed(90, 20)], overdue=Bucket())

    assert (figure.value, figure.detail["variance"]) == (D("50.50"), D("829.75"))
    assert figure.detail["spread"] == D("28.81")


def test_weighted_names_concentration() -> None:
    figure = weighted([weighed(50, 500, 30, 30, 30, 30)], overdue=Bucket())

    assert figure.detail["top_deal_share"].quantize(D("0.001")) == D("0.806")
    assert figure.detail["effective_deals"].quantize(D("0.01")) == D("1.52")
    assert figure.detail["few_big_deals"] is True


def test_weighted_lists_what_it_leaves_out() -> None:
    cell = Weighed(D("0.5"), bucket(100, no_rate=(8,), no_amount=(9,)))

    figure = weighted([cell], overdue=Bucket(count=1, amount=D(70), ids=(7,)))

    assert (figure.value, figure.excluded) == (
        D("50.00"),
        {"no_rate": [8], "no_amount": [9], "overdue_close_date": [7]},
    )


def test_weighted_refuses_a_weight_outside_0_to_1() -> None:
    with pytest.raises(BadWeight):
        weighted([weighed(120, 30)], overdue=Bucket())


def test_booking_rates_show_their_effect() -> None:
    figure = won_value(Bucket(count=1, amount=D("47500"), at_plan=D("46000"), ids=(1,)))

    assert (figure.value, figure.detail) == (D("47500.00"), {"at_plan": D("46000.00"), "fx_effect": D("1500.00")})


def test_nothing_won_is_0_and_no_average() -> None:
    assert won_value(Bucket()).value == D(0)
    assert (average_deal(Bucket()).value, average_deal(Bucket()).reason) == (None, Reason.NO_CLOSED_DEALS)


def test_the_average_reconciles_with_the_total_and_stands_beside_the_median() -> None:
    won = Bucket(count=4, amount=D(100), middle=D("12.5"), ids=(1, 2, 3, 4), no_rate=(4,))

    figure = average_deal(won)

    assert (figure.value, figure.n, figure.detail, figure.excluded) == (
        D("33.33"),
        3,
        {"median": D("12.50")},
        {"no_rate": [4]},
    )


def test_open_value_has_the_qualified_part_beside_it() -> None:
    figure = open_value(bucket(50, 20), bucket(30))

    assert (figure.value, figure.n) == (D("100.00"), 3)
    assert figure.detail == {
        "qualified": D("70.00"), "qualified_count": 2, "first_meeting": D("30.00"), "first_meeting_count": 1
    }  # fmt: skip


def test_a_setpoint_shows_stock_and_flow() -> None:
    figure = pipeline_by_setpoint(
        SetpointFacts(D("0.25"), bucket(40, 60), entered=9, left_forward=3, left_back=1, won=1, lost=4)
    )

    assert (figure.value, figure.detail["amount"], figure.detail["weighted"]) == (D(2), D("100.00"), D("25.00"))
    assert figure.detail["flow"] == D("0.500000")


def test_attainment_and_pace_after_two_months() -> None:
    months = [MonthShare(D(30), D(1)), MonthShare(D(30), D(1)), MonthShare(D(40), D(0))]

    figure = attainment(bucket(150_000), target=D(300_000), elapsed=elapsed_share(months))

    assert (figure.value, figure.detail["pace"], figure.detail["run_rate"]) == (
        D("0.500000"),
        D("0.833333"),
        D("250000.00"),
    )
    assert figure.detail["early"] is False


@pytest.mark.parametrize("target", [None, D(0)], ids=["none", "zero"])
def test_attainment_without_a_target_is_null(target: Decimal | None) -> None:
    figure = attainment(bucket(10), target=target, elapsed=D("0.1"))

    assert (figure.value, figure.reason, figure.detail["early"]) == (None, Reason.NO_TARGET, True)


def test_a_lost_reason_has_its_share_of_all_that_was_not_won() -> None:
    figure = lost_reason(bucket(10, 20, 30), of=12)

    assert (figure.value, figure.detail) == (
        D(3),
        {"amount": D("60.00"), "share": D("0.250000"), "hours": D("0.0"), "cost": None, "elsewhere": None},
    )


def test_a_lost_reason_says_what_pursuing_those_deals_cost_and_what_the_hours_brought_elsewhere() -> None:
    spent = [EffortFacts(EffortKind.DEMO, 90, D(80)), EffortFacts(EffortKind.PROPOSAL, 30, D(60))]
    won = hour_brings(bucket(900, 100), [EffortFacts(EffortKind.DEMO, 600, D(80))])
    detail = lost_reason(bucket(10, 20), of=2, efforts=spent, hour_brings=won).detail

    assert (detail["hours"], detail["cost"], detail["elsewhere"]) == (D("2.0"), D("150.00"), D("200.00"))
    without_rate = lost_reason(bucket(10), of=1, efforts=[EffortFacts(EffortKind.DEMO, 60)]).detail
    assert (without_rate["hours"], without_rate["cost"], without_rate["elsewhere"]) == (D("1.0"), None, None)
    assert hour_brings(bucket(900), []) is None


def test_a_sector_has_value_and_win_rate() -> None:
    figure = won_by_sector(ClosedFacts(won=bucket(10, 20), lost=bucket(5, 5)))

    assert (figure.value, figure.detail["won"], figure.parts["win-rate"].value) == (D("30.00"), 2, D("0.500000"))


def test_leads_count_the_period_and_how_far_they_came() -> None:
    figure = leads(LeadFacts(ids=(1, 2, 3, 4), handed_over=2, accepted=1, qualified=1, converted=0))

    assert (figure.value, figure.detail["accepted_share"]) == (D(4), D("0.500000"))
    found = leads(LeadFacts(ids=(1, 2), converted=1, converted_ids=(2,), outbound_ids=(2,)))
    assert found.cells == {"converted": [2], "inbound": [1], "outbound": [2]}


def test_buckets_add_up() -> None:
    parts = [bucket(10, 20), bucket(30, no_rate=(9,))]

    whole = total(parts)

    assert (whole.count, whole.amount, whole.squares, whole.largest, whole.no_rate) == (4, D(60), D(1400), D(30), (9,))
