"""The outbox and its leases: everything that writes `Job` (D-7, reliability.md 0).

A job is asked for inside the transaction that needs it, so it exists exactly when its reason does. The
clock of all leases is the database's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from crm.enums import JobState
from crm.lib import broker
from crm.lib.jobs import JobSpec, LeaseLost, periodic_jobs
from crm.lib.sql import ClockTimestamp
from crm.models import Job, WorkerHeartbeat
from crm.policies.jobs import is_worn_out, may_take, missed_periods, period_of, retry_after
from crm.queries import jobs as queries
from crm.queries.organisation import get_zone

LONGEST_ERROR = 4000
KEEP_DONE = timedelta(days=30)
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class JobRequest:
    """One job to ask for; see `enqueue_job`."""

    task: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    not_before: datetime | None = None


def enqueue_job(
    *,
    task: str,
    kwargs: Mapping[str, Any],
    at: datetime,
    key: str | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Ask for a job in the caller's transaction and nudge a worker once it is committed.

    `kwargs` holds ids and other JSON. The same `key` again gives the job that has it, done or not.
    """
    request = JobRequest(task, kwargs, key, not_before)
    return enqueue_jobs(requests=[request], at=at)[0]


@transaction.atomic
def enqueue_jobs(*, requests: Sequence[JobRequest], at: datetime) -> list[Job]:
    """Ask for many jobs in one statement; gives them in order, those whose key existed included."""
    keyed = [request.key for request in requests if request.key is not None]
    known = Job.objects.in_bulk(keyed, field_name="key") if keyed else {}
    wanted = {request.key or index: request for index, request in enumerate(requests) if request.key not in known}
    made = {name: _unsaved(request, at) for name, request in wanted.items()}
    # A key somebody else commits in this moment is theirs: the conflict waits for them and inserts nothing.
    Job.objects.bulk_create([job for job in made.values() if job.key], ignore_conflicts=True)
    Job.objects.bulk_create([job for job in made.values() if not job.key])
    if any(job.key for job in made.values()):
        known = Job.objects.in_bulk(keyed, field_name="key")
    jobs = [known[request.key] if request.key else made[index] for index, request in enumerate(requests)]
    due = [job.pk for job in jobs if job.state == JobState.QUEUED and job.not_before <= at]
    if due:
        transaction.on_commit(partial(broker.nudge, due[:MOST_AT_ONCE]))
    return jobs


def _unsaved(request: JobRequest, at: datetime) -> Job:
    return Job(task=request.task, kwargs=dict(request.kwargs), key=request.key, not_before=request.not_before or at)


@transaction.atomic
def take_job(*, job_id: int, lease: timedelta) -> Job | None:
    """Take the lease of a job that may run, or return None: it is done, not due, or another worker has it.

    Counts the attempt before the work begins, so that a job which kills its worker is counted too. The
    attempt after the last one puts the job into quarantine. The lease is also a lock of this connection
    (queries/jobs.py); give it back with `release_job`.
    """
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None:
        return None
    facts, now = queries.get_job_facts(job)
    if not may_take(facts, now=now):
        return None
    if is_worn_out(facts):
        _quarantine(job, error=job.error or "the worker ended in the middle of every attempt", now=now)
        return None
    job.state, job.lease_until, job.published_at = JobState.RUNNING, now + lease, now
    job.attempts += 1
    job.lease_token += 1
    job.save(update_fields=["state", "lease_until", "published_at", "attempts", "lease_token"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [queries.lock_key(job)])
    return job


def _quarantine(job: Job, *, error: str, now: datetime) -> None:
    job.state, job.error, job.finished_at, job.lease_until = JobState.QUARANTINED, error, now, None
    job.save(update_fields=["state", "error", "finished_at", "lease_until"])


def release_job(*, job: Job) -> None:
    """Give back the lock that says this connection works on the job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [queries.lock_key(job)])


def renew_lease(*, job: Job, lease: timedelta) -> None:
    """Prolong the lease, and lock the job until the caller's transaction ends.

    :raises LeaseLost: another worker has it
    """
    _only_with_lease(job, lease_until=ClockTimestamp() + lease)


def finish_job(*, job: Job) -> None:
    """Mark the job done; in the transaction of its work, so that both happen or neither.

    :raises LeaseLost: another worker has it, and this one's work must not be saved
    """
    _only_with_lease(job, state=JobState.DONE, finished_at=ClockTimestamp(), lease_until=None, error="")


def fail_job(*, job: Job, error: str) -> bool:
    """Record why an attempt failed; tell whether there will be another one.

    :raises LeaseLost: another worker has it
    """
    text = error.replace("\x00", "")[-LONGEST_ERROR:]
    pause = retry_after(job.attempts)
    if pause is None:
        _only_with_lease(job, state=JobState.QUARANTINED, error=text, finished_at=ClockTimestamp(), lease_until=None)
        return False
    _only_with_lease(
        job, state=JobState.QUEUED, error=text, not_before=ClockTimestamp() + pause, lease_until=None, published_at=None
    )
    return True


def _only_with_lease(job: Job, **values: Any) -> None:
    """Write only while the fencing token is ours: a worker that slept must not undo its successor's work."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)
    if not mine.update(**values):
        raise LeaseLost(f"job {job.pk} was taken over after attempt {job.attempts}")


@transaction.atomic
def claim_publishable(*, broker_is_idle: bool) -> list[int]:
    """Choose what workers must be told of and note that they were told; other relays skip it meanwhile."""
    chosen = queries.publishable(broker_is_idle=broker_is_idle).select_for_update(skip_locked=True)
    job_ids = list(chosen.values_list("pk", flat=True)[:MOST_AT_ONCE])
    Job.objects.filter(pk__in=job_ids).update(published_at=ClockTimestamp())
    return job_ids


def enqueue_due_periods(*, at: datetime) -> int:
    """Ask for every period of every periodic job that has begun and was not asked for; safe to run twice."""
    specs = periodic_jobs()
    zone = get_zone()
    current = {spec.name: period_of(spec.every, at=at, zone=zone) for spec in specs if spec.every}
    recorded = queries.get_recorded_periods([f"{name}:{period}" for name, period in current.items()])
    behind = [spec for spec in specs if f"{spec.name}:{current[spec.name]}" not in recorded]
    requests = [request for spec in behind for request in _requests(spec, current[spec.name])]
    enqueue_jobs(requests=requests, at=at)
    return len(requests)


def _requests(spec: JobSpec, current: str) -> list[JobRequest]:
    """Return the missed periods, the current one last; only the few jobs whose period turned come here."""
    assert spec.every is not None
    latest = queries.get_latest_period(spec) if spec.catches_up else None
    periods = missed_periods(spec.every, latest=latest, current=current)
    return [JobRequest(spec.name, {"period": period}, f"{spec.name}:{period}") for period in periods]


def record_heartbeat(*, name: str, at: datetime) -> None:
    """Note that a worker takes work."""
    WorkerHeartbeat.objects.update_or_create(name=name, defaults={"seen_at": at})


def retry_quarantined(*, job_id: int, at: datetime) -> bool:
    """Give a quarantined job its attempts back, once a person has removed the cause."""
    quarantined = Job.objects.filter(pk=job_id, state=JobState.QUARANTINED)
    return bool(
        quarantined.update(state=JobState.QUEUED, attempts=0, not_before=at, finished_at=None, published_at=None)
    )


def forget_done_jobs(*, at: datetime) -> int:
    """Delete what was done long ago; the quarantine is kept until a person looks."""
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=at - KEEP_DONE)
    return old.delete()[0]
