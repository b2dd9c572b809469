"""What win rate, cycle, reasons and sectors find in whole histories (B2, B3, B33)."""

from typing import Any

import pytest

from crm.lib.values import Money
from reports.queries.figures import compute
from tests.figures.asking import NOW, YEAR, D, figures
from tests.figures.histories import Firm

pytestmark = pytest.mark.django_db


def test_b1b_win_rate_voids_a_reopened_loss_and_shows_the_other_reading(eight: dict[str, int]) -> None:
    figure = figures("win-rate")[""]

    assert (figure.value, figure.numerator, figure.n) == (D("0.500000"), D(3), 6)
    assert figure.detail["every_closing"] == D("0.428571")  # 3 of 7


def test_a_reopening_after_the_grace_is_a_new_cycle(firm: Firm) -> None:
    lost = firm.deal("Väina", "2026-01-05").close("2026-02-01", "lost")
    again = lost.reopen("2026-04-01").move("2026-04-10", "25").close("2026-05-01", "won")

    figure = figures("win-rate")[""]

    assert again.pk != lost.pk
    assert (figure.value, figure.ids) == (D("0.500000"), [again.pk, lost.pk])


@pytest.mark.parametrize(("reached", "counts"), [("25", False), ("50", True)])
def test_declined_counts_as_not_won_only_from_50_on(firm: Firm, reached: str, counts: bool) -> None:
    declined = (
        firm.deal("Ouna", "2026-01-05")
        .move("2026-01-10", reached)
        .move("2026-01-12", "25" if reached == "50" else "first_meeting")
    )
    declined.close("2026-02-01", "declined")
    won = firm.deal("Palanga", "2026-01-05").close("2026-02-01", "won")

    figure = figures("win-rate")[""]

    assert figure.ids == [won.pk, *([declined.pk] if counts else [])]
    assert figure.excluded == ({} if counts else {"declined_before_50": [declined.pk]})


def test_the_cycle_runs_from_the_first_meeting_held(firm: Firm) -> None:
    for name, (met, won) in {
        "a": ("2026-01-10", "2026-01-30"),
        "b": ("2026-01-10", "2026-02-14"),
        "c": ("2026-01-10", "2026-03-31"),
    }.items():
        firm.deal(name, "2026-01-05", amount=20_000).meet(met).move("2026-01-12", "25").close(won, "won")
    without = firm.deal("d", "2026-01-05", amount=20_000).close("2026-02-01", "won")

    rows = figures("cycle")

    assert (rows[""].value, rows[""].n, rows[""].excluded) == (D("35.00"), 3, {"no_start": [without.pk]})
    assert rows[""].detail["created_to_won"] == D("33.50")
    assert rows["10k_30k/new_business"].detail["fallback"] == "all"


def test_the_size_band_comes_from_the_amount_at_entry_to_25(firm: Firm) -> None:
    story = firm.deal("grew", "2026-01-05", amount=5_000).meet("2026-01-06").move("2026-01-12", "25")
    story.edit("2026-02-01", amount=Money(D(200_000), "EUR")).close("2026-03-01", "won")

    assert set(figures("cycle")) == {"", "under_10k/new_business"}


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        pytest.param(Money(D(5000), "SEK"), "unknown", id="no rate"),
        (D("9999.99"), "under_10k"),
        (D(10000), "10k_30k"),
        (D(30000), "30k_100k"),
        (D(100000), "over_100k"),
    ],
)
def test_size_bands_begin_with_their_lower_bound(firm: Firm, amount: Any, band: str) -> None:
    firm.deal("sized", "2026-01-05", amount=amount).close("2026-03-01", "won")

    assert set(figures("cycle")) == {"", f"{band}/new_business"}


def test_reasons_and_sectors(firm: Firm) -> None:
    firm.deal("a", "2026-01-05", industry="Retail", amount=300).close(
        "2026-02-01", "lost", reason="price", competitor="Metrika"
    )
    firm.deal("b", "2026-01-05", industry="Retail", amount=200).close(
        "2026-02-01", "lost", reason="price", competitor="Metrika"
    )
    firm.deal("c", "2026-01-05", industry="Energy", amount=100).close("2026-02-01", "no_decision")
    firm.deal("d", "2026-01-05", industry="Energy", amount=900).close("2026-02-01", "won")

    reasons = [
        (row.group, row.figure.value, row.figure.detail["amount"], row.group_label)
        for row in compute("lost-reasons", user=None, at=NOW, period=YEAR)
    ]
    sectors = figures("won-by-sector")

    assert reasons[0][1:] == (D(2), D("500.00"), "Metrika") and reasons[0][0].startswith("lost/price/")
    assert reasons[1][:3] == ("no_decision/went_quiet", D(1), D("100.00"))
    assert [(sector, figure.value, figure.parts["win-rate"].value) for sector, figure in sectors.items()] == [
        ("Energy", D("900.00"), D("0.500000")),
        ("Retail", D("0.00"), D("0.000000")),
    ]
