"""Progress against activity on our own closed deals (B31, EE-083): AUC with ties, a seeded interval, who is left out."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from crm.lib.envelope import Reason
from pipeline.commands.qualification import assess_element
from pipeline.enums import MILESTONES
from pipeline.figures.progress_proof import Entered, auc, progress_proof
from tests.figures.asking import figures
from tests.figures.histories import Firm, noon

D = Decimal
FAR, NEAR = D("57.14"), D("14.29")


@pytest.mark.parametrize(
    ("won", "others", "value"),
    [
        pytest.param({D(9): 3}, {D(1): 4}, "1", id="every won deal was further"),
        pytest.param({D(1): 3}, {D(9): 4}, "0", id="none was"),
        pytest.param({D(5): 3}, {D(5): 4}, "0.5", id="ties are halves"),
        pytest.param({D(1): 1, D(5): 1, D(9): 2}, {D(1): 1, D(5): 3}, "0.6875", id="counted by hand"),
        pytest.param({}, {D(5): 3}, None, id="nothing was won"),
    ],
)
def test_progress_proof_b31_auc(won: Mapping[Decimal, int], others: Mapping[Decimal, int], value: str | None) -> None:
    assert auc(won, others) == (None if value is None else D(value))


def test_progress_proof_b31_sets_progress_beside_activity_with_the_same_interval_every_time() -> None:
    entered = [
        Entered(True, FAR, 4, tuple(range(1, 31))),
        Entered(True, NEAR, 9, tuple(range(31, 41))),
        Entered(False, NEAR, 9, tuple(range(41, 71))),
        Entered(False, FAR, 4, tuple(range(71, 81))),
        Entered(False, None, 2, (99,)),
    ]
    figure = progress_proof(entered)
    activity, ahead = figure.parts["activity"], figure.parts["ahead"]

    assert (figure.value, activity.value, ahead.value) == (D("0.750000"), D("0.250000"), D("0.500000"))
    assert (figure.n, figure.detail, figure.excluded) == (80, {"won": 40, "not_won": 40}, {"nothing_said": [99]})
    assert figure.interval
    assert D("0.5") < figure.interval.low < D("0.75") < figure.interval.high < 1
    assert ahead.interval
    assert ahead.interval.low > 0
    assert progress_proof(list(reversed(entered))) == figure


@pytest.mark.parametrize("entered", [[], [Entered(True, FAR, 1, (1,))], [Entered(False, None, 1, (1,))]])
def test_progress_proof_b31_of_one_side_alone_is_nothing(entered: list[Entered]) -> None:
    assert progress_proof(entered).reason == Reason.NOT_ENOUGH_HISTORY


@pytest.mark.django_db
def test_what_counts_is_what_was_known_when_the_deal_entered_50(firm: Firm) -> None:
    def closed(name: str, outcome: str, *said: tuple[str, str]) -> int:
        story = firm.deal(name, "2026-01-05").meet("2026-01-06")
        for (heard, said_on), milestone in zip(said, MILESTONES, strict=False):
            assess_element(
                opportunity_id=story.pk, element=milestone, level=3, said_on=noon(said_on).date(), note="In writing",
                by=None, at=noon(heard),
            )  # fmt: skip
        story.move("2026-04-01", "50").close("2026-05-01", outcome)
        return story.pk

    won = closed("told in time", "won", ("2026-03-20", "2026-03-20"))
    stale = closed("told long ago", "lost", ("2026-02-01", "2026-02-01"))
    late = closed("told too late", "lost", ("2026-04-02", "2026-04-02"))
    firm.deal("never at 50%", "2026-01-05").close("2026-05-01", "lost")

    figure = figures("progress-proof")[""]

    assert (figure.value, figure.parts["activity"].value) == (D("1.000000"), D("0.500000"))
    assert (figure.ids, figure.excluded) == ([won, stale], {"nothing_said": [late]})
