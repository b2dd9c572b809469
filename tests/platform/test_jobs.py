"""The outbox: asked for once, done once, whatever workers, clocks and messages do."""

from datetime import timedelta

import pytest
from celery import Celery
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from crm import tasks
from crm.celery import app
from crm.commands import jobs as commands
from crm.commands.jobs import JobRequest, enqueue_job, enqueue_jobs
from crm.enums import JobState
from crm.lib import broker
from crm.lib import jobs as registry
from crm.models import Job, WorkerHeartbeat
from crm.policies.jobs import MOST_ATTEMPTS
from crm.queries.jobs import is_worker_alive, lock_key, publishable

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)
NAME = "platform.note"


@pytest.fixture
def at():
    return timezone.now() - timedelta(minutes=1)


@pytest.fixture
def note(monkeypatch):
    """A job that writes a heartbeat row under the name it is given, and fails for the name `bad`."""
    monkeypatch.setattr(registry, "_specs", {})

    def write(*, name, at):
        WorkerHeartbeat.objects.create(name=name, seen_at=at)
        if name == "bad":
            raise ValueError("no such name\x00")

    registry.job(NAME, lease=LEASE)(write)


def notes():
    return list(WorkerHeartbeat.objects.values_list("name", flat=True).order_by("name"))


def ask(at, name="one", **options):
    return enqueue_job(task=NAME, kwargs={"name": name}, at=at, **options)


def age(job, **changes):
    """Make the job as old as a test needs it; only the database's clock counts."""
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()


def test_a_job_is_done_and_done_again_when_its_message_comes_twice(note, at):
    job = ask(at)
    assert [tasks.run_job(job_id=job.pk, at=at) for _ in range(3)] == [True, False, False]
    job.refresh_from_db()
    assert (notes(), job.state, job.attempts, job.lease_until) == (["one"], JobState.DONE, 1, None)


def test_a_job_exists_exactly_when_its_reason_does(note, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        ask(at)
        transaction.set_rollback(True)
    assert (Job.objects.count(), callbacks) == (0, [])


def test_the_same_key_is_the_same_job(note, at):
    first = ask(at, key="k")
    tasks.run_job(job_id=first.pk, at=at)
    again = ask(at, name="other", key="k")
    assert (again.pk, again.state, notes()) == (first.pk, JobState.DONE, ["one"])


def test_many_are_asked_for_in_a_few_statements(note, at, django_assert_num_queries):
    ask(at, key="b")
    requests = [JobRequest(NAME, {"name": key}, key) for key in "abcba"] + [JobRequest(NAME, {"name": "free"})] * 2
    with django_assert_num_queries(6):  # savepoint, known, keyed, others, known again, release
        jobs = enqueue_jobs(requests=requests, at=at)
    assert [job.key for job in jobs] == ["a", "b", "c", "b", "a", None, None]
    assert (len({job.pk for job in jobs}), Job.objects.count()) == (5, 5)


def test_a_job_waits_until_it_is_due(note, at):
    job = ask(at, not_before=timezone.now() + timedelta(hours=1))
    assert tasks.run_job(job_id=job.pk, at=at) is False
    assert list(publishable(broker_is_idle=True)) == []
    age(job, not_before=timezone.now())
    assert tasks.run_job(job_id=job.pk, at=at) is True


def test_a_failure_leaves_nothing_but_its_reason_and_is_tried_again(note, at):
    job = ask(at, name="bad")
    assert tasks.run_job(job_id=job.pk, at=at) is False
    job.refresh_from_db()
    assert (notes(), job.state, job.attempts, job.error) == ([], JobState.QUEUED, 1, "ValueError: no such name")
    assert tasks.run_job(job_id=job.pk, at=at) is False, "not before its pause is over"
    assert job.not_before > timezone.now()


def test_after_three_failures_a_person_must_look(note, at):
    job = ask(at, name="bad")
    for _ in range(MOST_ATTEMPTS):
        age(job, not_before=at)
        tasks.run_job(job_id=job.pk, at=at)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.QUARANTINED, 3, "ValueError: no such name")
    assert tasks.run_job(job_id=job.pk, at=at) is False
    assert commands.retry_quarantined(job_id=job.pk, at=at) is True
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_a_person_lists_what_failed_and_lets_it_be_tried_again(note, at, capsys):
    jobs = [ask(at, name="bad") for _ in range(2)]
    Job.objects.update(
        state=JobState.QUARANTINED, attempts=3, finished_at=at, error="Traceback\nValueError: no such name"
    )
    call_command("jobs")
    listed = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(row[0], row[1], row[3]) for row in listed] == [
        (str(job.pk), NAME, "ValueError: no such name") for job in jobs
    ]
    call_command("jobs", retry=str(jobs[0].pk))
    assert list(Job.objects.order_by("pk").values_list("state", "attempts")) == [("queued", 0), ("quarantined", 3)]
    for wrong in (str(jobs[0].pk), "first"):
        with pytest.raises(CommandError):
            call_command("jobs", retry=wrong)
    call_command("jobs", retry="all")
    assert set(Job.objects.values_list("state", flat=True)) == {"queued"}
    call_command("jobs")
    assert capsys.readouterr().out.splitlines()[-1] == "No job waits for a person."


def test_a_job_that_kills_its_worker_ends_in_quarantine(note, at):
    job = ask(at)
    for _ in range(MOST_ATTEMPTS):
        taken = commands.take_job(job_id=job.pk, lease=LEASE)
        commands.release_job(job=taken)  # what the end of its connection does
    assert commands.take_job(job_id=job.pk, lease=LEASE) is None
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.QUARANTINED, "the worker ended in the middle of every attempt")


def test_a_job_nobody_has_is_not_lost(note, at):
    job = enqueue_job(task="platform.unknown", kwargs={}, at=at)
    tasks.run_job(job_id=job.pk, at=at)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.QUEUED, "UnknownJob: platform.unknown")


def test_a_worker_that_slept_through_its_lease_is_refused(note, at):
    job = ask(at)
    sleeper = commands.take_job(job_id=job.pk, lease=LEASE)
    assert commands.take_job(job_id=job.pk, lease=LEASE) is None, "its worker is connected and in time"
    age(job, lease_until=at)
    successor = commands.take_job(job_id=job.pk, lease=LEASE)
    assert (successor.attempts, successor.lease_token) == (2, sleeper.lease_token + 1)
    for late in (commands.finish_job, lambda job: commands.renew_lease(job=job, lease=LEASE)):
        with pytest.raises(registry.LeaseLost):
            late(job=sleeper)
    with pytest.raises(registry.LeaseLost):
        commands.fail_job(job=sleeper, error="late")
    commands.finish_job(job=successor)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def test_what_a_late_worker_wrote_is_not_saved(monkeypatch, at):
    monkeypatch.setattr(registry, "_specs", {})

    def write_while_another_takes_over(*, name, at):
        WorkerHeartbeat.objects.create(name=name, seen_at=at)
        Job.objects.update(lease_token=99)

    registry.job(NAME)(write_while_another_takes_over)
    job = ask(at)
    assert tasks.run_job(job_id=job.pk, at=at) is False
    assert notes() == []


def test_a_long_job_gets_its_lease_and_commits_in_steps(monkeypatch, at):
    monkeypatch.setattr(registry, "_specs", {})
    seen = []

    def work(*, name, at, lease):
        WorkerHeartbeat.objects.create(name=name, seen_at=at)
        lease.renew()
        seen.append((lease.attempt, Job.objects.get().lease_until > timezone.now()))
        raise ValueError("later")

    registry.job(NAME, atomic=False, lease=LEASE)(work)
    job = ask(at)
    assert tasks.run_job(job_id=job.pk, at=at) is False
    assert (notes(), seen) == (["one"], [(1, True)])


def test_a_statement_of_a_job_may_take_as_long_as_its_lease(monkeypatch, at):
    monkeypatch.setattr(registry, "_specs", {})
    seen = []

    def look(*, at):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            seen.append(cursor.fetchone()[0])

    registry.job(NAME, lease=LEASE)(look)
    tasks.run_job(job_id=enqueue_job(task=NAME, kwargs={}, at=at).pk, at=at)
    look(at=at)
    assert seen[0] == "1min"
    assert seen[1] != "1min"


@pytest.mark.parametrize(
    ("changes", "idle", "expected"),
    [
        pytest.param({}, True, [], id="its nudge is on the way"),
        pytest.param({"created_at": -10}, False, ["it"], id="nobody was told"),
        pytest.param({"created_at": -90, "published_at": -10}, True, [], id="told lately"),
        pytest.param({"created_at": -90, "published_at": -30}, True, ["it"], id="the message was lost"),
        pytest.param({"created_at": -90, "published_at": -30}, False, [], id="the message may still wait"),
        pytest.param(
            {"state": JobState.RUNNING, "published_at": -20, "lease_until": -1}, False, ["it"], id="lease ran out"
        ),
        pytest.param(
            {"state": JobState.RUNNING, "published_at": -20, "lease_until": 60}, False, ["it"], id="worker is gone"
        ),
        pytest.param({"state": JobState.RUNNING, "published_at": -5, "lease_until": -1}, False, [], id="just told"),
        pytest.param({"state": JobState.DONE, "created_at": -90}, True, [], id="done"),
    ],
)
def test_what_the_relay_publishes(note, at, changes, idle, expected):
    job = ask(at)
    now = timezone.now()
    ages = {key: now + timedelta(seconds=value) if isinstance(value, int) else value for key, value in changes.items()}
    age(job, **ages)
    assert ["it" for _ in publishable(broker_is_idle=idle)] == expected


def test_the_relay_tells_of_a_job_once(note, at):
    job = ask(at)
    age(job, created_at=at)
    assert commands.claim_publishable(broker_is_idle=True) == [job.pk]
    assert commands.claim_publishable(broker_is_idle=True) == []


def test_a_job_a_connected_worker_holds_is_left_alone(note, at):
    job = ask(at)
    taken = commands.take_job(job_id=job.pk, lease=LEASE)
    age(job, published_at=at)
    assert list(publishable(broker_is_idle=True)) == []
    assert is_worker_alive(), "whoever holds a job is alive"
    commands.release_job(job=taken)
    assert list(publishable(broker_is_idle=True)) == [job]
    assert not is_worker_alive()
    assert lock_key(taken) == (job.pk << 12) | 1


def test_a_worker_is_alive_for_a_minute_after_its_tick(at):
    assert not is_worker_alive()
    commands.record_heartbeat(name="w", at=timezone.now() - timedelta(minutes=2))
    assert not is_worker_alive()
    commands.record_heartbeat(name="w", at=timezone.now())
    assert is_worker_alive()


def test_every_period_is_asked_for_once_and_missed_days_are_caught_up(monkeypatch):
    monkeypatch.setattr(registry, "_specs", {})
    registry.periodic("platform.daily", every="local_day")(lambda *, period, at: None)
    registry.periodic("platform.often", every=timedelta(minutes=5))(lambda *, period, at: None)
    start = timezone.now().replace(year=2026, month=10, day=24, hour=12, minute=1)
    assert [commands.enqueue_due_periods(at=start) for _ in range(2)] == [2, 0]
    assert commands.enqueue_due_periods(at=start + timedelta(days=3)) == 4
    daily = Job.objects.filter(task="platform.daily").order_by("key")
    assert [job.kwargs["period"] for job in daily] == ["2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"]
    assert Job.objects.filter(task="platform.often").count() == 2


def test_two_beats_ask_at_the_cost_of_two_reads(monkeypatch, at, django_assert_num_queries):
    monkeypatch.setattr(registry, "_specs", {})
    for number in range(3):
        registry.periodic(f"platform.job{number}", every=timedelta(hours=1))(lambda *, period, at: None)
    commands.enqueue_due_periods(at=at)
    with django_assert_num_queries(4):  # zone, recorded periods, and an empty savepoint
        assert commands.enqueue_due_periods(at=at) == 0


def test_what_was_done_long_ago_is_forgotten_and_the_quarantine_is_not(note, at):
    done, kept = ask(at), ask(at, name="bad")
    age(done, state=JobState.DONE, finished_at=at - timedelta(days=31))
    age(kept, state=JobState.QUARANTINED, finished_at=at - timedelta(days=31))
    assert commands.forget_done_jobs(at=at) == 1
    assert list(Job.objects.all()) == [kept]


@pytest.fixture
def broker_is_down():
    """Celery publishes to a port nobody listens on."""
    down = Celery("down", broker="redis://127.0.0.1:1/0", set_as_current=True)
    down.conf.broker_transport_options = app.conf.broker_transport_options
    yield
    app.set_current()
    broker._down_until = 0.0


def test_a_broker_that_is_down_delays_and_loses_nothing(note, at, broker_is_down, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(at)
    assert broker._down_until > 0
    assert broker.nudge([job.pk]) is False, "requests do not wait again"
    age(job, created_at=at)
    assert commands.claim_publishable(broker_is_idle=True) == [job.pk]
