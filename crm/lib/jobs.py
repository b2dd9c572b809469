"""How an app says what can be set in motion: `@job` for what somebody asks for, `@periodic` for the clock.

A job is a function in an app's `tasks.py`. It takes keyword ids, and from the runner `at`, the one reading
of the clock. It may be run late or again, so it calls one command or query and decides nothing itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, TypeVar

Every = timedelta | Literal["local_day"]
Function = TypeVar("Function", bound=Callable[..., Any])
DEFAULT_LEASE = timedelta(minutes=5)
LONGEST_LEASE = timedelta(minutes=50)


class LeaseLost(Exception):
    """Another worker took this job over; whatever this one still has in hand must not be saved."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one job for a while; `renew` prolongs it and raises `LeaseLost` when it is gone.

    A long job calls `renew()` inside each of its own transactions, which then fail as a whole for a worker
    that slept through its lease.
    """

    job_id: int
    token: int
    attempt: int
    renew: Callable[[], None]


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What the runner must know of a job.

    `atomic`: what the job writes and that it is done are one transaction, so it happens exactly once.
    Otherwise the function gets `lease` and commits in steps that are each safe to repeat.
    `catches_up`: every missed period gets a run of its own; otherwise only the present one.
    """

    name: str
    function: Callable[..., Any]
    lease: timedelta = DEFAULT_LEASE
    atomic: bool = True
    every: Every | None = None
    catches_up: bool = False


_specs: dict[str, JobSpec] = {}


def find_job(name: str) -> JobSpec | None:
    """Return the job of this name, if an app of this process has it."""
    return _specs.get(name)


def periodic_jobs() -> list[JobSpec]:
    """Return the jobs the clock sets in motion."""
    return [spec for spec in _specs.values() if spec.every is not None]


def job(name: str, *, lease: timedelta = DEFAULT_LEASE, atomic: bool = True) -> Callable[[Function], Function]:
    """Make a function of a `tasks.py` a job, under a name that outlives its place in the code."""
    return _registering(name, lease=lease, atomic=atomic)


def periodic(
    name: str,
    *,
    every: Every,
    lease: timedelta = DEFAULT_LEASE,
    atomic: bool = True,
    catches_up: bool | None = None,
) -> Callable[[Function], Function]:
    """Make a function a job that runs once per period; it also gets `period`, the period's name.

    `every` is an interval, counted in UTC and named by its start (`2026-11-21T10:05:00Z`), or `local_day`, the
    day of the organisation's zone (`2026-11-21`). Missed days are caught up one by one, missed intervals not,
    unless `catches_up` says otherwise.
    """
    wants_all = every == "local_day" if catches_up is None else catches_up
    return _registering(name, lease=lease, atomic=atomic, every=every, catches_up=wants_all)


def _registering(name: str, **options: Any) -> Callable[[Function], Function]:
    if options["lease"] > LONGEST_LEASE:
        raise ValueError(f"{name}: a lease is at most {LONGEST_LEASE}, below the broker's own timeout")

    def decorate(function: Function) -> Function:
        if name in _specs:
            raise ValueError(f"the job {name} is registered already")
        _specs[name] = JobSpec(name=name, function=function, **options)
        return function

    return decorate
