"""What the clock does about handoffs, on the tables: each once, late or doubled (S-9, B20, FI-006)."""

from datetime import date, timedelta

import pytest

from crm.commands.calendars import CalendarRefused, add_holidays, note_absence, remove_absence
from crm.lib.errors import NotPermitted
from crm.models import Absence, Holiday
from scoring.commands.events import record_events
from scoring.commands.giving import GiveRefused, give_lead
from scoring.commands.handoffs import HandoffRefused, accept_lead, reject_lead
from scoring.commands.notices import tell_of_deadlines
from scoring.commands.recycling import bring_back_leads
from scoring.commands.trials import TrialRefused, draw_trials, pass_trial, take_trial
from scoring.enums import LeadStatus, NoticeKind, RoutedBy, TrialAnswer
from scoring.models import HandoffNotice, HandoffTerms, LeadStatusEvent, RepShare, Territory, Trial, TrialWeek
from scoring.queries.leads import leads_visible_to
from scoring.queries.trials import trials_visible_to
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import PRICING, WEBINAR
from tests.scoring.test_handoffs import LATER, NOW, hot_lead

pytestmark = pytest.mark.django_db
SOON, LATE = NOW + timedelta(hours=3, minutes=30), NOW + timedelta(days=1)
REMINDER, ESCALATION = NoticeKind.REMINDER, NoticeKind.ESCALATION


def told() -> list[tuple[str, int | None]]:
    return list(HandoffNotice.objects.order_by("pk").values_list("kind", "to_id"))


def test_a_rep_is_reminded_and_the_manager_told_once_however_often_it_runs() -> None:
    team = TeamFactory()
    manager, rep = UserFactory(manages=TeamFactory(name="Above")), UserFactory(rep=True, team=team)
    team.parent = manager.grants.get().team
    team.save()
    clock = hot_lead().handoffs.get()
    assert clock.remind_at is not None and clock.due_at is not None
    before = timedelta(microseconds=1)
    times = [clock.remind_at - before, clock.remind_at, SOON, clock.due_at - before, clock.due_at, LATE]
    runs = [tell_of_deadlines(at=at) for at in times]
    assert [(run[REMINDER], run[ESCALATION]) for run in runs] == [(0, 0), (1, 0), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert told() == [(REMINDER, rep.pk), (ESCALATION, manager.pk)]


def test_run_late_only_what_still_matters_is_told_and_an_answer_ends_it() -> None:
    rep = UserFactory(rep=True)
    answered, late = hot_lead(), hot_lead()
    accept_lead(lead_id=answered.pk, by=rep, at=LATER)
    tell_of_deadlines(at=LATE)
    assert list(HandoffNotice.objects.values_list("handoff__lead", "kind", "to")) == [(late.pk, ESCALATION, None)]


def test_given_to_another_it_has_a_new_clock_which_is_told_of_anew() -> None:
    one, marketer = UserFactory(rep=True), UserFactory(marketing=True)
    lead = hot_lead()
    two = UserFactory(rep=True)
    tell_of_deadlines(at=SOON)
    with pytest.raises(NotPermitted):
        give_lead(lead_id=lead.pk, owner_id=two.pk, from_owner_id=one.pk, by=one, at=SOON)
    with pytest.raises(GiveRefused, match="given_already"):
        give_lead(lead_id=lead.pk, owner_id=two.pk, from_owner_id=two.pk + 1, by=marketer, at=SOON)
    for _ in range(2):
        given = give_lead(lead_id=lead.pk, owner_id=two.pk, from_owner_id=one.pk, by=marketer, at=SOON)
    assert (given.owner, given.assigned_at, given.routed_by, given.version) == (two, SOON, RoutedBy.PERSON, 2)
    monday = SOON + timedelta(days=3)
    tell_of_deadlines(at=given.remind_at)
    assert told() == [(REMINDER, one.pk), (REMINDER, two.pk)]
    assert given.remind_at < given.due_at < monday


def test_a_lead_sent_back_until_a_day_is_nurtured_from_then_on_once() -> None:
    rep = UserFactory(rep=True)
    lead, other = hot_lead(), hot_lead()
    for each in (lead, other):
        reject_lead(lead_id=each.pk, reason_code="not_now", recycle_on=date(2026, 4, 1), by=rep, at=LATER)
    with pytest.raises(HandoffRefused, match="comes_not_again"):
        reject_lead(lead_id=hot_lead().pk, reason_code="wrong_fit", recycle_on=date(2026, 4, 1), by=rep, at=LATER)
    other.refresh_from_db()
    other.status = LeadStatus.CONVERTED
    other.save(update_fields=["status"])
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)]
    back = [bring_back_leads(at=NOW.replace(month=day.month, day=day.day)) for day in days]
    assert [[each.pk for each in found] for found in back] == [[], [lead.pk], []]
    lead.refresh_from_db()
    events = LeadStatusEvent.objects.filter(lead=lead, new=LeadStatus.NURTURING).values_list("old", "reason")
    assert (lead.status, list(events)) == (LeadStatus.NURTURING, [(LeadStatus.RECYCLED, "recycle_on")])


def test_sent_back_again_until_a_later_day_a_lead_waits_for_that_day() -> None:
    rep, lead, again = UserFactory(rep=True), hot_lead(), NOW + timedelta(days=70)  # 35 by then
    reject_lead(lead_id=lead.pk, reason_code="not_now", recycle_on=date(2026, 6, 1), by=rep, at=LATER)
    record_events(events=[sent(lead, WEBINAR, again)], by=None, at=again)
    reject_lead(lead_id=lead.pk, reason_code="not_now", recycle_on=date(2026, 7, 1), by=rep, at=again)
    assert bring_back_leads(at=NOW.replace(month=6, day=2)) == []
    assert bring_back_leads(at=NOW.replace(month=7, day=1)) == [lead]


def test_territories_shares_absences_and_holidays_decide_on_the_tables() -> None:
    admin, team = UserFactory(admin=True), TeamFactory()
    north = UserFactory(rep=True, team=team, country="EE", time_zone="Europe/Tallinn")
    south = UserFactory(rep=True)
    RepShare.objects.create(user=south, capacity=9)
    baltics = Territory.objects.create(name="Baltics", countries=["EE"], team=team, created_at=NOW, recorded_at=NOW)
    HandoffTerms.objects.create(answer_minutes=120, remind_minutes=30)
    assert add_holidays(country="ee", days="2026-03-06 A day\n\n2026-03-09, Another\n", by=admin, at=NOW) == 2
    handoff = hot_lead(country="EE").handoffs.get()
    assert (handoff.owner, handoff.routed_by, handoff.territory) == (north, RoutedBy.TERRITORY, baltics)
    # Friday and Monday are holidays there, and the day begins at 7:00 UTC.
    assert handoff.due_at == NOW.replace(day=10, hour=9)
    assert handoff.remind_at == NOW.replace(day=10, hour=8, minute=30)
    absence = note_absence(user_id=north.pk, from_on=NOW.date(), to_on=NOW.date(), by=north, at=NOW)
    assert hot_lead(country="EE").handoffs.get().owner == south
    with pytest.raises(NotPermitted):
        remove_absence(absence_id=absence.pk, by=south, at=NOW)
    remove_absence(absence_id=absence.pk, by=admin, at=NOW)
    assert hot_lead(country="EE").handoffs.get().owner == north


@pytest.mark.parametrize(
    "days",
    ["", "2026-13-01 No", "2026-12-25", "1e400 x", "2026-12-25 " + "x" * 101],
    ids=["nothing", "no such month", "no name", "no day", "a long name"],
)
def test_a_list_of_holidays_is_taken_whole_or_not_at_all(days: str) -> None:
    with pytest.raises(CalendarRefused):
        add_holidays(country="EE", days=f"2026-01-01 New Year\n{days}" if days else "", by=None, at=NOW)
    assert not Holiday.objects.exists()


def test_an_absence_ends_after_it_begins_and_is_noted_once() -> None:
    rep, mate = UserFactory(rep=True), UserFactory(rep=True)
    with pytest.raises(CalendarRefused, match="ends_before_it_begins"):
        note_absence(user_id=rep.pk, from_on=date(2026, 3, 2), to_on=date(2026, 3, 1), by=rep, at=NOW)
    with pytest.raises(NotPermitted):
        note_absence(user_id=rep.pk, from_on=date(2026, 3, 2), to_on=date(2026, 3, 3), by=mate, at=NOW)
    for _ in range(2):
        note_absence(user_id=rep.pk, from_on=date(2026, 3, 2), to_on=date(2026, 3, 3), by=rep, at=NOW)
    assert Absence.objects.count() == 1


def low_leads(count: int) -> None:
    from scoring.commands.events import record_events

    leads = LeadFactory.create_batch(count)
    record_events(events=[sent(lead, PRICING, NOW) for lead in leads], by=None, at=NOW)


def test_low_scores_are_drawn_once_a_week_the_same_whoever_draws_and_are_taken_or_passed() -> None:
    low_leads(12)
    rep, other = UserFactory(rep=True), UserFactory(rep=True)
    held = hot_lead().pk
    HandoffTerms.objects.create(trial_percent=50)
    hot_lead(), hot_lead(), hot_lead()
    first = {trial.lead_id for trial in draw_trials(at=NOW)}
    assert len(first) == 1 and held not in first and draw_trials(at=LATE) == []
    week = TrialWeek.objects.get()
    assert (week.eligible, week.drawn, week.percent) == (12, 1, 50)
    trial = Trial.objects.get()
    assert leads_visible_to(trial.owner).filter(pk=trial.lead_id).exists()
    stranger = other if trial.owner == rep else rep
    with pytest.raises(NotPermitted):
        take_trial(lead_id=trial.lead_id, by=stranger, at=LATER)
    for _ in range(2):
        taken = take_trial(lead_id=trial.lead_id, by=trial.owner, at=LATER)
    assert (taken.answer, taken.lead.owner, taken.lead.status) == (TrialAnswer.TAKEN, trial.owner, LeadStatus.ACCEPTED)
    with pytest.raises(TrialRefused, match="not_offered"):
        pass_trial(lead_id=trial.lead_id, by=trial.owner, at=LATER)
    Trial.objects.all().delete(), TrialWeek.objects.all().delete()
    taken.lead.status = LeadStatus.NEW
    taken.lead.save(update_fields=["status"])
    assert {each.lead_id for each in draw_trials(at=LATE)} == first


def test_a_week_that_begins_with_everybody_away_is_drawn_later_in_it() -> None:
    low_leads(2)
    rep = UserFactory(rep=True)
    note_absence(user_id=rep.pk, from_on=NOW.date(), to_on=NOW.date(), by=rep, at=NOW)
    assert draw_trials(at=NOW) == []
    assert [trial.owner for trial in draw_trials(at=LATE)] == [rep]


@pytest.mark.parametrize("status", [LeadStatus.ACCEPTED, LeadStatus.CONVERTED, LeadStatus.DISQUALIFIED])
def test_a_lead_that_went_on_another_way_is_not_tried_any_more(status: LeadStatus) -> None:
    low_leads(1)
    rep = UserFactory(rep=True)
    lead = draw_trials(at=NOW)[0].lead
    assert trials_visible_to(rep).exists()
    lead.status = status
    lead.save(update_fields=["status"])
    assert not trials_visible_to(rep).exists()
    for answer in (take_trial, pass_trial):
        with pytest.raises(TrialRefused, match="not_offered"):
            answer(lead_id=lead.pk, by=rep, at=LATER)
    lead.refresh_from_db()
    assert lead.status == status


def test_what_a_week_offered_ends_with_it_and_rests_for_twelve() -> None:
    low_leads(2)
    UserFactory(rep=True)
    first = draw_trials(at=NOW)[0]
    second = draw_trials(at=NOW + timedelta(weeks=1))[0]
    assert second.lead_id != first.lead_id and draw_trials(at=NOW + timedelta(weeks=2)) == []
    assert list(Trial.objects.order_by("pk").values_list("answer", flat=True)) == [TrialAnswer.ENDED] * 2
    assert draw_trials(at=NOW + timedelta(weeks=12))[0].lead_id == first.lead_id
