"""The pages of a quarter review: asked for, watched, read, and its plan kept up."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from crm.lib.periods import parse_period
from crm.models import Job, Team, User
from crm.queries.organisation import get_zone
from reports.commands.qbrs import ask_qbr, finish_part, start_part
from reports.labels.qbrs import quarter_name
from reports.models import QbrAction, QbrPart, QbrRun
from reports.queries.qbrs import BUILD_PART, get_part
from reports.tasks import content
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post, signed_in

pytestmark = pytest.mark.django_db


def ready(team: Team, quarter: str = "2026Q3") -> QbrRun:
    run = ask_qbr(team_id=team.pk, quarter=quarter, by=None, at=timezone.now(), in_process=True)
    for part in QbrPart.objects.filter(run=run):
        start_part(part_id=part.pk, at=timezone.now())
        payload, suggested = content(get_part(part.pk))
        finish_part(part_id=part.pk, payload=payload, suggested=suggested, at=timezone.now())
    run.refresh_from_db()
    return run


def _in_last_quarter() -> datetime:
    start, _end = parse_period(_last_quarter()).bounds(get_zone())
    return start + timedelta(days=40)


def _last_quarter() -> str:
    today = timezone.localdate()
    year, quarter = (today.year, (today.month - 1) // 3) if today.month > 3 else (today.year - 1, 4)
    return f"{year}Q{quarter}"


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
