"""What amounts come to in whole histories: rates, currencies, weights (B0, B6, B33)."""

from datetime import date

import pytest

from crm.lib.periods import end_of_day
from crm.lib.values import Money
from tests.figures.asking import D, figures, value
from tests.figures.histories import TALLINN, Firm

pytestmark = pytest.mark.django_db


def test_money_is_valued_at_booking_rates_and_the_effect_shown(firm: Firm) -> None:
    firm.rate("plan", "USD", "0.92", "2026-01-01")
    firm.rate("booking", "USD", "0.90", "2026-01-01")
    firm.rate("booking", "USD", "0.95", "2026-02-01")
    firm.deal("Karjala", "2026-01-05", amount=Money(D(50_000), "USD")).close("2026-02-10", "won")

    figure = figures("won-value")[""]

    assert (figure.value, figure.detail) == (D("47500.00"), {"at_plan": D("46000.00"), "fx_effect": D("1500.00")})


def test_a_deal_without_a_rate_counts_and_is_listed(firm: Firm) -> None:
    story = firm.deal("Kaunas", "2026-01-05", amount=Money(D(500), "SEK")).move("2026-01-10", "25")
    firm.deal("Riga", "2026-01-05", amount=100).move("2026-01-10", "25")
    firm.deal("Pärnu", "2026-01-05", amount=None)

    figure = figures("open-value")[""]

    assert (figure.value, figure.n, figure.detail["qualified"]) == (D("100.00"), 3, D("100.00"))
    assert figure.excluded["no_rate"] == [story.pk]


def test_a_change_of_currency_is_valued_as_it_stands(firm: Firm) -> None:
    firm.rate("plan", "USD", "0.5", "2026-01-01")
    story = firm.deal("Tartu", "2026-01-05", amount=1000)
    story.edit("2026-02-01", amount=Money(D(1000), "USD"))

    assert value("open-value") == D("500.00")
    assert value("open-value", as_of=end_of_day(date(2026, 1, 31), TALLINN)) == D("1000.00")


def test_a_zero_win_counts_and_has_no_value(firm: Firm) -> None:
    firm.deal("Zero", "2026-01-05", amount=0).close("2026-02-01", "won")

    assert (value("won-value"), figures("win-rate")[""].n, value("average-deal")) == (D("0.00"), 1, D("0.00"))


def test_the_median_of_won_amounts_is_exact(firm: Firm) -> None:
    for name, amount in (("a", 100), ("b", 200), ("c", 450), ("d", 1000)):
        firm.deal(name, "2026-01-05", amount=amount).close("2026-02-01", "won")

    assert figures("average-deal")[""].detail["median"] == D("325.00")


def test_weighted_takes_qualified_deals_that_close_in_the_period(firm: Firm) -> None:
    def open_deal(name: str, at: str, amount: int, closes: date) -> int:
        return firm.deal(name, "2026-01-05", at=at, amount=amount, expected_close_on=closes).pk

    counted = [
        open_deal("a", "25", 30_000, date(2026, 12, 1)),
        open_deal("b", "50", 50_000, date(2026, 12, 1)),
        open_deal("c", "90", 20_000, date(2026, 12, 1)),
    ]
    open_deal("first meeting", "first_meeting", 99_000, date(2026, 12, 1))
    open_deal("next year", "50", 77_000, date(2027, 1, 5))
    overdue = open_deal("overdue", "50", 66_000, date(2026, 11, 20))

    figure = figures("weighted")[""]

    assert (figure.value, figure.ids) == (D("50500.00"), counted)
    assert figure.excluded == {"overdue_close_date": [overdue]}
