"""B22: score calibration and threshold choice."""

from math import isclose

import pytest

from scoring.figures.calibration import (
    by_bands,
    fit_isotonic,
    fit_logistic,
    get_bands,
    pool,
    suggest_points,
)
from scoring.figures.ranking import auc, brier, get_best, get_row, off_by, reliability, skill, suggest_threshold

MIDDLES = {12: (40, 2), 37: (40, 6), 62: (30, 12), 87: (12, 9)}
MANY = {score: (n * 10, k * 10) for score, (n, k) in MIDDLES.items()}


def rate_of_band(score: float) -> float:
    n, k = MIDDLES[int(score)]
    return k / n


def test_bands_have_beta_means_and_wilson_intervals():
    bands = get_bands(MIDDLES)
    assert [band.mean for band in bands] == pytest.approx([0.0714, 0.1667, 0.4063, 0.7143], abs=6e-5)
    assert [(band.low, band.high) for band in bands] == [(0, 25), (25, 50), (50, 75), (75, None)]
    assert all(band.low_end < band.qualified / band.leads < band.high_end for band in bands)
    assert [band.forced for band in bands] == [band.mean for band in bands]  # they rise already


def test_bands_without_leads_say_nothing_is_known():
    assert [(band.leads, band.mean, band.low_end) for band in get_bands({-5: (3, 0)})] == [
        (3, 0.2, 0.0),
        (0, 0.5, None),
        (0, 0.5, None),
        (0, 0.5, None),
    ]


@pytest.mark.parametrize(
    ("threshold", "leads", "precision", "recall"),
    [(25, 82, 0.329, 0.931), (50, 42, 0.5, 0.724), (75, 12, 0.75, 0.31)],
)
def test_threshold_table(threshold, leads, precision, recall):
    row = get_row(MIDDLES, threshold, weeks=2, hours_a_lead=1.5)
    assert (row.leads, round(row.precision, 3), round(row.recall, 3)) == (leads, precision, recall)
    assert (row.a_week, row.hours_a_week) == (leads / 2, leads * 0.75)
    assert isclose(row.lift, row.precision / (29 / 122))


def test_lowest_threshold_that_fits_is_suggested():
    rows = [get_row(MIDDLES, each, weeks=1) for each in (25, 50, 75, 100)]
    assert suggest_threshold(rows, capacity=42, precision=None).threshold == 50  # just as many as can be taken
    assert suggest_threshold(rows, capacity=41, precision=None).threshold == 75
    assert suggest_threshold(rows, capacity=50, precision=0.6).threshold == 75
    assert suggest_threshold(rows, capacity=5, precision=None) is None  # none is not "100, with nobody"


def test_brier_reference_and_skill():
    assert round(brier(MIDDLES, rate_of_band), 4) == 0.1348
    assert round(brier(MIDDLES, lambda score: 29 / 122), 4) == 0.1812
    assert round(skill(MIDDLES, rate_of_band), 3) == 0.256
    assert brier({}, rate_of_band) is None
    assert skill({12: (4, 4)}, rate_of_band) is None


def test_what_was_said_is_held_against_what_came():
    said = reliability(MIDDLES, rate_of_band)
    found = [(each.low, each.leads, each.qualified, round(each.likely, 3), round(each.came, 3)) for each in said]
    assert found == [
        (0, 40, 2, 0.05, 0.05),
        (0.1, 40, 6, 0.15, 0.15),
        (0.25, 30, 12, 0.4, 0.4),
        (0.5, 12, 9, 0.75, 0.75),
    ]
    assert isclose(off_by(said), 0, abs_tol=1e-12)
    assert isclose(off_by(reliability(MIDDLES, lambda score: 1)), 1 - 29 / 122)  # those who are sure stand in the last
    assert off_by(reliability({}, rate_of_band)) is None


@pytest.mark.parametrize(
    ("leads", "precision", "recall"), [(12, 0.75, 9 / 29), (27, 15 / 27, 15 / 29), (999, 29 / 122, 1)]
)
def test_the_best_of_so_many(leads, precision, recall):
    row = get_best(MIDDLES, leads)
    assert isclose(row.precision, precision) and isclose(row.recall, recall)
    assert (get_best({}, leads).precision, get_best(MIDDLES, 0).lift) == (None, None)


def test_auc_counts_ties_half():
    assert auc({1: (1, 0), 2: (1, 1)}) == 1
    assert auc({1: (2, 1)}) == 0.5
    assert auc({1: (1, 1), 2: (1, 0)}) == 0
    assert auc({1: (3, 3)}) is None


def test_logistic_on_the_middles_of_bands():
    curve = fit_logistic(MANY)  # ten times the leads: the same curve, and enough of each
    assert (round(curve.a, 4), round(curve.b, 5)) == (-3.7011, 0.05387)
    assert [round(curve(score), 3) for score in MIDDLES] == [0.045, 0.153, 0.411, 0.728]
    assert (round(curve.even_at, 1), round(curve.doubles_in, 1)) == (68.7, 12.9)


def test_no_curve_of_too_little():
    assert fit_logistic(MIDDLES) is None  # 29 became qualified
    assert fit_logistic({10: (200, 100)}) is None  # one score
    assert fit_isotonic({10: (500, 50), 20: (500, 100)}) is None
    assert fit_isotonic({10: (500, 50), 20: (501, 100)}) is not None


def test_logistic_stays_finite_where_scores_tell_without_fail():
    curve = fit_logistic({10: (50, 0), 90: (50, 50)})
    assert 0 <= curve(10) < 0.01 < 0.99 < curve(90) <= 1


def test_neighbours_that_fall_are_pooled():
    assert pool([(2, 40), (8, 40), (5, 30), (9, 12)]) == [2 / 40, 13 / 70, 13 / 70, 9 / 12]
    likely = by_bands({10: (40, 2), 30: (40, 8), 60: (30, 5), 80: (12, 9)})
    assert likely(30) == likely(60) < likely(80)
    assert fit_isotonic({10: (600, 60), 20: (600, 30), 30: (600, 300)})(25) == 90 / 1200


def test_points_of_a_rule():
    found = suggest_points((60, 30), (140, 20), double_odds=10)
    assert (round(found.odds_ratio, 6), round(found.exact, 2), found.points) == (6.0, 25.85, 25)
    assert found.low < found.exact < found.high


def test_points_of_a_rule_with_an_empty_cell_or_too_little():
    found = suggest_points((30, 0), (100, 40), double_odds=10)
    assert found.is_corrected
    assert found.points < 0
    assert suggest_points((60, 3), (140, 2), double_odds=10) is None
    assert suggest_points((9, 9), (140, 40), double_odds=10) is None
    assert suggest_points((30, 30), (30, 30), double_odds=10) is None  # nobody failed: nothing tells them apart
