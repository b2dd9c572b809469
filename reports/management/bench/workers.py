"""Processes that do the jobs that wait, as workers do, without a broker between."""

from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from time import perf_counter, sleep

from django.db import connections
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from crm.enums import JobState
from crm.models import Job
from crm.tasks import run_job

AHEAD = 8  # a worker looks at so many jobs at once
TO_DO = (JobState.QUEUED, JobState.RUNNING)


def start_worker(number: int = 0, clock: Callable[[], datetime] = timezone.now) -> BaseProcess:
    """Start a process that works by its clock until nothing is left; connections are opened anew in it and here."""
    autodiscover_modules("tasks")
    connections.close_all()
    process = get_context("fork").Process(target=_work, args=(number, clock), daemon=True)
    process.start()
    return process


def work_off(workers: int) -> float:
    """Let so many processes do what waits; return the seconds they took."""
    started = perf_counter()
    running = [start_worker(number) for number in range(workers)]
    for each in running:
        each.join()
    return perf_counter() - started


def _work(number: int, clock: Callable[[], datetime]) -> None:
    while True:
        ids = list(Job.objects.filter(state__in=TO_DO).order_by("pk").values_list("pk", flat=True)[:AHEAD])
        if not ids:
            break
        turned = ids[number % len(ids) :] + ids[: number % len(ids)]
        if not any(run_job(job_id=pk, at=clock()) for pk in turned):
            sleep(0.01)  # others have them all
    connections.close_all()
