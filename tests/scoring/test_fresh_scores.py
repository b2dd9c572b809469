"""Whoever reads a score gets it right, whether or not a job came to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.commands.events import record_events
from scoring.models import Lead, LeadScore
from scoring.queries.scores import freshen_scores
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def leads_of(count: int) -> list[Lead]:
    leads = [LeadFactory() for _ in range(count)]
    record_events(events=[sent(lead, kind, THEN) for lead in leads for kind in (PRICING, DEMO)], by=None, at=THEN)
    LeadFactory()  # never scored
    return list(Lead.objects.select_related("score").order_by("pk"))


@pytest.mark.parametrize("count", [1, 5])
def test_what_is_due_is_replayed_in_two_queries_and_nothing_is_stored(count: int) -> None:
    leads = leads_of(count)
    with CaptureQueriesContext(connection) as none:
        freshen_scores(leads, at=THEN + timedelta(days=29))
    with CaptureQueriesContext(connection) as queries:
        freshen_scores(leads, at=THEN + timedelta(days=61))
    assert (len(none), len(queries)) == (0, 2)
    assert [lead.score.score for lead in leads[:-1]] == [15] * count
    assert LeadScore.objects.filter(score=35).count() == count
