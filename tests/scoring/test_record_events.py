"""Events come in: stored once, counted at once, refused with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.lib.errors import NotPermitted
from crm.models import Source
from crm.queries.timeline import Asked
from scoring.commands.events import EventRefused, confirm_event, record_event, record_events
from scoring.commands.scores import refresh_all_scores, refresh_due_scores
from scoring.enums import CrossingState, EventStatus, LeadStatus, WaitingReason
from scoring.facts import NewEvent
from scoring.models import Crossing, Handoff, Lead, LeadEvent, LeadScore, LeadStatusEvent, VisitorIdentity
from scoring.queries.timeline import get_events
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  # a Friday
ACCEPTED, DUPLICATE, REJECTED = EventStatus.ACCEPTED, EventStatus.DUPLICATE, EventStatus.REJECTED


def table(lead: Lead, ends: datetime = NOW) -> list[NewEvent]:
    """Return the events of B23, the last one at `ends`."""
    return [
        sent(lead, kind, ends - timedelta(days=days))
        for kind, days in ((PRICING, 12), (PAPER, 7), (WEBINAR, 2), (DEMO, 0))
    ]


def statuses(events: list[NewEvent], **given: object) -> list[EventStatus]:
    return [answer.status for answer in record_events(events=events, by=None, at=NOW, **given)]  # type: ignore[arg-type]


def test_the_fourth_event_hands_the_lead_over_in_the_same_transaction() -> None:
    rep, lead = UserFactory(rep=True, time_zone="Europe/Tallinn"), LeadFactory()
    assert statuses(table(lead)) == [ACCEPTED] * 4
    score = LeadScore.objects.get()
    assert (score.score, score.behaviour, score.inactivity, score.last_activity_at) == (70, 70, 0, NOW)
    handoff = Handoff.objects.select_related("crossing").get()
    assert (handoff.owner, handoff.assigned_at, handoff.due_at) == (rep, NOW, datetime(2026, 3, 9, 8, 0, tzinfo=UTC))
    assert (handoff.crossing.crossed_at, handoff.crossing.score, handoff.crossing.state) == (NOW, 70, "handed_over")
    lead.refresh_from_db()
    assert (lead.status, lead.version, lead.owner) == (LeadStatus.MQL, 2, None)
    assert list(LeadStatusEvent.objects.values_list("old", "new")) == [("new", "mql")]


def test_sent_twice_in_any_way_counts_once() -> None:
    UserFactory(rep=True)
    lead = LeadFactory()
    events = table(lead)
    assert statuses([events[0], events[0]]) == [ACCEPTED, DUPLICATE]
    assert statuses(events) == [DUPLICATE, ACCEPTED, ACCEPTED, ACCEPTED]
    assert statuses(events[::-1]) == [DUPLICATE] * 4
    assert (LeadEvent.objects.count(), Handoff.objects.count(), LeadScore.objects.get().score) == (4, 1, 70)


def test_whatever_the_order_the_score_and_the_crossing_are_the_same() -> None:
    UserFactory(rep=True)
    one, other = LeadFactory(), LeadFactory()
    statuses(table(one))
    for event in reversed(table(other)):
        statuses([event])
    found = [(score.score, score.next_change_at) for score in LeadScore.objects.order_by("lead_id")]
    assert found[0] == found[1]
    assert Crossing.objects.count() == 2


def test_each_bad_event_says_why_and_the_others_are_stored() -> None:
    lead = LeadFactory()
    good = sent(lead, PRICING, NOW)
    answers = record_events(
        events=[
            sent(lead, "levitated", NOW),
            sent(None, PRICING, NOW, "a", lead_id=lead.pk + 1000),
            sent(None, PRICING, NOW, "b", external_id="nobody"),
            sent(None, PRICING, NOW, "c", email="no address"),
            sent(lead, PRICING, NOW + timedelta(days=30), "d"),
            good,
        ],
        by=None,
        at=NOW,
    )
    codes = [[refusal.code for refusal in answer.refusals] for answer in answers]
    assert codes == [["unknown_type"], ["unknown_lead"], ["unknown_lead"], ["not_understood"], ["in_future"], []]
    assert answers[-1].status == ACCEPTED
    assert list(LeadEvent.objects.values_list("idempotency_key", flat=True)) == [good.idempotency_key]


def test_an_unknown_email_makes_a_lead_with_its_source() -> None:
    first = sent(
        None, PRICING, NOW - timedelta(days=1), "1", email="New.Person@Example.com", properties={"source": "Search"}
    )
    second = sent(None, PAPER, NOW, "2", email="new.person@example.com")
    other = sent(None, PAPER, NOW, "3", email="other@example.com")
    assert statuses([first, second, other]) == [ACCEPTED] * 3
    lead = Lead.objects.get(email="new.person@example.com")
    assert (lead.status, lead.source.code, lead.created_at) == ("new", "search", NOW - timedelta(days=1))
    assert list(lead.status_events.values_list("old", "new")) == [("", "new")]
    assert LeadScore.objects.get(lead=lead).score == 25
    assert Lead.objects.get(email="other@example.com").source == Source.objects.get(code="api")


def test_a_key_twice_in_a_batch_makes_one_lead_and_one_visitor() -> None:
    batch = [
        sent(None, PRICING, NOW, "k", external_id="nobody"),
        *(sent(None, PRICING, NOW, "k", email=f"{name}@example.com", visitor=name) for name in ("first", "second")),
        sent(None, PRICING, NOW, "k", external_id="nobody"),
    ]
    assert statuses(batch) == [REJECTED, ACCEPTED, DUPLICATE, DUPLICATE]
    assert Lead.objects.get().email == "first@example.com"
    assert VisitorIdentity.objects.get().visitor.key == "first"


def test_an_import_makes_no_lead_and_its_crossings_wait_without_a_clock() -> None:
    UserFactory(rep=True)
    lead = LeadFactory()
    unknown = sent(None, PRICING, NOW, "x", email="nobody@example.com")
    given = {"waiting": WaitingReason.IMPORTED, "makes_leads": False}
    assert statuses([unknown, *table(lead)], **given) == [REJECTED, *[ACCEPTED] * 4]
    assert list(Crossing.objects.values_list("state", "waiting_reason")) == [("waiting", "imported")]
    assert not Handoff.objects.exists()
    assert set(LeadEvent.objects.values_list("recorded_at", flat=True)) == {event.occurred_at for event in table(lead)}


def test_a_crossing_found_more_than_14_days_late_waits() -> None:
    UserFactory(rep=True)
    statuses(table(LeadFactory(), NOW - timedelta(days=15)))
    assert list(Crossing.objects.values_list("state", "waiting_reason")) == [("waiting", "late")]


def test_visitors_are_stored_and_joined_when_they_say_who_they_are() -> None:
    lead = LeadFactory()
    events = [sent(None, PRICING, NOW - timedelta(days=3 - n), f"v{n}", visitor="abc") for n in range(2)]
    assert statuses(events) == [ACCEPTED] * 2
    assert not LeadScore.objects.exists()
    assert statuses([sent(None, PAPER, NOW, "v9", email=lead.email, visitor="abc")]) == [ACCEPTED]
    assert LeadScore.objects.get(lead=lead).score == 35
    assert VisitorIdentity.objects.get().identified_at == NOW
    assert statuses([sent(None, PRICING, NOW, "v10", visitor="abc")]) == [ACCEPTED]
    assert LeadScore.objects.get(lead=lead).score == 45


def test_a_later_owner_of_the_browser_does_not_take_what_came_before() -> None:
    one, other = LeadFactory(), LeadFactory()
    days = [NOW - timedelta(days=10 - n) for n in range(4)]
    statuses([
        sent(None, PRICING, days[0], "1", visitor="abc"), sent(None, PAPER, days[1], "2", email=one.email, visitor="abc"),
        sent(None, PRICING, days[2], "3", visitor="abc"), sent(None, WEBINAR, days[3], "4", email=other.email, visitor="abc"),
        sent(None, PRICING, NOW, "5", visitor="abc"),
    ])  # fmt: skip
    assert dict(LeadScore.objects.values_list("lead_id", "score")) == {one.pk: 35, other.pk: 30}
    marketer = UserFactory(marketing=True)
    shown = {
        lead.pk: sorted(entry.payload.row.idempotency_key for entry in get_events(Asked("lead", lead.pk, marketer)))
        for lead in (one, other)
    }
    assert shown == {one.pk: ["1", "2", "3"], other.pk: ["4", "5"]}


def test_by_hand_one_event_is_refused_with_its_reason() -> None:
    lead, marketer = LeadFactory(), UserFactory(marketing=True)
    assert record_event(event=sent(lead, PRICING, NOW), by=marketer, at=NOW).status == ACCEPTED
    with pytest.raises(EventRefused, match="unknown_type"):
        record_event(event=sent(lead, "levitated", NOW), by=marketer, at=NOW)
    with pytest.raises(NotPermitted):
        record_event(event=sent(lead, PRICING, NOW, "z"), by=UserFactory(contributor=True), at=NOW)
    assert LeadEvent.objects.count() == 1


def test_a_rep_cannot_reach_a_lead_of_another_team_through_its_events() -> None:
    lead = LeadFactory()
    answer = record_events(events=[sent(lead, PRICING, NOW)], by=UserFactory(rep=True), at=NOW)[0]
    assert [refusal.code for refusal in answer.refusals] == ["unknown_lead"]


def test_who_made_a_lead_by_email_reaches_it_again_and_sees_no_more_of_it_than_before() -> None:
    rep, hidden = UserFactory(rep=True), LeadFactory()
    events = [sent(None, PRICING, NOW, key, email="new@example.com") for key in "ab"]
    events += [sent(None, PRICING, NOW, "c", email=hidden.email), sent(hidden, PAPER, NOW, "d")]
    answers = [record_events(events=[event], by=rep, at=NOW)[0] for event in events[:2]]
    answers += record_events(events=events[2:], by=rep, at=NOW)
    assert [(answer.status, answer.lead_id) for answer in answers] == [(ACCEPTED, None)] * 3 + [(REJECTED, None)]
    assert sorted(LeadScore.objects.values_list("lead__email", "score")) == [
        (hidden.email, 10),
        ("new@example.com", 20),
    ]


def test_silence_takes_points_only_from_those_whose_time_has_come() -> None:
    UserFactory(rep=True)
    quiet, busy = LeadFactory(), LeadFactory()
    statuses([*table(quiet), sent(busy, PRICING, NOW)])
    month = NOW + timedelta(days=30)
    record_events(events=[sent(busy, PAPER, month)], by=None, at=month)
    done = refresh_due_scores(at=month)
    assert (done.leads, done.changed, done.crossing_ids) == (1, 1, [])
    assert LeadScore.objects.get(lead=quiet).score == 60
    assert refresh_due_scores(at=month).leads == 0
    assert refresh_all_scores(at=month).changed == 0
    much_later = refresh_due_scores(at=NOW + timedelta(days=102), batch=1)
    assert (much_later.leads, LeadScore.objects.get(lead=quiet).score) == (2, 40)


def test_an_event_dated_ahead_counts_when_its_time_comes() -> None:
    lead = LeadFactory()
    soon = NOW + timedelta(hours=2)
    statuses([sent(lead, PRICING, soon)])
    assert (LeadScore.objects.get().score, LeadScore.objects.get().next_change_at) == (0, soon)
    assert refresh_due_scores(at=soon).changed == 1
    assert LeadScore.objects.get().score == 10


def test_the_number_of_statements_does_not_depend_on_the_number_of_events() -> None:
    UserFactory(rep=True)
    one, *three = LeadFactory.create_batch(4)
    counts = []
    for leads in ([one], three):
        with CaptureQueriesContext(connection) as queries:
            statuses([event for lead in leads for event in table(lead)])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 31
    assert Handoff.objects.filter(crossing__state=CrossingState.HANDED_OVER).count() == 4


@pytest.mark.parametrize("is_pending", [False, True])
def test_visits_of_a_lead_that_turn_out_to_be_anothers_count_and_cross_for_that_one(is_pending: bool) -> None:
    UserFactory(rep=True)
    one, other = LeadFactory(), LeadFactory()
    visits = [
        sent(None, kind, NOW - timedelta(hours=50 - number), f"v{number}", visitor="abc")
        for number, kind in enumerate((PRICING, WEBINAR, DEMO))
    ]
    statuses([*visits, sent(one, "newsletter_subscribed", NOW, "n", visitor="abc")])
    assert Crossing.objects.get().lead == one
    told = sent(other, "form_submitted", NOW - timedelta(days=4), "f", visitor="abc")
    assert statuses([replace(told, visitor="", is_pending=True) if is_pending else told]) == [ACCEPTED]
    if is_pending:
        assert confirm_event(event=told, by=None, at=NOW)
    assert dict(LeadScore.objects.values_list("lead", "score")) == {one.pk: 0, other.pk: 55}
    assert set(Crossing.objects.values_list("lead", "event__idempotency_key")) == {(one.pk, "v2"), (other.pk, "v2")}


def test_a_stored_key_makes_neither_lead_nor_visitor_whatever_else_it_says() -> None:
    lead = LeadFactory()
    assert statuses([sent(lead, DEMO, NOW, "k", visitor="known")]) == [ACCEPTED]
    again = [
        sent(None, DEMO, NOW, "k", email="other@viljandi-dairy.example", visitor="other"),
        sent(None, DEMO, NOW, "k", external_id="nobody"),
    ]
    assert statuses(again) == [DUPLICATE] * 2
    assert (Lead.objects.count(), LeadEvent.objects.count()) == (1, 1)
    assert list(VisitorIdentity.objects.values_list("visitor__key", "lead")) == [("known", lead.pk)]
