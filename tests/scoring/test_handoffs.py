"""Accept, send back, release, give away: D-27 and D-29 on the tables."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.commands.activities import archive_activity, log_activity
from crm.commands.grants import grant_role
from crm.lib.errors import NotPermitted
from crm.models import User
from scoring.commands.crossings import route_unassigned
from scoring.commands.events import record_events
from scoring.commands.giving import GiveRefused, give_away_leads, give_lead, give_leads
from scoring.commands.handoffs import (
    AnsweredAlready,
    HandoffRefused,
    ReleaseRefused,
    accept_lead,
    reject_lead,
    release_crossings,
)
from scoring.commands.leads import edit_lead, note_activity
from scoring.enums import HandoffAnswer, LeadStatus, WaitingReason
from scoring.models import Crossing, Handoff, Lead, LeadScore, RepShare
from scoring.queries.leads import leads_visible_to
from tests.factories.crm import AccountFactory, TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def hot_lead(waiting: WaitingReason | None = None, at: datetime = NOW, **fields: object) -> Lead:
    """Make a lead that crosses at `at` with 55."""
    lead = LeadFactory(**fields)
    events = [sent(lead, DEMO, at), sent(lead, WEBINAR, at), sent(lead, PRICING, at)]
    record_events(events=events, by=None, at=at, waiting=waiting)
    lead.refresh_from_db()
    return lead


def test_routing_prefers_the_account_owner_then_the_lead_owner_then_the_least_busy() -> None:
    one, two, three = (UserFactory(rep=True) for _ in range(3))
    accounts = [hot_lead(account=AccountFactory(owner=two)), hot_lead(owner=three), hot_lead(), hot_lead(), hot_lead()]
    assert [lead.handoffs.get().owner for lead in accounts] == [two, three, one, one, two]


def test_nobody_to_hand_it_to_leaves_it_unassigned_and_without_a_clock() -> None:
    handoff = hot_lead().handoffs.get()
    assert (handoff.owner, handoff.assigned_at, handoff.due_at) == (None, None, None)


def test_a_lead_nobody_has_is_given_to_somebody_and_the_clock_starts_then() -> None:
    lead, marketer, rep = hot_lead(), UserFactory(marketing=True), UserFactory(rep=True)
    for _ in range(2):
        given = give_lead(lead_id=lead.pk, owner_id=rep.pk, by=marketer, at=LATER)
    assert (given.owner, given.assigned_at, given.due_at, given.version) == (rep, LATER, LATER + timedelta(hours=4), 2)
    assert accept_lead(lead_id=lead.pk, by=rep, at=LATER).answered_by == rep


def test_only_marketing_gives_only_to_who_sells_and_only_what_nobody_has() -> None:
    lead, marketer, rep = hot_lead(), UserFactory(marketing=True), UserFactory(rep=True)
    with pytest.raises(NotPermitted):
        give_lead(lead_id=lead.pk, owner_id=rep.pk, by=rep, at=LATER)
    with pytest.raises(GiveRefused, match="cannot_answer_leads"):
        give_lead(lead_id=lead.pk, owner_id=marketer.pk, by=marketer, at=LATER)
    assert lead.handoffs.get().owner is None
    give_lead(lead_id=lead.pk, owner_id=rep.pk, by=marketer, at=LATER)
    with pytest.raises(GiveRefused, match="given_already"):
        give_lead(lead_id=lead.pk, owner_id=UserFactory(rep=True).pk, by=marketer, at=LATER)
    with pytest.raises(GiveRefused, match="no_open_handoff"):
        give_lead(lead_id=LeadFactory().pk, owner_id=rep.pk, by=marketer, at=LATER)


def test_several_are_given_at_once_and_what_somebody_has_stays_theirs() -> None:
    first, second = hot_lead(), hot_lead()
    marketer, rep = UserFactory(marketing=True), UserFactory(rep=True)
    taken = hot_lead()
    chosen = [first.pk, second.pk, taken.pk, LeadFactory().pk]
    with pytest.raises(NotPermitted):
        give_leads(lead_ids=chosen, owner_id=rep.pk, by=rep, at=LATER)
    with pytest.raises(GiveRefused, match="cannot_answer_leads"):
        give_leads(lead_ids=chosen, owner_id=marketer.pk, by=marketer, at=LATER)
    with pytest.raises(GiveRefused, match="choose_leads"):
        give_leads(lead_ids=[], owner_id=rep.pk, by=marketer, at=LATER)
    assert list(Handoff.objects.order_by("pk").values_list("owner", flat=True)) == [None, None, rep.pk]
    other = UserFactory(rep=True)
    given = [len(give_leads(lead_ids=chosen, owner_id=other.pk, by=marketer, at=LATER)) for _ in range(2)]
    assert given == [2, 0]
    held = Handoff.objects.order_by("pk").values_list("owner", "assigned_at", "due_at", "version")
    assert list(held)[:2] == [(other.pk, LATER, LATER + timedelta(hours=4), 2)] * 2
    assert list(held)[2][0] == rep.pk


def test_a_manager_gives_the_leads_of_their_people_within_their_reach() -> None:
    team = TeamFactory()
    manager = UserFactory(manages=team)
    lead, other = hot_lead(owner=manager), hot_lead()
    rep, stranger = UserFactory(rep=True, team=team), UserFactory(rep=True, team=TeamFactory())
    for lead_id, owner in ((other.pk, rep), (lead.pk, stranger)):
        with pytest.raises(NotPermitted):
            give_leads(lead_ids=[lead_id], owner_id=owner.pk, by=manager, at=LATER)
    assert give_lead(lead_id=lead.pk, owner_id=rep.pk, by=manager, at=LATER).owner == rep


def test_who_joins_is_given_what_nobody_answers_the_oldest_first_and_once() -> None:
    account = AccountFactory()
    leads = [hot_lead(), hot_lead(account=account), hot_lead(status="recycled")]
    waiting = hot_lead(waiting=WaitingReason.IMPORTED)
    assert route_unassigned(at=LATER) == 0
    one, two = UserFactory(), UserFactory(rep=True)
    grant_role(user_id=one.pk, role="rep", by=None, at=LATER)
    Handoff.objects.filter(lead=leads[2]).update(answered_at=LATER, answer="rejected")
    assert [route_unassigned(at=LATER) for _ in range(2)] == [2, 0]
    assert [lead.handoffs.get().owner for lead in leads] == [one, two, None]
    assert leads[0].handoffs.get().due_at == LATER + timedelta(hours=4)
    assert not waiting.handoffs.exists()


def test_what_one_gets_counts_for_the_next_and_a_lead_put_away_is_nobodys() -> None:
    leads = [hot_lead() for _ in range(4)]
    Lead.objects.filter(pk=leads[3].pk).update(archived_at=NOW)
    busy, other = UserFactory(rep=True), UserFactory(rep=True)
    RepShare.objects.create(user=busy, capacity=2)
    assert route_unassigned(at=LATER) == 3
    owners = Handoff.objects.order_by("lead_id").values_list("owner_id", flat=True)
    assert list(owners) == [busy.pk, other.pk, busy.pk, None]


@pytest.mark.parametrize("count", [1, 3])
def test_routing_costs_the_same_for_one_and_for_three(count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        hot_lead()
    UserFactory(rep=True)
    with django_assert_num_queries(12):
        assert route_unassigned(at=LATER) == count


@pytest.mark.parametrize(("role", "answers"), [("rep", True), ("marketing", False)])
def test_an_owner_who_sells_has_the_lead_to_answer(role: str, answers: bool) -> None:
    lead, marketer, owner = hot_lead(), UserFactory(marketing=True), UserFactory(roles=[role])
    edit_lead(lead_id=lead.pk, changes={"owner_id": owner.pk}, by=marketer, at=LATER)
    handoff = lead.handoffs.get()
    assert (handoff.owner, handoff.assigned_at) == ((owner, LATER) if answers else (None, None))


def test_accepting_makes_it_theirs_and_twice_is_once() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead()
    handoff = accept_lead(lead_id=lead.pk, by=rep, at=LATER)
    assert (handoff.answer, handoff.answered_at, handoff.answered_by) == (HandoffAnswer.ACCEPTED, LATER, rep)
    lead.refresh_from_db()
    assert (lead.owner, lead.status) == (rep, LeadStatus.ACCEPTED)
    assert accept_lead(lead_id=lead.pk, by=rep, at=LATER) == handoff
    assert list(lead.status_events.order_by("pk").values_list("new", flat=True)) == ["mql", "accepted"]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("not_now", "recycled"),
        ("no_interest_yet", "recycled"),
        ("wrong_fit", "disqualified"),
        ("duplicate", "disqualified"),
    ],
)
def test_sending_back_needs_a_reason_and_says_what_becomes_of_it(reason: str, status: str) -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead()
    with pytest.raises(HandoffRefused) as refused:
        reject_lead(lead_id=lead.pk, reason_code="", by=rep, at=LATER)
    assert (refused.value.field, Handoff.objects.get().answer) == ("reason", "")
    reject_lead(lead_id=lead.pk, reason_code=reason, note="Call in May.", by=rep, at=LATER)
    lead.refresh_from_db()
    assert (lead.status, Handoff.objects.get().reason.code, lead.status_events.last().reason) == (
        status,
        reason,
        reason,
    )
    with pytest.raises(HandoffRefused, match="no_open_handoff"):
        accept_lead(lead_id=lead.pk, by=rep, at=LATER)


def test_what_somebody_else_sent_back_already_is_said_even_in_the_same_words() -> None:
    team = TeamFactory()
    rep, manager = UserFactory(rep=True, team=team), UserFactory(manages=team)
    lead = hot_lead(owner=rep)
    first = reject_lead(lead_id=lead.pk, reason_code="not_now", note="Call in May.", by=rep, at=LATER)
    assert reject_lead(lead_id=lead.pk, reason_code="not_now", note="Call in May.", by=rep, at=LATER) == first
    with pytest.raises(AnsweredAlready):
        reject_lead(lead_id=lead.pk, reason_code="not_now", note="Call in May.", by=manager, at=LATER)


def test_only_the_holder_their_manager_and_administrators_decide() -> None:
    team = TeamFactory()
    rep, mate = UserFactory(rep=True, team=team), UserFactory(team=team, roles=["rep"])
    manager, admin = UserFactory(manages=team), UserFactory(admin=True)
    for person in (mate, UserFactory(marketing=True), UserFactory(rep=True)):
        lead = hot_lead(owner=rep)
        with pytest.raises(NotPermitted):
            accept_lead(lead_id=lead.pk, by=person, at=LATER)
    for person in (rep, manager, admin):
        lead = hot_lead(owner=rep)
        assert accept_lead(lead_id=lead.pk, by=person, at=LATER).owner == rep


def test_a_lead_is_seen_by_the_team_it_was_handed_to_and_unowned_only_by_marketing() -> None:
    lead = LeadFactory()
    rep, marketer, admin = UserFactory(rep=True), UserFactory(marketing=True), UserFactory(admin=True)
    assert [leads_visible_to(person).filter(pk=lead.pk).exists() for person in (rep, marketer, admin)] == [
        False,
        True,
        True,
    ]
    handed = hot_lead()
    stranger = UserFactory(rep=True, team=TeamFactory())
    assert [leads_visible_to(person).filter(pk=handed.pk).exists() for person in (rep, stranger)] == [True, False]
    assert not leads_visible_to(UserFactory(contributor=True)).exists()


def test_day_103_of_b23_on_the_tables() -> None:
    rep = UserFactory(rep=True)
    lead = LeadFactory()
    start = NOW - timedelta(days=103)

    def happen(type: str, day: int) -> None:
        at = start + timedelta(days=day)
        record_events(events=[sent(lead, type, at)], by=None, at=at)

    for kind, day in ((PRICING, 0), ("whitepaper_downloaded", 5), (WEBINAR, 10), (DEMO, 12)):
        happen(kind, day)
    reject_lead(lead_id=lead.pk, reason_code="not_now", by=rep, at=start + timedelta(days=13))
    happen(PRICING, 103)
    assert LeadScore.objects.get().score == 50
    assert [crossing.state for crossing in Crossing.objects.order_by("crossed_at")] == ["handed_over", "handed_over"]
    assert Handoff.objects.filter(answered_at=None).count() == 1


def test_a_crossing_while_the_handoff_is_open_is_attached_to_it() -> None:
    UserFactory(rep=True)
    lead = hot_lead(at=NOW - timedelta(days=70))  # 55, then 45 and 35
    record_events(events=[sent(lead, WEBINAR, NOW)], by=None, at=NOW)
    assert [crossing.state for crossing in Crossing.objects.order_by("crossed_at")] == ["handed_over", "attached"]
    assert Handoff.objects.count() == 1


def test_a_crossing_told_late_of_a_lead_sales_holds_is_attached_and_waits_for_nobody() -> None:
    UserFactory(rep=True)
    lead, kinds = LeadFactory(), (DEMO, WEBINAR, PRICING)
    for then, told in ((NOW, NOW), (NOW - timedelta(days=100), LATER)):  # 55 then, 25 by today
        for number, kind in enumerate(kinds):
            at = then + timedelta(seconds=number)
            record_events(events=[sent(lead, kind, at, f"{kind} {at}")], by=None, at=told + timedelta(minutes=1))
    states = Crossing.objects.order_by("crossed_at").values_list("state", flat=True)
    assert (list(states), Handoff.objects.count()) == (["attached", "handed_over"], 1)


def test_of_what_waits_the_latest_is_released_and_nothing_for_whom_sales_holds() -> None:
    UserFactory(rep=True)
    marketer, lead = UserFactory(marketing=True), hot_lead(WaitingReason.IMPORTED, at=NOW - timedelta(days=70))
    record_events(events=[sent(lead, WEBINAR, NOW)], by=None, at=NOW, waiting=WaitingReason.IMPORTED)
    earlier, later = Crossing.objects.order_by("crossed_at")
    [handoff] = release_crossings(crossing_ids=[earlier.pk, later.pk], by=marketer, at=LATER)
    assert handoff.crossing == later
    Crossing.objects.update(state="waiting")
    assert release_crossings(crossing_ids=[earlier.pk, later.pk], by=marketer, at=LATER) == []
    assert set(Crossing.objects.values_list("state", flat=True)) == {"attached"}


def test_marketing_releases_what_waits_and_the_clock_starts_then() -> None:
    rep, marketer = UserFactory(rep=True), UserFactory(marketing=True)
    leads = [hot_lead(WaitingReason.IMPORTED) for _ in range(3)]
    ids = list(Crossing.objects.order_by("pk").values_list("pk", flat=True))
    with pytest.raises(NotPermitted):
        release_crossings(crossing_ids=ids, by=rep, at=LATER)
    handoffs = release_crossings(crossing_ids=ids[:2], by=marketer, at=LATER)
    assert [(handoff.lead, handoff.owner, handoff.assigned_at) for handoff in handoffs] == [
        (leads[0], rep, LATER), (leads[1], rep, LATER),
    ]  # fmt: skip
    assert [crossing.state for crossing in Crossing.objects.order_by("pk")] == ["released", "released", "waiting"]
    assert release_crossings(crossing_ids=ids[:2], by=marketer, at=LATER) == []
    leads[2].status = LeadStatus.DISQUALIFIED
    leads[2].save()
    with pytest.raises(ReleaseRefused, match="finished"):
        release_crossings(crossing_ids=ids, by=marketer, at=LATER)
    assert Handoff.objects.count() == 2


def test_a_meeting_makes_an_accepted_lead_qualified() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead()
    accept_lead(lead_id=lead.pk, by=rep, at=LATER)
    meeting = {"kind": "meeting", "occurred_at": NOW + timedelta(days=3), "done": False, "owner_id": rep.pk}
    activity = log_activity(**meeting, by=rep, at=LATER)  # type: ignore[arg-type]
    note_activity(activity_id=activity.pk, context={"lead": lead.pk}, by=rep, at=LATER)
    assert User.objects.get(leads=lead) == rep
    assert Lead.objects.get(pk=lead.pk).status == LeadStatus.SQL


def test_a_call_from_the_lead_ends_the_silence_until_it_is_taken_back() -> None:
    rep = UserFactory(rep=True)
    lead = hot_lead(owner=rep)
    month = NOW + timedelta(days=20)
    call = {"kind": "call", "occurred_at": month, "done": True, "owner_id": rep.pk, "direction": "inbound"}
    activity = log_activity(**call, by=rep, at=month)  # type: ignore[arg-type]
    note_activity(activity_id=activity.pk, context={"lead": lead.pk}, by=rep, at=month)
    assert LeadScore.objects.get().next_change_at == datetime(2026, 4, 25, 0, 0, tzinfo=UTC)
    archive_activity(activity_id=activity.pk, by=rep, at=month)
    note_activity(activity_id=activity.pk, context={}, by=rep, at=month)
    assert LeadScore.objects.get().next_change_at == datetime(2026, 4, 5, 0, 0, tzinfo=UTC)


def test_leads_of_somebody_who_leaves_go_to_another_with_new_clocks() -> None:
    rep, other = UserFactory(rep=True), UserFactory()
    lead = hot_lead(owner=rep)
    LeadFactory(owner=rep, archived_at=NOW)  # put away, it stays whose it was
    assert give_away_leads(from_user_id=rep.pk, to_user_id=other.pk, by=None, at=LATER) == 1
    lead.refresh_from_db()
    handoff = lead.handoffs.get()
    due = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    assert (lead.owner, handoff.owner, handoff.assigned_at, handoff.due_at) == (other, other, LATER, due)


def test_the_owner_of_a_lead_and_who_was_handed_it_may_both_decide() -> None:
    """The account's owner is handed the lead (D-27), but it is somebody else's (D-49)."""
    team, other = TeamFactory(), TeamFactory()
    owner, holder = UserFactory(roles=["rep"], team=team), UserFactory(roles=["rep"], team=other)
    stranger = UserFactory(roles=["rep"], team=TeamFactory())
    leads = [hot_lead(owner=owner, account=AccountFactory(owner=holder)) for _ in range(2)]
    assert set(Handoff.objects.values_list("owner", flat=True)) == {holder.pk}
    with pytest.raises(NotPermitted):
        accept_lead(lead_id=leads[0].pk, by=stranger, at=LATER)
    for lead, person in zip(leads, (owner, holder), strict=True):
        accept_lead(lead_id=lead.pk, by=person, at=LATER)
        lead.refresh_from_db()
        handoff = Handoff.objects.get(lead=lead)
        assert (lead.owner, lead.status, handoff.owner, handoff.answered_by) == (person, "accepted", person, person)
