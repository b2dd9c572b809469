"""Two at once on a real database: nothing is counted twice, handed over twice or lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections, transaction

from crm.lib.errors import CommandRefused
from scoring.commands.challenges import end_challenge
from scoring.commands.conversion import convert_lead
from scoring.commands.erasure import erase_leads
from scoring.commands.events import record_events
from scoring.commands.handoffs import HandoffRefused, accept_lead, reject_lead, release_crossings
from scoring.commands.newcomers import make_visitors
from scoring.commands.notices import tell_of_deadlines
from scoring.commands.scores import refresh_due_scores, refresh_scores
from scoring.commands.submissions import confirm_submission, submit_form
from scoring.enums import ChallengeEnd
from scoring.models import (
    Conversion,
    Crossing,
    FormSubmission,
    Handoff,
    HandoffNotice,
    Lead,
    LeadEvent,
    LeadScore,
)
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR
from tests.scoring.test_challenges import start
from tests.scoring.test_handoffs import LATER, NOW, hot_lead
from tests.scoring.test_web_forms import make_form
from tests.testing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_batch_from_four_senders_counts_once() -> None:
    UserFactory(rep=True)
    lead = LeadFactory()
    events = [
        sent(lead, kind, NOW - timedelta(days=days))
        for kind, days in ((PRICING, 9), (PAPER, 5), (WEBINAR, 2), (DEMO, 0))
    ]
    orders = (events, events[::-1], events[2:] + events[:2], events)
    answers = at_once(*(lambda batch=batch: record_events(events=batch, by=None, at=NOW) for batch in orders))
    accepted = [answer for batch in answers for answer in batch if answer.status == "accepted"]
    assert (len(accepted), LeadEvent.objects.count(), LeadScore.objects.get().score) == (4, 4, 70)
    assert (Crossing.objects.count(), Handoff.objects.count()) == (1, 1)


def test_different_events_of_one_lead_are_all_counted_and_handed_over_once() -> None:
    UserFactory(rep=True)
    lead = LeadFactory()
    kinds = (PRICING, PAPER, WEBINAR, DEMO)
    at_once(*(lambda kind=kind: record_events(events=[sent(lead, kind, NOW)], by=None, at=NOW) for kind in kinds))
    assert (LeadScore.objects.get().score, Handoff.objects.count()) == (70, 1)


def test_an_unknown_email_from_three_senders_is_one_lead() -> None:
    calls = [
        lambda n=n: record_events(events=[sent(None, PRICING, NOW, f"k{n}", email="new@example.com")], by=None, at=NOW)
        for n in range(3)
    ]
    answers = at_once(*calls)
    assert [answer[0].status for answer in answers] == ["accepted"] * 3
    assert (Lead.objects.count(), LeadScore.objects.get().score) == (1, 30)


def test_two_runs_of_the_job_and_an_event_leave_what_a_replay_gives() -> None:
    UserFactory(rep=True)
    leads = LeadFactory.create_batch(20)
    for lead in leads:
        record_events(events=[sent(lead, PRICING, NOW), sent(lead, PAPER, NOW)], by=None, at=NOW)
    month = NOW + timedelta(days=31)
    late = [sent(lead, WEBINAR, month) for lead in leads[:10]]
    at_once(
        lambda: refresh_due_scores(at=month, batch=3),
        lambda: refresh_due_scores(at=month, batch=7),
        lambda: record_events(events=late, by=None, at=month),
    )
    stored = list(LeadScore.objects.order_by("lead_id").values_list("score", flat=True))
    assert stored == [35] * 10 + [15] * 10
    assert refresh_scores(lead_ids=[lead.pk for lead in leads], at=month).changed == 0


def test_accept_and_send_back_at_once_is_one_answer() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead()
    answers = at_once(
        lambda: accept_lead(lead_id=lead.pk, by=rep, at=LATER),
        lambda: reject_lead(lead_id=lead.pk, reason_code="not_now", by=rep, at=LATER),
    )
    assert sum(isinstance(answer, CommandRefused) for answer in answers) == 1
    lead.refresh_from_db()
    assert (Handoff.objects.get().answer, lead.status) in {("accepted", "accepted"), ("rejected", "recycled")}


def test_released_by_two_people_at_once_is_handed_over_once() -> None:
    UserFactory(rep=True)
    one, other = UserFactory(marketing=True), UserFactory(marketing=True)
    hot_lead(waiting="imported")
    ids = list(Crossing.objects.values_list("pk", flat=True))
    at_once(*(lambda by=by: release_crossings(crossing_ids=ids, by=by, at=LATER) for by in (one, other)))
    assert Handoff.objects.count() == 1


def test_converted_twice_at_once_is_one_deal() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead()
    meeting = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
    asked = {"lead_id": lead.pk, "first_meeting_at": meeting, "deal_type": "new_business"}
    answers = at_once(*[lambda: convert_lead(**asked, by=rep, at=LATER)] * 2)
    assert answers[0] == answers[1] == Conversion.objects.get()


def test_fifty_accepts_at_once_give_one_owner_and_forty_nine_refusals() -> None:
    team = TeamFactory()
    UserFactory(rep=True, team=team)
    managers = [UserFactory(admin=True) for _ in range(50)]
    lead = hot_lead()
    handoff = lead.handoffs.get()
    Handoff.objects.filter(pk=handoff.pk).update(owner=None)
    answers = at_once(*(lambda by=by: accept_lead(lead_id=lead.pk, by=by, at=LATER) for by in managers))
    taken = [answer for answer in answers if isinstance(answer, Handoff)]
    refused = [answer for answer in answers if isinstance(answer, HandoffRefused)]
    assert (len(taken), len(refused)) == (1, 49)
    lead.refresh_from_db()
    assert lead.owner_id == taken[0].answered_by_id


def test_deadlines_told_of_by_four_workers_at_once_are_told_of_once() -> None:
    UserFactory(rep=True)
    for _ in range(5):
        hot_lead()
    for at in (LATER + timedelta(hours=2, minutes=30), LATER + timedelta(days=1)):
        at_once(*(lambda at=at: tell_of_deadlines(at=at) for _ in range(4)))
        tell_of_deadlines(at=at)
    assert HandoffNotice.objects.count() == 10


def test_leads_that_come_while_a_challenge_ends_are_scored_by_what_is_in_force() -> None:
    marketer = UserFactory(marketing=True)
    challenge = start(marketer, percent=99, at=NOW)
    leads = [LeadFactory(created_at=NOW, recorded_at=NOW) for _ in range(12)]
    calls = [
        lambda one=one: record_events(events=[sent(lead, DEMO, NOW) for lead in leads[one::3]], by=None, at=NOW)
        for one in range(3)
    ]
    calls.insert(
        1,
        lambda: end_challenge(
            challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason="Enough", by=marketer, at=LATER
        ),
    )
    at_once(*calls, calls[1])
    refresh_due_scores(at=LATER)
    assert set(LeadScore.objects.values_list("score", "model__number")) == {(25, 1)}
    assert LeadScore.objects.count() == 12


def confirm(key: str) -> None:
    confirm_submission(key=key, at=NOW)
    assert Lead.objects.get().phone == "+37255512345"


@transaction.atomic
def erase(key: str) -> None:
    erase_leads(contact_ids=[], emails=["anna@rapla-bakery.example"])
    assert FormSubmission.objects.get(key=key).email == ""


@pytest.mark.parametrize("call", [confirm, erase])
def test_a_visit_and_what_else_is_done_to_the_same_person_do_not_wait_for_each_other(call) -> None:
    form = make_form(required=["email"])
    lead, visitor = LeadFactory(email="anna@rapla-bakery.example", phone=""), "v" * 22
    record_events(events=[sent(lead, PAPER, NOW, visitor=visitor)], by=None, at=NOW)
    answers = {"email": "anna@rapla-bakery.example", "phone": "+37255512345"}
    given = {"visitor": visitor, "is_robot": False, "base_url": "", "at": NOW}
    submit_form(form=form, answers=answers, key="0" * 32, **given)
    key = FormSubmission.objects.get().key
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make_visitors(first_seen={visitor: NOW})  # as a visit does before it scores
            other = pool.submit(closing, lambda: call(key))
            wait_until_somebody_waits()
            refresh_scores(lead_ids=[lead.pk], at=NOW)
        other.result()


def closing(call: Callable[[], Any]) -> Any:
    """Give back what a thread of its own asked for, and its connection."""
    try:
        return call()
    finally:
        connections.close_all()


def wait_until_somebody_waits() -> None:
    """Return once another connection waits for what this one holds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError
