"""Who publishes may have a clock an hour fast or slow: what is in force, and who is handed over, is the same (S-6)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm.models import User
from scoring.commands.challenges import end_challenge
from scoring.commands.events import record_events
from scoring.commands.rules import edit_draft, publish_draft
from scoring.enums import ChallengeEnd, CrossingState
from scoring.models import Crossing, LeadScore, ScoringModel
from scoring.queries.scores import get_score
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING
from tests.scoring.test_challenges import start

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def publish(by: User, at: datetime, threshold: int) -> ScoringModel:
    draft = edit_draft(settings={"threshold": threshold}, rules={}, by=by, at=at)
    return publish_draft(reason="Sales asked", by=by, at=at, seen_version=draft.version)


def replace(by: User, at: datetime, threshold: int) -> ScoringModel:
    challenge = start(by, at=at, threshold=threshold)
    end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.REPLACED, reason="Better", by=by, at=at)
    return ScoringModel.objects.get(state="published")


@pytest.mark.parametrize("put_in_force", [publish, replace])
def test_published_by_a_clock_an_hour_fast_it_is_in_force_at_once_and_makes_nobody_wait(put_in_force) -> None:
    marketer, lead, now = UserFactory(marketing=True), LeadFactory(), timezone.now()
    UserFactory(rep=True)
    record_events(events=[sent(lead, kind, now - HOUR) for kind in (PAPER, PRICING)], by=None, at=now - HOUR)
    put_in_force(marketer, now + HOUR, 45)
    then = timezone.now()
    record_events(events=[sent(lead, DEMO, then)], by=None, at=then)
    assert (get_score(lead.pk, as_of=then)[1].model.number, LeadScore.objects.get().model.number) == (2, 2)
    assert [crossing.state for crossing in Crossing.objects.all()] == [CrossingState.HANDED_OVER]


def test_published_after_it_by_a_slower_clock_a_version_takes_the_place_of_the_one_before() -> None:
    marketer, lead, now = UserFactory(marketing=True), LeadFactory(), timezone.now()
    first = publish(marketer, now, 45)
    second = publish(marketer, now - HOUR, 40)
    first.refresh_from_db()
    assert first.published_at < second.published_at == first.retired_at
    assert get_score(lead.pk, as_of=now + HOUR)[1].model.number == 3
