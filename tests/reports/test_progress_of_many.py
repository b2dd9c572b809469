"""The progress of many deals, counted in PostgreSQL, is that of each by the plain figure (B31)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.enums import CHAMPION, EXECUTIVE, MILESTONES, Element, Level
from pipeline.facts import AssessmentFacts
from pipeline.figures.progress import progress
from reports.queries.figures import compute
from tests.factories.crm import UserFactory
from tests.factories.pipeline import AssessmentFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FRESH, STALE = date(2026, 3, 1), date(2026, 1, 5)
Told = dict[Element, tuple[int | None, date]]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({}, id="nothing"),
        pytest.param(dict.fromkeys(MILESTONES, (3, FRESH)), id="milestones"),
        pytest.param(dict.fromkeys(MILESTONES, (3, STALE)), id="stale milestones"),
        pytest.param({CHAMPION[0]: (2, FRESH), CHAMPION[1]: (None, FRESH)}, id="one of two questions that apply"),
        pytest.param(dict.fromkeys(EXECUTIVE, (None, FRESH)), id="an element that does not apply"),
        pytest.param({Element.BUDGET: (3, FRESH)}, id="what is no part of progress"),
    ],
)
def test_progress_of_the_open_deals_is_that_of_each(told: Told) -> None:
    deal: Any = OpportunityFactory(owner=UserFactory(rep=True))
    for element, (level, said_on) in told.items():
        AssessmentFactory(
            opportunity=deal, element=element, level=level or 0, said_on=said_on, applies=level is not None
        )
    known = {
        element: AssessmentFacts(element, Level(level or 0), said_on, NOW, applies=level is not None)
        for element, (level, said_on) in told.items()
    }

    (row,) = compute("progress", user=UserFactory(admin=True), at=NOW)

    assert row.figure.value == progress(known, today=NOW.date()).value
