"""Clocks that stand still while a rep is away, where that was agreed on (B20)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from crm.commands.calendars import note_absence, remove_absence
from crm.facts import WorkingHours
from scoring.commands.pauses import follow_absences
from scoring.commands.routing import agree_on_terms
from scoring.facts import Clock, Terms
from scoring.models import Handoff, HandoffTerms
from scoring.policies.sla import days_it_stood, move_clock, start_clock, without
from tests.factories.crm import UserFactory
from tests.scoring.test_handoffs import NOW, hot_lead

HOURS = WorkingHours("UTC")
FRIDAY = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
WEDNESDAY_DUE = datetime(2026, 3, 11, 12, 30, tzinfo=UTC)


def test_days_away_count_as_holidays_from_the_start_and_later() -> None:
    away = frozenset({MONDAY, TUESDAY})
    clock = start_clock(FRIDAY, hours=HOURS, terms=Terms())
    assert clock.due_at == datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
    assert start_clock(FRIDAY, hours=without(HOURS, away), terms=Terms()).due_at == WEDNESDAY_DUE
    moved = move_clock(clock, FRIDAY, hours=HOURS, before=(), after=away)
    assert moved == Clock(due_at=WEDNESDAY_DUE, remind_at=WEDNESDAY_DUE - timedelta(hours=1))
    assert move_clock(moved, FRIDAY, hours=HOURS, before=away, after=away) == moved
    assert move_clock(moved, FRIDAY, hours=HOURS, before=away, after=()) == clock
    weekend = {date(2026, 3, 7), date(2026, 3, 12)} | away
    assert days_it_stood(weekend, FRIDAY, WEDNESDAY_DUE, hours=HOURS) == [MONDAY, TUESDAY]


def test_a_later_holiday_does_not_end_a_clock_sooner_when_somebody_is_away() -> None:
    clock = start_clock(FRIDAY, hours=HOURS, terms=Terms())
    later = without(HOURS, {MONDAY})
    assert move_clock(clock, FRIDAY, hours=later, before=(), after={TUESDAY}).due_at >= clock.due_at


@pytest.mark.django_db
def test_clocks_that_run_move_with_absences_once_and_back() -> None:
    rep = UserFactory(rep=True, time_zone="UTC")
    handoff = hot_lead().handoffs.get()
    first, days = (handoff.due_at, handoff.remind_at), {"from_on": NOW.date(), "to_on": date(2026, 3, 10)}
    noted = note_absence(user_id=rep.pk, **days, by=rep, at=NOW)
    remove_absence(absence_id=noted.pk, by=rep, at=NOW)
    handoff.refresh_from_db()
    assert ((handoff.due_at, handoff.remind_at), handoff.version) == (first, 1)  # nobody agreed on it
    agree_on_terms(answer_minutes=960, pauses_when_away=True, by=None, at=NOW)
    Handoff.objects.update(due_at=NOW + timedelta(days=3), remind_at=NOW + timedelta(days=3, hours=-1))
    handoff.refresh_from_db()
    first = (handoff.due_at, handoff.remind_at)
    noted = note_absence(user_id=rep.pk, from_on=NOW.date() + timedelta(days=1), to_on=TUESDAY, by=rep, at=NOW)
    long = note_absence(user_id=rep.pk, from_on=MONDAY, to_on=date(2029, 3, 1), by=rep, at=NOW)
    follow_absences(user_id=rep.pk, by=None, at=NOW)
    moved = Handoff.objects.get()
    assert moved.due_at is not None and moved.due_at > NOW + timedelta(days=180)
    version = moved.version
    follow_absences(user_id=rep.pk, by=None, at=NOW)
    assert Handoff.objects.get(pk=handoff.pk).version == version
    started = hot_lead().handoffs.get()
    assert started.owner == rep and started.due_at is not None and started.due_at > NOW + timedelta(days=180)
    for absence in (long, noted):
        remove_absence(absence_id=absence.pk, by=rep, at=NOW)
    handoff.refresh_from_db()
    assert ((handoff.due_at, handoff.remind_at), handoff.away_days) == (first, [])
    started.refresh_from_db()
    assert started.away_days == [] and started.due_at < NOW + timedelta(days=7)


@pytest.mark.django_db
def test_what_starts_or_runs_stands_still_and_what_ran_out_is_left() -> None:
    rep, marketer = UserFactory(rep=True, time_zone="UTC"), UserFactory(marketing=True)
    agree_on_terms(pauses_when_away=True, by=marketer, at=NOW)
    handoff = hot_lead().handoffs.get()
    Handoff.objects.update(
        assigned_at=FRIDAY, due_at=FRIDAY.replace(day=9, hour=12), remind_at=FRIDAY.replace(day=9, hour=11)
    )
    gone = FRIDAY.replace(day=9, hour=13)
    noted = note_absence(user_id=rep.pk, from_on=MONDAY, to_on=TUESDAY, by=rep, at=gone)
    assert Handoff.objects.get().version == 1
    remove_absence(absence_id=noted.pk, by=rep, at=gone)
    note_absence(user_id=rep.pk, from_on=MONDAY, to_on=TUESDAY, by=rep, at=FRIDAY)
    handoff.refresh_from_db()
    assert (handoff.due_at, handoff.away_days, handoff.version) == (
        WEDNESDAY_DUE,
        [MONDAY, TUESDAY],
        2,
    )
    client = Client()
    client.force_login(rep)
    page = client.get(f"/leads/{handoff.lead_id}/").content.decode()
    assert "The clock stands still 2 working days while" in page


@pytest.mark.django_db
def test_the_setting_is_a_box_that_is_ticked() -> None:
    client = Client()
    client.force_login(UserFactory(marketing=True))
    terms = {"answer_minutes": 60, "remind_minutes": 15, "trial_percent": 5}
    for box, kept in (({"pauses_when_away": "on"}, True), ({}, False)):
        assert client.post("/scoring/routing/terms/", terms | box).status_code == 302
        assert HandoffTerms.objects.get().pauses_when_away is kept
    assert (
        client.post(
            "/scoring/routing/terms/", terms | {"pauses_when_away": "\x00", "seen_version": "1e400"}
        ).status_code
        == 422
    )
    agree_on_terms(pauses_when_away=True, by=None, at=NOW)
    reader = Client()
    reader.force_login(UserFactory(rep=True))
    assert "Yes" in reader.get("/scoring/routing/").content.decode()
    assert "The clock stands still while a rep is away" in client.get("/scoring/routing/").content.decode()
