"""Who publishes may have a clock an hour fast or slow: what is in force, and who is handed over, is the same (S-6)."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm.models import User
from scoring.commands.challenges import end_challenge
from scoring.commands.events import record_events
from scoring.commands.rules import edit_draft, publish_draft
from scoring.commands.scores import refresh_scores
from scoring.enums import ChallengeEnd, CrossingState
from scoring.models import ChallengeLead, Crossing, ScoringModel
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


@pytest.mark.parametrize("off", [-HOUR, HOUR], ids=["slow", "fast"])
@pytest.mark.parametrize("put_in_force", [publish, replace])
def test_by_a_clock_an_hour_off_rules_are_in_force_at_once_and_only_whom_they_bring_over_waits(
    put_in_force, off
) -> None:
    marketer, now = UserFactory(marketing=True), timezone.now()
    UserFactory(rep=True)
    before, after = LeadFactory(), LeadFactory()
    told = [(before, PRICING), (before, DEMO), (after, PAPER), (after, PRICING)]  # 35 and 25 points
    earlier = now - HOUR / 2
    record_events(events=[sent(lead, kind, earlier) for lead, kind in told], by=None, at=earlier)
    put_in_force(marketer, now + off, 30)
    then = timezone.now()
    record_events(events=[sent(after, DEMO, then)], by=None, at=then)
    refresh_scores(lead_ids=[before.pk], at=then)
    assert get_score(before.pk, as_of=then)[1].model.number == get_score(after.pk, as_of=then)[1].model.number == 2
    assert get_score(before.pk, as_of=earlier)[1].model.number == 1
    assert dict(Crossing.objects.values_list("lead_id", "state")) == {
        before.pk: CrossingState.WAITING,
        after.pk: CrossingState.HANDED_OVER,
    }


def test_published_after_it_by_a_slower_clock_a_version_takes_the_place_of_the_one_before() -> None:
    marketer, lead, now = UserFactory(marketing=True), LeadFactory(), timezone.now()
    first = publish(marketer, now, 45)
    second = publish(marketer, now - HOUR, 40)
    first.refresh_from_db()
    assert first.published_at < second.published_at == first.retired_at
    assert get_score(lead.pk, as_of=now + HOUR)[1].model.number == 3


@pytest.mark.parametrize("off", [-HOUR, HOUR], ids=["slow", "fast"])
def test_by_a_clock_an_hour_off_a_challenge_draws_who_comes_and_scores_nobody_once_it_ended(off) -> None:
    marketer, before = UserFactory(marketing=True), timezone.now()
    there = LeadFactory(created_at=before, recorded_at=before)
    challenge = start(marketer, at=before + off, percent=99)
    come = timezone.now()
    leads = LeadFactory.create_batch(5, created_at=come, recorded_at=come)
    record_events(events=[sent(lead, DEMO, come) for lead in (there, *leads)], by=None, at=come)
    drawn = dict(ChallengeLead.objects.values_list("lead_id", "is_challenger"))
    assert set(drawn) == {lead.pk for lead in leads}
    tried = next(pk for pk, is_challenger in drawn.items() if is_challenger)
    during = timezone.now()
    end_challenge(
        challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason="No better", by=marketer, at=timezone.now() + off
    )
    assert get_score(tried, as_of=timezone.now())[1].model.number == 1
    assert get_score(tried, as_of=during)[1].model.number == 2
