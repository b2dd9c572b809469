"""Whoever reads a score gets it right, whether or not a job came to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.commands.events import record_events
from scoring.commands.rules import edit_draft, publish_draft
from scoring.models import Lead, LeadScore
from scoring.queries.scores import SCORED, freshen_scores
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def leads_of(count: int) -> list[Lead]:
    leads = [LeadFactory() for _ in range(count)]
    record_events(events=[sent(lead, kind, THEN) for lead in leads for kind in (PRICING, DEMO)], by=None, at=THEN)
    LeadFactory()  # never scored
    return list(Lead.objects.select_related(SCORED).order_by("pk"))


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


def test_rules_just_published_are_read_by_before_a_job_has_stored_anything() -> None:
    leads_of(2)
    marketer, at = UserFactory(marketing=True), THEN + timedelta(hours=1)
    edit_draft(settings={}, rules={"demo_request": {"points": 40}}, by=marketer, at=at)
    publish_draft(reason="A demo says more", by=marketer, at=at)
    leads = list(Lead.objects.select_related(SCORED).order_by("pk"))
    with CaptureQueriesContext(connection) as queries:
        freshen_scores(leads, at=at)
    assert (len(queries), [lead.score.score for lead in leads[:-1]]) == (2, [50, 50])
    assert set(LeadScore.objects.values_list("score", "model__number")) == {(35, 1)}
