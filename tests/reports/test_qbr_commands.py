"""A quarter review is asked for, built part by part, frozen, stopped, tried again and rebuilt."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from crm.commands.people import deactivate_user
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Job, Reason, Team, User
from crm.tasks import run_job
from pipeline.models import Setpoint
from reports.commands import actions, qbrs
from reports.commands.qbrs import QbrRefused
from reports.enums import PartKind, PartState, RunState
from reports.labels import definitions
from reports.models import QbrAction, QbrPart, QbrRun
from reports.queries.qbrs import BUILD_PART, get_payloads, get_progress, with_standing
from reports.renderers.payload import run_document
from reports.views.paper import make_paper
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 2, 9, 14, tzinfo=UTC)


def ask(team: Team, by: User | None, *, at: datetime = AT, quarter: str = "2026Q3") -> QbrRun:
    return qbrs.ask_qbr(team_id=team.pk, quarter=quarter, by=by, at=at)


def work(limit: int = 20) -> int:
    """Run what is asked for, as a worker does."""
    jobs = Job.objects.filter(task=BUILD_PART, state="queued").order_by("pk").values_list("pk", flat=True)
    return sum(run_job(job_id=pk, at=timezone.now()) for pk in list(jobs)[:limit])


def test_asking_makes_a_run_its_parts_and_a_job_each(team: Team, manager: User) -> None:
    run = ask(team, manager)

    assert (run.number, run.state, run.is_so_far, run.known_at) == (1, RunState.QUEUED, False, AT)
    assert run.as_of.isoformat() == "2026-09-30T23:59:59.999999+00:00"
    assert [part.kind for part in run.parts.all()] == list(PartKind)
    assert Job.objects.filter(task=BUILD_PART).count() == len(PartKind)


def test_asking_twice_is_asking_once(team: Team, manager: User) -> None:
    assert ask(team, manager) == ask(team, manager, at=AT + timedelta(seconds=1))
    assert Job.objects.filter(task=BUILD_PART).count() == len(PartKind)


def test_a_running_quarter_is_so_far(team: Team, manager: User) -> None:
    run = ask(team, manager, at=datetime(2026, 8, 15, 10, tzinfo=UTC))

    assert (run.is_so_far, run.as_of) == (True, datetime(2026, 8, 15, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("quarter", "code"),
    [
        ("2027Q1", "quarter_not_begun"),
        ("2026", "unknown_quarter"),
        ("2026Q5", "unknown_quarter"),
        ("Q3", "unknown_quarter"),
        ("0000Q1", "unknown_quarter"),
    ],
)
def test_a_quarter_that_is_none_or_has_not_begun_is_refused(team: Team, manager: User, quarter: str, code: str) -> None:
    with pytest.raises(QbrRefused) as refused:
        ask(team, manager, quarter=quarter)

    assert [one.code for one in refused.value.refusals] == [code]
    assert not QbrRun.objects.exists()


def test_only_managers_of_the_team_or_above_and_admins_ask(team: Team, manager: User) -> None:
    above = TeamFactory(name="Sales")
    Team.objects.filter(pk=team.pk).update(parent=above)
    for person in (UserFactory(rep=True, team=team), UserFactory(marketing=True), UserFactory(manages=TeamFactory())):
        with pytest.raises(NotPermitted):
            ask(team, person)
    assert not QbrRun.objects.exists()

    for person in (UserFactory(manages=above), UserFactory(admin=True)):
        assert ask(team, person).team == team


def test_the_last_part_freezes_the_run_and_opens_the_actions(team: Team, manager: User) -> None:
    for _ in range(3):
        OpportunityFactory(owner=manager, amount=1000, outcome="lost", closed_at=datetime(2026, 8, 3, tzinfo=UTC))
    run = ask(team, manager)

    assert work() == len(PartKind)
    run.refresh_from_db()
    progress = get_progress(run, at=timezone.now())
    assert (run.state, progress.share, run.finished_at is not None) == (RunState.READY, 1.0, True)


def test_what_happens_later_changes_nothing_in_a_ready_run(team: Team, manager: User) -> None:
    run = ask(team, manager)
    work()
    before = run_document(QbrRun.objects.select_related("team").get(pk=run.pk))
    OpportunityFactory(owner=manager, amount=9000, outcome="won", closed_at=datetime(2026, 9, 3, tzinfo=UTC))

    assert run_document(QbrRun.objects.select_related("team").get(pk=run.pk)) == before
    assert before["parts"]["result"]["won"]["definition_version"] == 1


def test_words_are_frozen_with_the_numbers_they_explain(team: Team, manager: User, monkeypatch) -> None:
    OpportunityFactory(
        owner=manager, amount=1000, outcome="lost", closed_at=datetime(2026, 8, 3, tzinfo=UTC),
        close_reason=Reason.objects.get(kind="lost", code="price"),
    )  # fmt: skip
    run = ask(team, manager)
    work()
    first = make_paper(run, get_payloads(run))
    Reason.objects.filter(kind="lost", code="price").update(name="Too dear")
    Setpoint.objects.update(name="Renamed")
    monkeypatch.setitem(definitions.TITLES, "win-rate", "Success")
    monkeypatch.setitem(definitions.DEFINITIONS, "win-rate", "Something else")

    again = make_paper(run, get_payloads(run))

    assert (again, first.reasons[0]["name"]) == (first, "Price")
    assert {"Win rate", "Sales cycle", "Why we lost", "New leads"} <= {one["title"] for one in again.definitions}
    assert "Something else" not in [one["definition"] for one in again.definitions]


def test_a_part_run_again_is_found_done(team: Team, manager: User) -> None:
    run = ask(team, manager)
    part = run.parts.first()
    assert part is not None
    work()

    assert qbrs.start_part(part_id=part.pk, at=timezone.now()) is None
    assert qbrs.finish_part(part_id=part.pk, payload={"other": 1}, suggested=[], at=timezone.now()) is False
    assert QbrPart.objects.get(pk=part.pk).payload != {"other": 1}


def test_a_stopped_run_builds_nothing_and_goes_on_where_it_was(team: Team, manager: User) -> None:
    run = ask(team, manager)
    work(limit=2)
    qbrs.stop_qbr(run_id=run.pk, by=manager, at=timezone.now())

    work()
    assert run.parts.filter(state=PartState.DONE).count() == 2
    qbrs.retry_qbr(run_id=run.pk, by=manager, at=timezone.now())
    work()
    run.refresh_from_db()
    assert (run.state, run.known_at) == (RunState.READY, AT)  # the moment it was asked for, retries included
    with pytest.raises(QbrRefused):
        qbrs.stop_qbr(run_id=run.pk, by=manager, at=timezone.now())


def test_a_part_that_fails_for_good_fails_the_run_and_keeps_the_rest(team: Team, manager: User) -> None:
    run = ask(team, manager)
    part = run.parts.get(kind=PartKind.SECTORS)
    Job.objects.filter(kwargs__part_id=part.pk).delete()
    work()
    qbrs.start_part(part_id=part.pk, at=timezone.now())

    qbrs.fail_part(part_id=part.pk, error="no disk\x00", is_final=False, at=timezone.now())
    part.refresh_from_db()
    assert (part.state, part.error) == (PartState.WAITING, "no disk")
    qbrs.fail_part(part_id=part.pk, error="no disk", is_final=True, at=timezone.now())
    run.refresh_from_db()
    assert (run.state, run.parts.filter(state=PartState.DONE).count()) == (RunState.FAILED, len(PartKind) - 1)


def test_a_part_built_after_another_failed_for_good_leaves_no_run_in_building(team: Team, manager: User) -> None:
    run = ask(team, manager)
    bad, last = run.parts.get(kind=PartKind.SECTORS), run.parts.get(kind=PartKind.LEADS)
    for part in (bad, last):
        Job.objects.filter(kwargs__part_id=part.pk).delete()
    work()
    qbrs.start_part(part_id=last.pk, at=timezone.now())  # begun before the other failed, or after: both end alike
    qbrs.fail_part(part_id=bad.pk, error="no disk", is_final=True, at=timezone.now())
    qbrs.start_part(part_id=last.pk, at=timezone.now())
    run.refresh_from_db()
    assert run.state == RunState.BUILDING

    qbrs.finish_part(part_id=last.pk, payload={}, suggested=[], at=timezone.now())

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    qbrs.retry_qbr(run_id=run.pk, by=manager, at=timezone.now())
    work()
    run.refresh_from_db()
    assert run.state == RunState.READY


def test_a_run_whose_workers_gave_up_is_not_handed_back(team: Team, manager: User) -> None:
    run = ask(team, manager)
    Job.objects.filter(task=BUILD_PART).update(state="quarantined")

    again = ask(team, manager, at=AT + timedelta(hours=1))

    assert (again.number, again.state) == (2, RunState.QUEUED)
    assert {one.pk: one.standing for one in with_standing(QbrRun.objects.all())} == {
        run.pk: RunState.FAILED,
        again.pk: RunState.QUEUED,
    }


def test_a_quarantined_job_shows_as_failed_and_can_be_tried_again(team: Team, manager: User) -> None:
    run = ask(team, manager)
    Job.objects.filter(task=BUILD_PART).update(state="quarantined")

    progress = get_progress(run, at=timezone.now())
    assert (progress.is_stuck, progress.state) == (True, RunState.FAILED)
    qbrs.retry_qbr(run_id=run.pk, by=manager, at=timezone.now(), is_stuck=True)
    work()
    run.refresh_from_db()
    assert run.state == RunState.READY


def test_a_rebuild_is_a_new_version_that_keeps_the_plan(team: Team, manager: User) -> None:
    first = ask(team, manager)
    work()
    actions.add_action(
        run_id=first.pk, text="Hold 110 first meetings", owner_id=manager.pk, due_on=None, by=manager, at=AT
    )

    second = ask(team, manager, at=AT + timedelta(days=1))
    work()

    assert (first.number, second.number) == (1, 2)
    assert "Hold 110 first meetings" in set(second.actions.values_list("text", flat=True))


def test_the_next_quarter_says_what_became_of_the_plan(team: Team, manager: User) -> None:
    first = ask(team, manager, quarter="2026Q2")
    work()
    done = actions.add_action(run_id=first.pk, text="Done one", owner_id=None, due_on=None, by=manager, at=AT)
    actions.mark_action(action_id=done.pk, done=True, by=manager, at=AT)

    second = ask(team, manager)
    work()

    last = QbrPart.objects.get(run=second, kind=PartKind.ACTIONS).payload["last"]
    assert ("Done one", "2026-10-02") in [(row["text"], row["done_on"]) for row in last]


def test_the_last_plan_is_told_as_it_stood_at_the_moment_of_the_review(team: Team, manager: User) -> None:
    first = ask(team, manager, quarter="2026Q2")
    work()
    later = actions.add_action(run_id=first.pk, text="Done later", owner_id=None, due_on=None, by=manager, at=AT)
    second = ask(team, manager)
    actions.mark_action(action_id=later.pk, done=True, by=manager, at=AT + timedelta(hours=1))
    work()

    last = QbrPart.objects.get(run=second, kind=PartKind.ACTIONS).payload["last"]
    assert ("Done later", None) in [(row["text"], row["done_on"]) for row in last]


def test_open_actions_of_somebody_who_leaves_go_to_the_new_owner(team: Team, manager: User) -> None:
    run, leaver = ask(team, manager), UserFactory(rep=True, team=team)
    open_one, done, other = (
        actions.add_action(run_id=run.pk, text=text, owner_id=owner.pk, due_on=None, by=manager, at=AT)
        for text, owner in (("Open", leaver), ("Done", leaver), ("Another's", UserFactory(rep=True, team=team)))
    )
    actions.mark_action(action_id=done.pk, done=True, by=manager, at=AT)

    moved = deactivate_user(user_id=leaver.pk, reassign_to_id=manager.pk, by=UserFactory(admin=True), at=AT)

    assert moved["quarter_actions"] == 1
    assert dict(QbrAction.objects.values_list("text", "owner")) == {
        "Open": manager.pk,
        "Done": leaver.pk,
        "Another's": other.owner_id,
    }
    open_one.refresh_from_db()
    assert open_one.version == 2


def test_two_people_editing_one_action_lose_nothing(team: Team, manager: User) -> None:
    run = ask(team, manager)
    action = actions.add_action(run_id=run.pk, text="Hold 110", owner_id=None, due_on=None, by=manager, at=AT)

    def edit(changes: dict[str, object], seen: dict[str, object]) -> QbrAction:
        return actions.edit_action(action_id=action.pk, changes=changes, seen=seen, by=manager, at=AT)

    edit({"text": "Hold 120"}, {"text": "Hold 110"})
    edit({"due_on": AT.date()}, {"due_on": None})  # another field: no conflict
    with pytest.raises(StaleRecord) as stale:
        edit({"text": "Hold 90"}, {"text": "Hold 110"})

    assert stale.value.current == {"text": "Hold 120"}
    action.refresh_from_db()
    assert (action.text, action.due_on, action.version) == ("Hold 120", AT.date(), 3)


def test_an_action_is_audited(team: Team, manager: User) -> None:
    run = ask(team, manager)
    action = actions.add_action(run_id=run.pk, text="Hold 110", owner_id=None, due_on=None, by=manager, at=AT)
    actions.edit_action(action_id=action.pk, changes={"text": "Hold 120"}, seen={}, by=manager, at=AT)

    audit = apps.get_model("reports", "QbrActionAudit")
    assert list(audit.objects.filter(pgh_obj_id=action.pk).order_by("pgh_id").values_list("text", flat=True)) == [
        "Hold 110",
        "Hold 120",
    ]
