"""A rescore shared out among workers does what one alone would, whoever is killed or comes twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from crm.models import Job
from crm.tasks import run_job
from scoring import tasks  # noqa: F401  (registers the jobs)
from scoring.commands import parts
from scoring.commands.events import record_events
from scoring.commands.rules import edit_draft, publish_draft
from scoring.commands.scores import refresh_all_scores
from scoring.models import LeadScore
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def seven_leads_in_parts_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 3)
    leads = [LeadFactory() for _ in range(7)]
    record_events(events=[sent(lead, DEMO, THEN) for lead in leads], by=None, at=THEN)
    Job.objects.all().delete()


def run_all() -> list[bool]:
    return [
        run_job(job_id=job.pk, at=timezone.now()) for job in Job.objects.filter(task__contains="_part").order_by("-pk")
    ]


def test_every_lead_is_in_one_part_and_each_part_is_done_once() -> None:
    LeadScore.objects.update(score=-1)
    assert [parts.share_out_all(cause="model:1", at=THEN) for _ in range(2)] == [3, 3]
    assert Job.objects.count() == 3
    assert run_all() == [True] * 3
    assert run_all() == [False] * 3
    assert LeadScore.objects.filter(score=-1).count() == 0
    assert refresh_all_scores(at=timezone.now()).changed == 0


def test_what_is_due_is_shared_out_and_nothing_else_is_touched() -> None:
    month = THEN + timedelta(days=31)
    untouched = LeadScore.objects.order_by("pk")[1]
    LeadScore.objects.filter(pk=untouched.pk).update(next_change_at=timezone.now() + timedelta(days=9), score=-1)
    assert parts.share_out_due(cause="2026-04-06T10:00Z", at=month) == 2
    assert run_all() == [True] * 2
    assert (LeadScore.objects.get(score=-1).pk, LeadScore.objects.filter(score=25).count()) == (untouched.pk, 0)


def test_scores_of_rules_that_are_gone_are_due_whoever_came_too_late_to_be_in_a_part() -> None:
    by = UserFactory(marketing=True)
    edit_draft(settings={"threshold": 60}, rules={}, by=by, at=THEN)
    publish_draft(reason="Fewer, but better", by=by, at=THEN)
    assert parts.share_out_due(cause="2026-03-06T12:00Z", at=THEN) == 3
    assert run_all() == [True] * 3
    assert set(LeadScore.objects.values_list("model__number", flat=True)) == {2}
    assert parts.share_out_due(cause="2026-03-06T12:05Z", at=THEN) == 0


def test_one_part_of_due_scores_needs_no_job() -> None:
    LeadScore.objects.exclude(pk=LeadScore.objects.earliest("pk").pk).update(next_change_at=None)
    assert parts.share_out_due(cause="2026-04-06T10:00Z", at=THEN + timedelta(days=31)) == 0
    assert sorted(LeadScore.objects.values_list("score", flat=True)) == [15] + [25] * 6
    assert not Job.objects.filter(task__contains="_part").exists()
