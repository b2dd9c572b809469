"""The demo company: the same seed on the same day gives the same rows, and nobody's first page is empty."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.test import Client

from crm.models import Account, Activity, Contact, Job, User
from pipeline.enums import Outcome
from pipeline.models import (
    Approval,
    Attestation,
    BulkAnswer,
    BulkEdit,
    DeliveryQuestion,
    Handover,
    NextStep,
    Opportunity,
    OpportunityEvent,
    Pipeline,
    Promise,
    ResourceRequest,
    RestartPlan,
    Setpoint,
    SignalSnooze,
    Stage,
    Target,
)
from pipeline.models.opportunities import OPEN
from pipeline.policies.signals import SIGNALS
from pipeline.queries.board_filter import BoardFilter, filter_deals
from reports.management.demo import company, deals, leads, words
from reports.management.demo.clockwork import Dice
from reports.queries import day_leads, days
from reports.queries.figures import compute
from scoring.enums import LeadStatus
from scoring.models import ChallengeLead, Crossing, FormSubmission, Handoff, Lead, LeadEvent, LeadScore
from tests.conftest import DEMO_DAY, DEMO_PASSWORD
from tests.databases import TestDatabase
from tests.factories.crm import AccountFactory
from tests.pipeline.plain_signals import PlainSignals

ZONE = ZoneInfo(words.ZONE)
OPEN_IN_PHASES = Opportunity.objects.filter(OPEN, pipeline__code="expansion")
# A Monday: what is moved off the weekend before must not come to lie ahead.
MONDAY = date(2026, 3, 2)


def told(seed: int, today: date) -> tuple[Any, ...]:
    dice = Dice(seed=seed, today=today, zone=ZONE)
    firms, accounts, contacts = company.firms(dice)
    sales = deals.deals(dice, firms)
    deals.fill_today(dice, sales)
    return firms, accounts, contacts, sales, leads.leads(dice, firms, sales)


@pytest.mark.parametrize("day", [MONDAY + timedelta(days=days) for days in range(7)], ids=str)
def test_the_same_seed_on_the_same_day_tells_the_same_story_and_none_of_it_lies_ahead(day: date) -> None:
    story = told(1, day)
    assert story == told(1, day)
    assert story != told(2, day)
    *_, sales, stories = story
    end = datetime.combine(day, time.min, tzinfo=ZONE)
    happened = [entry["occurred_at"] for deal in sales for entry in deal.history]
    happened += [row["occurred_at"] for deal in sales for row in deal.activities if row["done"]]
    happened += [story.row["created_at"] for story in stories]
    happened += [event["occurred_at"] for story in stories for event in story.events]
    happened += [deal.row[name] for deal in sales for name in ("created_at", "closed_at") if name in deal.row]
    assert max(map(datetime.fromisoformat, happened)) < end


@pytest.mark.serial
def test_the_company_is_whole(demo_company: TestDatabase, django_db_blocker: Any) -> None:
    """One load, which takes seconds, and all that is to be true of it."""
    start = datetime.combine(DEMO_DAY, time.min, tzinfo=ZONE)
    with django_db_blocker.unblock(), demo_company.used():
        nobodys_first_page_is_empty(DEMO_DAY, start, start + timedelta(days=1))
        everything_goes_wrong_that_does_in_sales(DEMO_DAY, start)
        every_recorded_moment_lies_in_the_past(start)
        what_people_say_is_said()
        colleagues_were_asked_and_answered()
        several_deals_were_changed_at_once(start)
        rules_were_tried_on_a_share_of_the_leads()
        what_strangers_sent_waits_for_its_address()
        the_board_filtered_by_a_signal_shows_what_the_events_say(start)
        client = Client()
        assert client.login(username="kaur@brightwater.example", password=DEMO_PASSWORD)
        assert client.get("/").status_code == 200


def what_people_say_is_said() -> None:
    """Why deals ended, when to ask again, why they went back, and why they went on without every fact (P-3, P-5)."""
    closed = Opportunity.objects.exclude(outcome="")
    assert closed.exists()
    assert not closed.filter(Q(close_reason__code="not_recorded") | Q(close_note="")).exists()
    assert not closed.filter(outcome="no_decision", revisit_on=None).exists()
    moves = OpportunityEvent.objects.filter(kind="setpoint", old__isnull=False)
    ranks = dict(Setpoint.objects.values_list("id", "rank"))
    back = [move for move in moves if ranks[move.new["setpoint"]] < ranks[move.old["setpoint"]]]
    assert back and all(move.detail["reason"] for move in back)
    assert moves.exclude(detail__override="").count() >= 3
    assert NextStep.objects.exclude(agreed_with=None).count() > 20


def colleagues_were_asked_and_answered() -> None:
    """Approvals in every state, promises kept and broken, hours asked for and spent, deals handed over (P-14, EE-017)."""
    assert set(Approval.objects.values_list("state", flat=True)) == {"open", "approved", "refused", "withdrawn"}
    assert set(Promise.objects.values_list("state", flat=True)) == {"open", "kept", "broken"}
    assert set(ResourceRequest.objects.values_list("state", flat=True)) == {"open", "accepted", "declined", "done"}
    assert set(Handover.objects.values_list("as_sold", flat=True)) == {None, True, False}
    assert 0 < DeliveryQuestion.objects.filter(answered_at=None).count() < DeliveryQuestion.objects.count()


def rules_were_tried_on_a_share_of_the_leads() -> None:
    """Both sides had leads, and now that it ended all are scored by the rules in force (S-12)."""
    for is_challenger in (True, False):
        side = ChallengeLead.objects.filter(is_challenger=is_challenger, challenge__ended_as="kept")
        assert side.count() > 50
        assert set(side.values_list("lead__score__model__state", flat=True)) <= {"published", None}


def what_strangers_sent_waits_for_its_address() -> None:
    """Some confirmed it, some did not yet, and somebody typed the address of a lead that sales has (S-13)."""
    assert set(FormSubmission.objects.values_list("state", flat=True)) == {"done", "spam", "waiting"}
    pending = LeadEvent.objects.filter(not_counted="pending")
    assert Handoff.objects.filter(lead__in=pending.values("lead"), answered_at=None).exists()
    assert not Job.objects.filter(task__contains="form").exists()  # no mail goes out for what is past


def several_deals_were_changed_at_once(start: datetime) -> None:
    """Close dates put off for many, expansions in phases, hours logged on the day they were worked (EE-038, LT-043)."""
    assert BulkEdit.objects.count() == 2
    assert BulkAnswer.objects.filter(outcome="changed").count() >= 4
    assert Stage.objects.count() == 6
    assert OPEN_IN_PHASES.exclude(stage=None).exists() and OPEN_IN_PHASES.filter(stage=None).exists()
    then = start - timedelta(days=60)
    assert compute("cac", user=None, at=start, as_of=then, known_at=then)[0].figure.numerator


def nobodys_first_page_is_empty(day: date, start: datetime, end: datetime) -> None:
    sellers = [user for user in User.objects.order_by("id") if user.email.split("@")[0] in words.SKILL]
    assert len(sellers) == 11
    for user in sellers:
        own = {user.pk}
        overdue, due, handoffs = days.count_due(own, today=day)
        manages = any(name == user.name and managed for name, _, _, _, managed in words.PEOPLE)
        assert (overdue > 0, due > 0, handoffs > 0 or manages) == (True, True, True), user.email
        assert days.get_meetings(own, start=start, end=end), user.email
    unanswered = Handoff.objects.filter(answered_at=None)
    assert unanswered.filter(due_at__gte=start, due_at__lt=end).count() >= 8
    assert unanswered.filter(due_at__lt=start).count() >= 3
    assert day_leads.waiting_crossings().count() >= 6
    assert len(day_leads.get_handoffs_of_day(start=start, end=end)) >= 8


def everything_goes_wrong_that_does_in_sales(day: date, start: datetime) -> None:
    open_deals = Opportunity.objects.filter(outcome="")
    assert open_deals.filter(setpoint__code="90", setpoint_entered_at__lt=start - timedelta(days=30)).exists()
    assert open_deals.filter(expected_close_on__lt=day).exists()
    assert open_deals.filter(next_step_on=None).exists()
    assert OpportunityEvent.objects.filter(kind="expected_close_on", old__isnull=False).exists()
    assert set(Opportunity.objects.values_list("outcome", flat=True)) == {"", *Outcome}
    assert set(Lead.objects.values_list("status", flat=True)) == set(LeadStatus)
    assert {"2025", "2025Q4", "2026", "2026Q1"} <= set(Target.objects.values_list("period", flat=True))
    assert not LeadScore.objects.filter(next_change_at__lte=start).exists()


def every_recorded_moment_lies_in_the_past(start: datetime) -> None:
    for model, name in (
        (OpportunityEvent, "recorded_at"), (LeadEvent, "recorded_at"), (Crossing, "recorded_at"), (Attestation, "at"),
        (Account, "created_at"), (Contact, "created_at"), (Activity, "recorded_at"), (NextStep, "created_at"),
    ):  # fmt: skip
        assert not model._default_manager.filter(**{f"{name}__gt": start}).exists(), model


@pytest.mark.django_db
def test_a_database_that_holds_data_is_left_alone() -> None:
    AccountFactory()
    with pytest.raises(CommandError, match="empty one"):
        call_command("demo")
    assert User.objects.count() == 0


def the_board_filtered_by_a_signal_shows_what_the_events_say(start: datetime) -> None:
    plain = PlainSignals(start, words.ZONE)
    plain.learn_typical_stays(Opportunity.objects.filter(outcome=Outcome.WON, backfilled=False, archived_at=None))
    deals = Opportunity.objects.filter(OPEN).select_related("setpoint", "evidenced_setpoint")
    told = {deal.pk: {each.code for each in plain.signals(deal)} for deal in deals}
    resting = set(SignalSnooze.objects.filter(ended_at=None).values_list("opportunity_id", "code"))
    assert resting and RestartPlan.objects.exists() and Opportunity.objects.exclude(paused_until=None).exists()
    reader = User.objects.get(email=company.mail("piret"))
    spoken = set()
    for code in SIGNALS:
        boards = [BoardFilter(pipeline=each, signal=code) for each in Pipeline.objects.values_list("code", flat=True)]
        shown = {deal.pk for board in boards for deal in filter_deals(reader, board).filter(OPEN)}
        expected = {pk for pk, codes in told.items() if code in codes and (pk, code) not in resting}
        assert shown == expected, code
        spoken |= {code} if expected else set()
    assert len(spoken) >= 9, spoken


@pytest.mark.django_db
def test_a_day_that_has_not_begun_has_no_history() -> None:
    with pytest.raises(CommandError, match="no future"):
        call_command("demo", on=datetime.now(UTC).date() + timedelta(days=2))
