"""Sales cycle: medians, exceptions, censoring, competing risks (B3)."""

from decimal import Decimal

from crm.lib.envelope import Reason
from pipeline.figures.cycle import Course, Courses, cycle, cycle_cells
from pipeline.figures.survival import Spell, cumulative_incidence, median_time, survival_curve

D = Decimal


def won(pk: int, days: int | None, *, band: str = "10k_30k", deal_type: str = "new_business") -> Course:
    return Course(opportunity_id=pk, band=band, deal_type=deal_type, days={"fm_to_won": days})


def wins(*days: int | None) -> Courses:
    return Courses(tuple(won(pk, each) for pk, each in enumerate(days)))


def test_the_median_of_five_cycles() -> None:
    figure = cycle(wins(20, 35, 40, 55, 90))

    assert (figure.value, figure.unit, figure.n) == (D("40.00"), "days", 5)
    assert (figure.detail["p25"], figure.detail["p75"], figure.detail["mean"]) == (D("35.00"), D("55.00"), D("48.00"))


def test_an_even_count_takes_the_mean_of_the_two_middle_ones() -> None:
    assert cycle(wins(10, 20, 31, 90)).value == D("25.50")


def test_same_day_is_0_and_no_wins_is_no_value() -> None:
    assert cycle(wins(0)).value == D("0.00")
    assert cycle(Courses()).reason == Reason.NO_CLOSED_DEALS


def test_an_outlier_stays_in_the_median_and_is_listed() -> None:
    figure = cycle(wins(20, 22, 24, 26, 28, 300))

    assert (figure.value, figure.detail["outliers"]) == (D("25.00"), [5])


def test_deals_without_start_and_with_negative_durations_are_listed() -> None:
    figure = cycle(wins(10, None, -4))

    assert (figure.value, figure.excluded) == (D("10.00"), {"no_start": [1], "negative_duration": [2]})


def test_wins_that_all_lack_a_start_say_so() -> None:
    assert cycle(wins(None)).reason == Reason.NO_START


def test_a_thin_cell_falls_back_to_its_size_and_then_to_all_and_says_so() -> None:
    small = [won(pk, 10 + pk, band="under_10k") for pk in range(5)]
    large = [won(10, 80, band="over_100k"), won(11, 90, band="over_100k", deal_type="renewal")]
    mixed = [won(20 + pk, 30, band="10k_30k", deal_type=("new_business", "renewal")[pk % 2]) for pk in range(6)]

    cells = cycle_cells(Courses((*small, *large, *mixed)))

    assert {cell: (figure.detail["fallback"], figure.n) for cell, figure in cells.items()} == {
        ("10k_30k", "new_business"): ("size", 6),
        ("10k_30k", "renewal"): ("size", 6),
        ("over_100k", "new_business"): ("all", 13),
        ("over_100k", "renewal"): ("all", 13),
        ("under_10k", "new_business"): (None, 5),
    }


def test_kaplan_meier_matches_the_documented_example() -> None:
    times, events = [3, 5, 6, 7, 8, 10, 12, 12], [1, 0, 1, 1, 0, 1, 1, 0]
    spells = [Spell(days, "closed" if event else "") for days, event in zip(times, events, strict=True)]

    curve = {days: round(float(share), 4) for days, share in survival_curve(spells)}

    assert curve == {3: 0.875, 6: 0.7292, 7: 0.5833, 10: 0.3889, 12: 0.1944}
    assert median_time(spells) == 10


def test_a_median_that_was_never_reached_is_null_beside_the_longest_observed() -> None:
    spells = [Spell(5, "won"), Spell(40), Spell(50), Spell(60)]
    courses = Courses(spells=tuple(spells))

    assert median_time(spells) is None
    assert (cycle(courses).detail["median_to_close"], cycle(courses).detail["longest_observed"]) == (None, 60)


def test_spells_alike_are_counted_together() -> None:
    apart = [Spell(5, "won"), Spell(5, "won"), Spell(8, "lost"), Spell(9), Spell(9)]
    together = [Spell(5, "won", 2), Spell(8, "lost"), Spell(9, count=2)]

    assert survival_curve(together) == survival_curve(apart)
    assert cumulative_incidence(together, "won") == cumulative_incidence(apart, "won")
    assert cycle(Courses(spells=tuple(together))).detail == cycle(Courses(spells=tuple(apart))).detail


def test_winning_competes_with_losing() -> None:
    ends = {10: "won", 20: "lost", 30: "won", 40: "", 50: "won", 60: "lost", 70: "", 80: "won"}
    spells = [Spell(days, end) for days, end in ends.items()]

    wins, losses = dict(cumulative_incidence(spells, "won")), dict(cumulative_incidence(spells, "lost"))

    def close(value: Decimal, expected: Decimal) -> bool:
        return abs(value - expected) < D("1e-20")

    assert close(wins[30], D(1) / 4) and close(wins[50], D(13) / 32) and close(wins[80], D(23) / 32)
    assert close(losses[80], D(9) / 32) and close(wins[80] + losses[80], D(1))
