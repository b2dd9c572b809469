"""What Celery runs: one job by its id, and the tick that finds what is due.

Neither trusts the broker. A message may come twice, late or never; the row decides.
"""

import logging
import socket
import time
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone
from redis import RedisError

from crm.commands import idempotency, invitations
from crm.commands import jobs as commands
from crm.lib import broker
from crm.lib.jobs import DEFAULT_LEASE, JobSpec, Lease, LeaseLost, find_job, job, periodic
from crm.lib.origin import origin
from crm.models import Job

logger = logging.getLogger(__name__)
SHORT_QUEUE = 20


class UnknownJob(LookupError):
    """No app of this installation has a job of that name."""


@shared_task(name=broker.RUN_JOB)
def run_job_by_id(job_id: int) -> None:
    """Run one job, if it may run and nobody else does."""
    run_job(job_id=job_id, at=timezone.now())


@shared_task(name=broker.TICK)
def tick() -> None:
    """Show that this worker works, ask for periods that began, and tell workers what nobody was told of."""
    at = timezone.now()
    commands.record_heartbeat(name=socket.gethostname(), at=at)
    commands.enqueue_due_periods(at=at)
    publish_due()


@periodic("crm.forget_done_jobs", every=timedelta(days=1))
def forget_done_jobs(*, period: str, at: datetime) -> None:
    """Delete what was done long ago."""
    commands.forget_done_jobs(at=at)


@periodic("crm.forget_answers", every=timedelta(days=1))
def forget_answers(*, period: str, at: datetime) -> None:
    """Delete the answers of the API that nobody can ask for again."""
    idempotency.forget_answers(at=at)


@job("crm.send_invitation")
def send_invitation(*, user_id: int, base_url: str, at: datetime) -> None:
    """Mail an invited person the link to set a password."""
    invitations.send_invitation(user_id=user_id, base_url=base_url)


def publish_due() -> int:
    """Relay what is due to the broker; return how many jobs that were."""
    try:
        idle = broker.queue_length() < SHORT_QUEUE
    except RedisError:
        return 0  # the next tick comes, and rows wait
    job_ids = commands.claim_publishable(broker_is_idle=idle)
    broker.nudge(job_ids)
    return len(job_ids)


def run_job(*, job_id: int, at: datetime) -> bool:
    """Run one job in this process; return whether it was done.

    Never raises for what the job does: a failure is a row with its error, tried again or in quarantine.
    """
    spec = find_job(Job.objects.filter(pk=job_id).values_list("task", flat=True).first() or "")
    job = commands.take_job(job_id=job_id, lease=spec.lease if spec else DEFAULT_LEASE)
    if job is None:
        return False
    started = time.monotonic()
    try:
        with origin(via="job", reference=str(job.pk)):
            outcome = _attempt(job, spec, at)
    finally:
        commands.release_job(job=job)
    seconds = time.monotonic() - started
    logger.info("job %s %s attempt %s: %s in %.2f s", job.pk, job.task, job.attempts, outcome, seconds)
    return outcome == "done"


def _attempt(job: Job, spec: JobSpec | None, at: datetime) -> str:
    try:
        if spec is None:
            raise UnknownJob(job.task)
        _limit_statements(spec.lease)
        _execute(job, spec, at)
    except LeaseLost as lost:
        return f"refused ({lost})"
    except Exception as error:  # whatever a job raises is recorded, not lost
        logger.exception("job %s %s failed", job.pk, job.task)
        return _record_failure(job, f"{type(error).__name__}: {error}")
    finally:
        _limit_statements(None)
    return "done"


def _execute(job: Job, spec: JobSpec, at: datetime) -> None:
    if spec.atomic:
        with transaction.atomic():
            spec.function(at=at, **job.kwargs)
            commands.finish_job(job=job)
        return
    renew = partial(commands.renew_lease, job=job, lease=spec.lease)
    lease = Lease(job_id=job.pk, token=job.lease_token, attempt=job.attempts, renew=renew)
    spec.function(at=at, lease=lease, **job.kwargs)
    commands.finish_job(job=job)


def _record_failure(job: Job, error: str) -> str:
    try:
        again = commands.fail_job(job=job, error=error)
    except LeaseLost as lost:
        return f"refused ({lost})"
    return "failed, will be tried again" if again else "failed, now in quarantine"


def _limit_statements(lease: timedelta | None) -> None:
    """Let a statement of a job take as long as its lease; a request's limit is for people who wait."""
    with connection.cursor() as cursor:
        if lease is None:
            cursor.execute("RESET statement_timeout")
        else:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{int(lease.total_seconds())}s"])
