"""What is to be done, by whom it is being done, and how far behind we are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from crm.enums import JobState
from crm.lib.jobs import JobSpec
from crm.lib.sql import ClockTimestamp
from crm.models import Job, WorkerHeartbeat
from crm.policies.jobs import JobFacts

# A worker holds an advisory lock for as long as it works on a job. The database frees it the moment the
# worker's connection ends, so a killed worker is noticed at once and not when its lease runs out.
# One key per lease: a worker that lost its lease may still hold the key of the old one.
LOCK_KEY = "(crm_job.id::bigint << 12) | (crm_job.lease_token & 4095)"
IS_HELD = f"""EXISTS (
    SELECT 1 FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((classid::bigint << 32) | objid::bigint) = ({LOCK_KEY})
)"""
NUDGE_TAKES = timedelta(seconds=3)
REPUBLISH_AFTER = timedelta(seconds=20)
LOOK_AGAIN_AFTER = timedelta(seconds=10)
WORKER_IS_RECENT = timedelta(seconds=60)


def lock_key(job: Job) -> int:
    """Return the key of the advisory lock of the job's present lease; the same sum as `LOCK_KEY`."""
    return (job.pk << 12) | (job.lease_token & 4095)


def is_held() -> RawSQL:
    """Whether the worker that has the job is still connected, as an expression on jobs."""
    return RawSQL(IS_HELD, ())


def get_job_facts(job: Job) -> tuple[JobFacts, datetime]:
    """Return how a locked job stands, and the database's clock."""
    row = Job.objects.annotate(held=is_held(), now=ClockTimestamp()).values("held", "now").get(pk=job.pk)
    facts = JobFacts(
        state=job.state,
        not_before=job.not_before,
        attempts=job.attempts,
        lease_until=job.lease_until,
        is_held=row["held"],
    )
    return facts, row["now"]


def publishable(*, broker_is_idle: bool) -> QuerySet[Job]:
    """Return the jobs nobody was told of, or whose worker is gone or too late.

    A message that was published but never arrived is missed only while the broker is idle: as long as
    messages wait there, that job's may be among them.
    """
    now = ClockTimestamp()
    untold = Q(state=JobState.QUEUED, published_at=None, created_at__lt=now - NUDGE_TAKES)
    lost = Q(state=JobState.QUEUED, published_at__lt=now - REPUBLISH_AFTER)
    deserted = Q(state=JobState.RUNNING) & (Q(lease_until__lt=now) | Q(held=False))
    told_lately = Q(state=JobState.RUNNING, published_at__gt=now - LOOK_AGAIN_AFTER)
    wanted = untold | deserted | lost if broker_is_idle else untold | deserted
    return (
        Job.objects.alias(held=is_held())
        .filter(wanted, state__in=[JobState.QUEUED, JobState.RUNNING], not_before__lte=now)
        .exclude(told_lately)
        .order_by("not_before", "id")
    )


def list_quarantined() -> list[Job]:
    """Return the jobs that wait until a person has looked, the oldest first."""
    return list(Job.objects.filter(state=JobState.QUARANTINED).order_by("pk"))


def get_recorded_periods(keys: list[str]) -> set[str]:
    """Return which of the keys exist."""
    return {str(key) for key in Job.objects.filter(key__in=keys).values_list("key", flat=True)}


def get_latest_period(spec: JobSpec) -> str | None:
    """Return the newest period the periodic job was asked to do; None before the first."""
    latest: str | None = Job.objects.filter(task=spec.name, key__startswith=f"{spec.name}:").aggregate(
        latest=Max("key")
    )["latest"]
    return latest.removeprefix(f"{spec.name}:") if latest else None


def is_worker_alive() -> bool:
    """Tell whether a worker showed lately that it works: by a tick, or by a job it holds right now."""
    recent = WorkerHeartbeat.objects.filter(seen_at__gt=ClockTimestamp() - WORKER_IS_RECENT)
    return recent.exists() or Job.objects.alias(held=is_held()).filter(state=JobState.RUNNING, held=True).exists()


@dataclass(frozen=True, slots=True)
class JobBacklog:
    """Jobs by state, and since when the oldest one that could run has waited."""

    queued: int
    running: int
    quarantined: int
    oldest_due_at: datetime | None


def get_backlog(*, at: datetime) -> JobBacklog:
    """Return how much is still to be done."""
    row = Job.objects.exclude(state=JobState.DONE).aggregate(
        queued=Count("id", filter=Q(state=JobState.QUEUED)),
        running=Count("id", filter=Q(state=JobState.RUNNING)),
        quarantined=Count("id", filter=Q(state=JobState.QUARANTINED)),
        oldest=Min("not_before", filter=Q(state=JobState.QUEUED, not_before__lte=at)),
    )
    return JobBacklog(row["queued"], row["running"], row["quarantined"], row["oldest"])


def database_answers() -> bool:
    """Tell whether the database answers a statement; raises where it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))
