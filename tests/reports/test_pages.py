"""The pages of reports: who sees what, what stands on them, how many queries they take."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.lib.periods import parse_period
from crm.models import Job, Team, User
from crm.queries.organisation import get_zone
from pipeline.models import Target
from reports.commands.qbrs import ask_qbr, finish_part, start_part
from reports.labels.qbrs import quarter_name
from reports.models import QbrAction, QbrPart, QbrRun
from reports.queries.qbrs import BUILD_PART, get_part
from reports.tasks import content
from tests.factories.crm import ActivityFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory
from tests.scoring.test_handoffs import hot_lead
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Baltics")


@pytest.fixture
def rep(team: Team) -> User:
    return UserFactory(name="Liis Tamm", rep=True, team=team)


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Katrin Saar", manages=team, team=team)


@pytest.fixture
def marketer() -> User:
    return UserFactory(marketing=True)


@pytest.fixture
def stranger() -> User:
    return UserFactory(rep=True, team=TeamFactory(name="Nordics"))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ready(team: Team, quarter: str = "2026Q3") -> QbrRun:
    run = ask_qbr(team_id=team.pk, quarter=quarter, by=None, at=timezone.now(), in_process=True)
    for part in QbrPart.objects.filter(run=run):
        start_part(part_id=part.pk, at=timezone.now())
        payload, suggested = content(get_part(part.pk))
        finish_part(part_id=part.pk, payload=payload, suggested=suggested, at=timezone.now())
    run.refresh_from_db()
    return run


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

    with django_assert_num_queries(19):
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

    answer = htmx_post(signed_in(rep), f"/day/steps/{step.pk}/done/", {"purpose": "Agree the price", "due_on": ""})

    step.refresh_from_db()
    assert (answer.status_code, step.done_at) == (422, None)
    assert "Agree the price" in answer.content.decode()  # nothing typed is lost


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


def test_the_figures_page_shows_value_definition_and_section(rep: User) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())

    page = signed_in(rep).get("/reports/")

    panel = str(element(page, "figure-won-value"))
    assert (
        "66,000" in panel
        and "B0" in panel
        and "booking rate" in panel
        and "/reports/figures/won-value/records/" in panel
    )
    assert "n too small" in str(element(page, "figure-win-rate"))  # one deal is too few to show a rate


@pytest.mark.parametrize(
    "query",
    [
        "?by=owner",
        "?by=month",
        "?by=setpoint",
        "?period=2026Q3",
        "?as_of=2026-06-30&known_at=2026-07-31",
        "?period=nonsense",
        "?as_of=31.12.2026",
    ],
)
def test_the_figures_page_takes_any_address(rep: User, query: str) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())

    answer = signed_in(rep).get(f"/reports/{query}")

    assert answer.status_code == 200
    if "nonsense" in query or "31.12" in query:
        assert "Write " in answer.content.decode()


def test_figures_are_over_what_the_person_may_see(rep: User, stranger: User) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())
    assert "66,000" in str(element(signed_in(rep).get("/reports/"), "figure-won-value"))

    assert "66,000" not in str(element(signed_in(stranger).get("/reports/"), "figure-won-value"))


def test_the_records_behind_a_figure_are_listed(rep: User, stranger: User) -> None:
    deal = OpportunityFactory(owner=rep, name="Gedris Steel", amount=66_000, outcome="won", closed_at=timezone.now())
    page = signed_in(rep).get("/reports/")
    url = next(
        href for href in page.content.decode().split('"') if href.startswith("/reports/figures/won-value/")
    ).replace("&amp;", "&")

    assert deal.name in signed_in(rep).get(url).content.decode()
    hidden = signed_in(stranger).get(url)
    assert hidden.status_code == 200 and deal.name not in hidden.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_figures_page_takes_the_same_queries_for_any_number_of_deals(
    rows: int, rep: User, django_assert_num_queries
) -> None:
    for _ in range(rows):
        OpportunityFactory(owner=rep, amount=1000, outcome="won", closed_at=timezone.now())
        OpportunityFactory(owner=rep, amount=1000)
    client = signed_in(rep)
    client.get("/reports/")

    with django_assert_num_queries(23):
        client.get("/reports/")


@pytest.mark.parametrize("url", ["/reports/", "/reports/qbr/", "/reports/figures/win-rate/records/"])
def test_reports_are_not_for_contributors(url: str) -> None:
    assert signed_in(UserFactory(contributor=True)).get(url).status_code == 404


def test_an_unknown_figure_is_not_there(rep: User) -> None:
    assert signed_in(rep).get("/reports/figures/horoscope/records/").status_code == 404


def test_a_manager_asks_and_sees_it_built(manager: User, team: Team) -> None:
    client = signed_in(manager)
    assert "Build a quarter review" in client.get("/reports/qbr/").content.decode()

    answer = client.post("/reports/qbr/ask/", {"team": team.pk, "quarter": _last_quarter()})

    run = QbrRun.objects.get()
    assert answer.headers["Location"] == f"/reports/qbr/{run.pk}/"
    progress = client.get(answer.headers["Location"])
    assert "Step 1 of 7" in progress.content.decode()
    polled = htmx_get(client, f"/reports/qbr/{run.pk}/progress/", target="qbr-progress")
    assert polled.status_code == 200
    assert_same_after_reload(polled, progress, "qbr-progress")
    assert "Building" in element(polled, "qbr-state") and "Stop" in element(polled, "qbr-state")


def test_a_finished_part_says_what_it_holds_while_the_others_are_built(manager: User, team: Team, rep: User) -> None:
    OpportunityFactory(owner=rep, amount=1000, outcome="won", closed_at=_in_last_quarter())
    run = ready(team, quarter=_last_quarter())
    QbrRun.objects.filter(pk=run.pk).update(state="building")

    page = signed_in(manager).get(f"/reports/qbr/{run.pk}/").content.decode()

    assert dict(re.findall(r"<span>([^<]+)</span>\s*<small>([^<]+)</small>", page)) == {
        "Result against target": "1 person",
        "Pipeline by setpoint": "0 moves",
        "Biggest deals": "1 deal",
        "Why we lost": "0 deals",
        "Sectors": "1 sector",
        "Leads and handovers": "0 leads",
        "Action plan": "0 suggestions",
    }


def test_my_day_tells_who_asked_that_a_review_is_ready(manager: User, rep: User, team: Team) -> None:
    run = ready(team)
    words = f"The quarter review {quarter_name(run.quarter)}, {team} is ready."
    assert words not in signed_in(manager).get("/").content.decode()

    QbrRun.objects.filter(pk=run.pk).update(asked_by=manager, finished_at=timezone.now())
    assert words in signed_in(manager).get("/").content.decode()
    assert words not in signed_in(rep).get("/").content.decode()

    QbrRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=2))
    assert words not in signed_in(manager).get("/").content.decode()


def _in_last_quarter() -> datetime:
    start, _end = parse_period(_last_quarter()).bounds(get_zone())
    return start + timedelta(days=40)


def _last_quarter() -> str:
    today = timezone.localdate()
    year, quarter = (today.year, (today.month - 1) // 3) if today.month > 3 else (today.year - 1, 4)
    return f"{year}Q{quarter}"


def test_the_lists_say_that_a_run_whose_workers_gave_up_has_failed(manager: User, team: Team) -> None:
    ask_qbr(team_id=team.pk, quarter=_last_quarter(), by=manager, at=timezone.now())
    client = signed_in(manager)
    assert "Building" in client.get("/reports/qbr/").content.decode()
    Job.objects.filter(task=BUILD_PART).update(state="quarantined")

    for url in ("/reports/qbr/", "/reports/"):
        assert "Failed" in client.get(url).content.decode()
    assert "Building" not in client.get("/reports/qbr/").content.decode()


def test_polling_ends_when_it_is_ready_or_stopped(manager: User, team: Team) -> None:
    client = signed_in(manager)
    done = htmx_get(client, f"/reports/qbr/{ready(team).pk}/progress/")
    assert (done.status_code, "HX-Redirect" in done.headers) == (286, True)

    client.post("/reports/qbr/ask/", {"team": team.pk, "quarter": _last_quarter()})
    run = QbrRun.objects.latest("pk")
    client.post(f"/reports/qbr/{run.pk}/stop/")
    stopped = htmx_get(client, f"/reports/qbr/{run.pk}/progress/")
    assert (
        stopped.status_code == 286
        and "Try again" in stopped.content.decode()
        and "every 1s" not in stopped.content.decode()
    )
    client.post(f"/reports/qbr/{run.pk}/retry/")
    run.refresh_from_db()
    assert run.state == "queued"


def test_who_may_read_and_ask(rep: User, manager: User, marketer: User, stranger: User, team: Team) -> None:
    run = ready(team)
    url = f"/reports/qbr/{run.pk}/"

    for reader in (rep, manager, marketer, UserFactory(admin=True)):
        assert signed_in(reader).get(url).status_code == 200
    assert signed_in(stranger).get(url).status_code == 404
    for other in (rep, marketer):
        assert signed_in(other).post(f"{url}rebuild/").status_code == 403
        assert (
            signed_in(other).post("/reports/qbr/ask/", {"team": team.pk, "quarter": _last_quarter()}).status_code == 403
        )
    assert signed_in(stranger).post(f"{url}rebuild/").status_code == 404
    assert QbrRun.objects.count() == 1


def test_the_report_names_people_as_they_are_called_today(manager: User, rep: User, team: Team) -> None:
    OpportunityFactory(
        owner=rep, amount=66_000, outcome="won", closed_at=datetime(2026, 8, 3, tzinfo=UTC), name="Gedris"
    )
    run = ready(team)
    User.objects.filter(pk=rep.pk).update(name="Liis Saar")

    assert "Liis Tamm" not in str(list(QbrPart.objects.filter(run=run).values_list("payload", flat=True)))
    assert signed_in(manager).get(f"/reports/qbr/{run.pk}/").status_code == 200


def test_actions_are_added_edited_and_done_in_place(manager: User, rep: User, team: Team) -> None:
    run, client = ready(team), signed_in(manager)
    added = htmx_post(
        client,
        f"/reports/qbr/{run.pk}/actions/",
        {"text": "Hold 110 first meetings", "owner": rep.pk, "due_on": "2026-12-01"},
    )
    action = QbrAction.objects.get(run=run, text="Hold 110 first meetings")
    assert added.status_code == 200
    assert_same_after_reload(added, client.get(f"/reports/qbr/{run.pk}/"), "action-plan")

    htmx_post(
        client,
        f"/reports/actions/{action.pk}/edit/text/",
        {"text": "Hold 120 first meetings", "seen": "Hold 110 first meetings"},
    )
    stale = htmx_post(
        client, f"/reports/actions/{action.pk}/edit/text/", {"text": "Mine", "seen": "Hold 110 first meetings"}
    )
    htmx_post(client, f"/reports/actions/{action.pk}/edit/due_on/", {"due_on": "2026-12-08", "seen": "2026-12-01"})
    signed_in(rep).post(f"/reports/actions/{action.pk}/done/", {"done": "1"})

    action.refresh_from_db()
    assert (action.text, action.due_on, action.done_at is not None) == (
        "Hold 120 first meetings",
        date(2026, 12, 8),
        True,
    )
    assert (stale.status_code, "Somebody changed this action" in stale.content.decode()) == (409, True)


def test_only_editors_change_the_plan(rep: User, manager: User, stranger: User, team: Team) -> None:
    run = ready(team)
    action = QbrAction.objects.create(run=run, text="Keep")

    assert (
        signed_in(rep).post(f"/reports/actions/{action.pk}/edit/text/", {"text": "x", "seen": "Keep"}).status_code
        == 403
    )
    assert signed_in(rep).post(f"/reports/actions/{action.pk}/remove/").status_code == 403
    assert signed_in(stranger).post(f"/reports/actions/{action.pk}/remove/").status_code == 404
    action.refresh_from_db()
    assert (action.text, action.archived_at) == ("Keep", None)
    assert signed_in(manager).post(f"/reports/actions/{action.pk}/remove/").status_code == 302


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
