"""When a job may run, when it is tried again, and which periods are due. No clock: `now` is given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.enums import JobState

MOST_ATTEMPTS = 3
RETRY_AFTER = (timedelta(seconds=10), timedelta(seconds=60))
MOST_MISSED_PERIODS = 400


@dataclass(frozen=True, slots=True)
class JobFacts:
    """A job as it stands, under its row lock; `is_held` when the worker that has it is still connected."""

    state: str
    not_before: datetime
    attempts: int
    lease_until: datetime | None
    is_held: bool


def may_take(job: JobFacts, *, now: datetime) -> bool:
    """Tell whether a worker may start on the job: it is due, or the one who had it is dead or too late."""
    if job.state == JobState.QUEUED:
        return job.not_before <= now
    if job.state == JobState.RUNNING:
        return not job.is_held or job.lease_until is None or job.lease_until <= now
    return False


def is_worn_out(job: JobFacts) -> bool:
    """Tell whether the job ended its worker or its attempts so often that a person must look."""
    return job.attempts >= MOST_ATTEMPTS


def retry_after(attempts: int) -> timedelta | None:
    """Return how long to wait before the next attempt; None when there is none."""
    return RETRY_AFTER[attempts - 1] if attempts < MOST_ATTEMPTS else None


def period_of(every: timedelta | str, *, at: datetime, zone: ZoneInfo) -> str:
    """Return the name of the period that holds `at`; names sort in order of time."""
    if isinstance(every, str):
        return at.astimezone(zone).date().isoformat()
    start = datetime.fromtimestamp(at.timestamp() // every.total_seconds() * every.total_seconds(), tz=UTC)
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def missed_periods(every: timedelta | str, *, latest: str | None, current: str) -> list[str]:
    """Return the periods after `latest` up to the current one; the newest ones where too many were missed."""
    if latest is None:
        return [current]
    return list(_after(every, latest, current))[-MOST_MISSED_PERIODS:]


def _after(every: timedelta | str, latest: str, current: str) -> Iterator[str]:
    if isinstance(every, str):
        day, last = date.fromisoformat(latest), date.fromisoformat(current)
        while day < last:
            day += timedelta(days=1)
            yield day.isoformat()
        return
    moment, end = datetime.fromisoformat(latest), datetime.fromisoformat(current)
    while moment < end:
        moment += every
        yield moment.strftime("%Y-%m-%dT%H:%M:%SZ")
