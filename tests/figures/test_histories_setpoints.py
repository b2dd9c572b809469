"""What conversion, stock and flow find in whole histories (B1, B33)."""

from datetime import datetime
from typing import Any

import pytest

from pipeline.models import Opportunity
from tests.factories.pipeline import assess_all
from tests.figures.asking import D, figures
from tests.figures.histories import TALLINN, Firm

pytestmark = pytest.mark.django_db


def test_b1b_conversion_folds_the_eight_histories(eight: dict[str, int]) -> None:
    steps = figures("conversion")

    def row(code: str) -> tuple[Any, ...]:
        figure = steps[code]
        counts = [figure.detail[name] for name in ("entered", "progressed", "lost", "open")]
        return (*counts, None if figure.value is None else figure.value.quantize(D("0.001")))

    assert {code: row(code) for code in steps} == {
        "first_meeting": (7, 6, 1, 0, D("0.857")),
        "25": (7, 5, 1, 1, D("0.833")),
        "50": (5, 3, 1, 1, D("0.750")),
        "90": (3, 3, 0, 0, D("1.000")),
    }
    assert steps["25"].detail["imputed"] == 1  # B skipped it
    assert steps["90"].detail["imputed"] == 1  # and 90%, by the win


def test_b1b_stock_now(eight: dict[str, int]) -> None:
    standing = figures("pipeline-by-setpoint")

    assert {code: figure.ids for code, figure in standing.items() if figure.n} == {
        "25": [eight["e"]],
        "50": [eight["h"]],
    }


def test_flows_count_moves_forward_back_and_ends(eight: dict[str, int]) -> None:
    names = ("entered", "left_forward", "left_back", "won", "lost")
    flows = {code: [figure.detail[name] for name in names] for code, figure in figures("pipeline-by-setpoint").items()}

    assert flows == {
        "first_meeting": [7, 6, 0, 0, 1],
        "25": [7, 4, 0, 0, 2],  # D came back and was lost there; B never stood there
        "50": [5, 2, 1, 1, 0],
        "90": [2, 0, 0, 2, 0],
    }


def test_an_undone_move_leaves_no_trace(firm: Firm) -> None:
    story = firm.deal("Gedris", "2026-01-05").move("2026-01-10", "25").close("2026-02-01", "lost")
    other = firm.deal("Rannu", "2026-01-05")
    assess_all(other.row)
    other.move("2026-01-10", "50", by=firm.liis)
    other.undo(datetime(2026, 1, 10, 12, 5, tzinfo=TALLINN), by=firm.liis)

    steps = figures("conversion")

    assert (steps["25"].ids, steps["50"].detail["entered"]) == ([story.pk], 0)
    assert figures("pipeline-by-setpoint")["first_meeting"].ids == [other.pk]
    assert figures("pipeline-by-setpoint")["first_meeting"].detail["left_forward"] == 1


def test_the_cohort_is_who_entered_in_the_window(firm: Firm) -> None:
    early = firm.deal("early", "2025-12-01").move("2025-12-10", "25").move("2026-01-10", "50")
    late = firm.deal("late", "2026-01-05").move("2026-01-10", "25")

    steps = figures("conversion")

    assert (steps["25"].ids, steps["50"].ids) == ([late.pk], [early.pk])


def test_an_archived_deal_leaves_the_cohort_and_is_listed(firm: Firm) -> None:
    story = firm.deal("copy", "2026-01-05").move("2026-01-10", "25").archive("2026-02-01")

    step = figures("conversion")["25"]

    assert (step.ids, step.excluded) == ([], {"archived": [story.pk]})


def test_backfilled_deals_are_in_the_win_rate_and_not_in_conversion(firm: Firm) -> None:
    story = firm.deal("old", "2026-01-05").move("2026-01-10", "25").close("2026-02-01", "won")
    Opportunity.objects.filter(pk=story.pk).update(backfilled=True)

    assert figures("win-rate")[""].ids == [story.pk]
    assert (figures("conversion")["25"].ids, figures("conversion")["25"].excluded) == ([], {"backfilled": [story.pk]})
    assert figures("pipeline-by-setpoint")["25"].detail["entered"] == 0
