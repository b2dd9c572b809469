"""My day: what needs whom, and what is done from there."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Team, User
from pipeline.commands.signals import refresh_signals
from pipeline.models import Target
from reports.labels.figures import figure_text
from reports.labels.qbrs import quarter_name
from reports.queries.days import count_for
from reports.queries.figures import compute
from reports.views.trio import TRIO
from scoring.commands.notices import tell_of_deadlines
from scoring.models import Handoff, Trial, TrialWeek
from tests.factories.crm import ActivityFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory
from tests.factories.promises import ApprovalFactory, PromiseFactory
from tests.factories.resources import QuestionFactory, RequestFactory, ResourceFactory
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import hot_lead
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post, signed_in

pytestmark = pytest.mark.django_db


def test_my_day_counts_what_needs_the_rep(rep: User) -> None:
    today = timezone.localdate()
    NextStepFactory(opportunity__owner=rep, purpose="Call the board secretary", due_on=today - timedelta(days=6))
    NextStepFactory(opportunity__owner=rep, purpose="Send the plan", due_on=today)
    NextStepFactory(opportunity__owner=rep, purpose="Next month", due_on=today + timedelta(days=30))
    NextStepFactory(purpose="Somebody else’s", due_on=today)
    ActivityFactory(meeting=True, owner=rep, subject="Kiln walk-through", occurred_at=timezone.now())

    body = signed_in(rep).get("/").content.decode()

    assert "2 things need you." in body
    assert "Call the board secretary" in body and "Overdue 6 days." in body and "Send the plan" in body
    assert "Next month" not in body and "Somebody else" not in body
    assert "Kiln walk-through" in body


def test_my_day_of_a_manager_is_the_team_and_can_be_their_own(rep: User, manager: User) -> None:
    step = NextStepFactory(opportunity__owner=rep, purpose="Call the board secretary", due_on=timezone.localdate())

    client = signed_in(manager)

    assert step.purpose in client.get("/").content.decode()
    assert step.purpose not in client.get("/", {"view": "mine"}).content.decode()


def test_a_lead_that_is_late_is_not_said_to_run_out(rep: User) -> None:
    hot_lead(at=timezone.now() - timedelta(days=9))
    day = str(element(signed_in(rep).get("/"), "day"))
    assert "Start with the lead that should have been answered by" in day
    assert "runs out" not in day


def test_an_empty_day_says_so(rep: User) -> None:
    assert "Nothing needs you today." in signed_in(rep).get("/").content.decode()


def test_a_contributor_is_told_that_nothing_is_addressed_to_them() -> None:
    assert "Nothing needs you today." in signed_in(UserFactory(contributor=True)).get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_my_day_takes_the_same_queries_for_any_number_of_rows(rows: int, rep: User, django_assert_num_queries) -> None:
    for _ in range(rows):
        NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate())
        NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate() - timedelta(days=1))
        ActivityFactory(meeting=True, owner=rep, occurred_at=timezone.now())
    client = signed_in(rep)
    client.get("/")

    with django_assert_num_queries(27):
        client.get("/")


def test_a_step_is_done_and_the_next_one_planned_in_two_clicks(rep: User) -> None:
    step = NextStepFactory(opportunity__owner=rep, purpose="Send the plan", due_on=timezone.localdate())
    client = signed_in(rep)
    assert "What comes next?" in htmx_get(client, f"/day/steps/{step.pk}/", target="sheet").content.decode()

    answer = htmx_post(
        client, f"/day/steps/{step.pk}/done/", {"purpose": "Agree the price", "kind": "call", "due_on": "2030-01-07"}
    )

    step.refresh_from_db()
    following = step.opportunity.next_steps.exclude(pk=step.pk).get()
    assert step.done_at is not None and (following.purpose, following.due_on) == ("Agree the price", date(2030, 1, 7))
    assert "day:changed" in answer.headers["HX-Trigger"] and "sheet:close" in answer.headers["HX-Trigger"]


def test_a_next_step_needs_its_day(rep: User) -> None:
    step = NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate())

    client = signed_in(rep)
    assert f'hx-get="/deals/{step.opportunity_id}/step/words/"' in client.get(f"/day/steps/{step.pk}/").content.decode()
    answer = htmx_post(client, f"/day/steps/{step.pk}/done/", {"purpose": "Agree the price", "due_on": ""})

    step.refresh_from_db()
    assert (answer.status_code, step.done_at) == (422, None)
    assert "Agree the price" in answer.content.decode()  # nothing typed is lost


@pytest.mark.parametrize(("words", "plans"), [("call Henrik tomorrow 9:30", True), ("", False)])
def test_the_next_step_is_understood_as_it_is_written_and_nothing_written_plans_none(
    words: str, plans: bool, rep: User
) -> None:
    step = NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate())
    answer = signed_in(rep).post(f"/day/steps/{step.pk}/done/", {"purpose": words})
    assert answer.status_code == 302
    following = step.opportunity.next_steps.exclude(pk=step.pk).values_list("purpose", "kind", "due_on", "due_at")
    tomorrow = timezone.localdate() + timedelta(days=1)
    at = timezone.make_aware(datetime.combine(tomorrow, time(9, 30)))
    assert list(following) == ([("call Henrik", "call", tomorrow, at)] if plans else [])


def test_a_step_moves_to_tomorrow_in_one_click_without_script_too(rep: User) -> None:
    step = NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate() - timedelta(days=3))

    answer = signed_in(rep).post(f"/day/steps/{step.pk}/later/")

    step.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert step.due_on == timezone.localdate() + timedelta(days=1)


def test_a_step_of_another_team_is_not_there(stranger: User, rep: User) -> None:
    step = NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate())
    client = signed_in(stranger)

    for url in (f"/day/steps/{step.pk}/done/", f"/day/steps/{step.pk}/later/"):
        assert client.post(url).status_code == 404
    step.refresh_from_db()
    assert step.done_at is None


def test_the_day_swapped_in_equals_the_day_after_a_reload(rep: User) -> None:
    NextStepFactory(opportunity__owner=rep, due_on=timezone.localdate())
    client = signed_in(rep)

    assert_same_after_reload(htmx_get(client, "/", target="day"), client.get("/"), "day")


def test_the_quota_stands_there_only_with_a_target(rep: User) -> None:
    client = signed_in(rep)
    assert "Tick is today" not in client.get("/").content.decode()
    today = timezone.localdate()
    code = f"{today.year}Q{(today.month - 1) // 3 + 1}"
    Target.objects.create(
        period=code, starts_on=today, ends_on=today, owner=rep, measure="revenue", value=100_000, currency="EUR"
    )
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())

    body = client.get("/").content.decode()

    assert "66%" in body and "Tick is today" in body


def test_marketing_gives_a_lead_that_nobody_has_from_its_day(marketer: User) -> None:
    lead, client = hot_lead(), signed_in(marketer)
    rep = UserFactory(rep=True, name="Liis Tamm")
    shown = str(element(client.get("/"), f"unassigned-{lead.pk}"))
    assert f"/leads/{lead.pk}/give/" in shown
    assert "accept" not in shown
    assert "Liis Tamm" in htmx_get(client, f"/leads/{lead.pk}/give/").content.decode()
    answer = htmx_post(client, f"/leads/{lead.pk}/given/", {"owner_id": rep.pk})
    assert "day:changed" in answer.headers["HX-Trigger"]
    assert lead.handoffs.get().owner == rep
    assert f"unassigned-{lead.pk}" not in client.get("/").content.decode()


def test_the_manager_sees_what_the_pipeline_is_worth_what_a_deal_is_and_how_many_are_won(
    manager: User, team: Team, rep: User, stranger: User
) -> None:
    OpportunityFactory(owner=rep, at="50", amount=40_000)
    OpportunityFactory(owner=stranger, at="50", amount=70_000)
    for number in range(6):
        won = {"won": True} if number else {"lost": True}
        OpportunityFactory(owner=rep, at="50", amount=10_000, **won | {"closed_at": timezone.now()})
    client = signed_in(manager)
    shown = element(client.get("/"), "trio")
    figures = {slug: compute(slug, user=manager, team=team, at=timezone.now())[0] for slug in TRIO}
    assert [figures[slug].figure.n for slug in TRIO] == [1, 5, 6]
    for slug, row in figures.items():
        assert figure_text(row.figure) in str(shown)
        assert f'href="/reports/#figure-{slug}"' in str(shown)
        assert row.records_url.partition("?")[0] in str(shown)
    assert quarter_name(figures["win-rate"].filters["period"]) in str(shown)
    definitions = client.get("/reports/").content.decode()
    assert all(f'id="figure-{slug}"' in definitions for slug in TRIO)
    assert "trio" not in client.get("/", {"view": "mine"}).content.decode()
    assert "trio" not in signed_in(rep).get("/").content.decode()


@pytest.mark.parametrize("deals", [1, 3])
def test_a_managers_day_takes_the_same_queries_for_any_number_of_deals(
    deals: int, manager: User, rep: User, django_assert_num_queries: Any
) -> None:
    for _ in range(deals):
        OpportunityFactory(owner=rep, at="50", amount=40_000)
        OpportunityFactory(owner=rep, at="50", amount=10_000, won=True, closed_at=timezone.now())
    client = signed_in(manager)
    client.get("/")
    with django_assert_num_queries(30):
        client.get("/")


def test_who_is_asked_finds_it_on_their_day_a_contributor_too() -> None:
    at = timezone.now()
    for person in (UserFactory(roles=["finance"]), UserFactory(admin=True)):
        asked = ApprovalFactory(
            opportunity__account__name="Baltvilla Foods", approver=person, due_at=at - timedelta(hours=1)
        )
        ApprovalFactory(opportunity__account__name="Another firm", due_at=at)
        body = signed_in(person).get("/").content.decode()
        assert "Waiting for your answer" in body and "Baltvilla Foods: Discount, 15%" in body
        assert f"/approvals/{asked.pk}/" in body and "Another firm" not in body


def test_a_question_left_unanswered_stands_on_the_managers_day_with_who_left_it(manager: User) -> None:
    ApprovalFactory(approver__name="Ann Saar", escalated_to=manager, escalated_at=timezone.now())
    body = signed_in(manager).get("/").content.decode()
    assert "Ann Saar has not answered." in body and "1 thing needs your team." in body


def test_a_promise_that_falls_due_is_ended_from_the_day(rep: User) -> None:
    today = timezone.localdate()
    made = PromiseFactory(opportunity__owner=rep, text="A visit to a plant", due_on=today - timedelta(days=2))
    PromiseFactory(opportunity__owner=rep, text="Another promise", due_on=today + timedelta(days=1))
    body = signed_in(rep).get("/").content.decode()
    assert "A visit to a plant" in body and "Overdue 2 days." in body and "Another promise" not in body
    assert f"/deals/{made.opportunity_id}/promises/{made.pk}/" in body and "1 thing needs you." in body


def test_hours_and_answers_that_are_asked_of_a_person_stand_on_their_day() -> None:
    person = UserFactory(roles=["delivery"])
    ResourceFactory(user=person)
    hours = RequestFactory(opportunity__account__name="Baltvilla Foods", purpose="Trial at the plant")
    RequestFactory(kind="legal", opportunity__account__name="Another firm")
    asked = QuestionFactory(to=person, text="Can it run at 90 degrees?")
    QuestionFactory(opportunity__account__name="Another firm")

    body = signed_in(person).get("/").content.decode()

    assert "Waiting for your answer" in body and "Another firm" not in body
    assert "Baltvilla Foods: Sales engineer, 8 hours" in body and "Trial at the plant" in body
    assert f"/resources/requests/{hours.pk}/" in body
    assert "Can it run at 90 degrees?" in body and f"/questions/{asked.pk}/" in body


def test_a_stuck_deal_stands_on_the_day_until_somebody_says_what_gets_it_going(rep: User) -> None:
    at = timezone.now()
    deals = [
        OpportunityFactory(owner=rep, at=code, setpoint_entered_at=at - timedelta(days=100)) for code in ("90", "50")
    ]
    other = OpportunityFactory(at="90", setpoint_entered_at=at - timedelta(days=100))
    ahead = NextStepFactory(
        opportunity__owner=rep, opportunity__at="50", opportunity__setpoint_entered_at=at - timedelta(days=100),
        opportunity__next_step_on=timezone.localdate(at) + timedelta(days=9),
        due_on=timezone.localdate(at) + timedelta(days=9),
    ).opportunity  # fmt: skip
    refresh_signals([deal.pk for deal in (*deals, other, ahead)], at=at)
    client = signed_in(rep)
    shown = element(client.get("/"), f"stuck-{deals[0].pk}")
    assert "Plan a restart" in str(shown) and "The limit is 30 days." in str(shown)
    assert f"/deals/{deals[0].pk}/signals/stuck/rest/" in str(shown)
    assert "Plan next step" in str(element(client.get("/"), f"stuck-{deals[1].pk}"))
    assert ahead.signals.filter(code="stuck").exists()
    assert not {f"stuck-{deal.pk}" for deal in (other, ahead)} & set(client.get("/").content.decode().split('"'))
    before = count_for(rep, today=timezone.localdate(at))

    answer = htmx_post(client, f"/deals/{deals[0].pk}/restart/", {"note": "Visit the plant"})

    assert "record:changed" in answer.headers["HX-Trigger"]
    assert f"stuck-{deals[0].pk}" not in client.get("/").content.decode()
    assert count_for(rep, today=timezone.localdate(at)) == before - 1


def test_each_lead_stands_once_on_the_day_of_each_whom_it_concerns_with_what_to_do(
    rep: User, manager: User, marketer: User, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    late, soon, alone = (hot_lead(owner=rep, at=at) for at in (now - timedelta(days=9), now, now))
    stranded = hot_lead(owner=UserFactory(rep=True), at=now - timedelta(days=9))
    Handoff.objects.filter(lead__in=[soon, alone]).update(remind_at=now, due_at=now + timedelta(minutes=30))
    tell_of_deadlines(at=now)
    week = TrialWeek.objects.create(week_on=now.date(), at=now, percent=10)
    offered = LeadFactory(owner=None)
    Trial.objects.create(week=week, lead=offered, owner=rep, score=12, drawn_at=now)
    waiting, nobodys = hot_lead(waiting="late"), hot_lead(at=now)
    Handoff.objects.filter(lead=nobodys).update(owner=None, assigned_at=None, due_at=None)

    def day(user: User, view: str = "") -> str:
        return signed_in(user).get("/", {"view": view} if view else {}).content.decode()

    def stands(page: str) -> list[str]:
        return sorted(re.findall(r'<li class="task" id="([a-z]+-\d+)"', page))

    mine, offer = day(rep), f"trial-{offered.pk}"
    both = [f"lead-{soon.pk}", f"lead-{alone.pk}", offer]
    assert stands(mine) == sorted([f"lead-{late.pk}", *both])
    said = dict(re.findall(r'id="lead-(\d+)"(.*?)</li>', mine, re.DOTALL))
    assert "was told" in said[str(late.pk)] and "Reminded" in said[str(soon.pk)]
    assert f"/leads/{offered.pk}/take/" in mine and f"/leads/{offered.pk}/pass/" in mine
    assert "4 things need you." in mine and count_for(rep, today=timezone.localdate()) == 4
    team = day(manager)
    assert stands(team) == sorted([f"brought-{late.pk}", *both])
    assert (
        "Late, and brought to you" in team and f"{rep} has not answered." in team and f"/leads/{late.pk}/give/" in team
    )
    assert count_for(manager, today=timezone.localdate()) == 4
    assert stands(day(manager, "mine")) == []
    marketing = day(marketer)
    assert stands(marketing) == sorted([f"crossing-{waiting.pk}", f"unassigned-{nobodys.pk}", f"brought-{stranded.pk}"])
    assert "has not answered." in marketing and "Late, with nobody above their rep to tell" in marketing
    assert count_for(marketer, today=timezone.localdate()) == 3
    client = signed_in(rep)
    client.get("/")
    with django_assert_num_queries(29):
        client.get("/")
    assert client.post(f"/leads/{offered.pk}/take/", {"next": "/"}).url == "/"
    assert offer not in day(rep)
