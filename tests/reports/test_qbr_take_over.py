"""A worker killed in the middle of a part: another takes it over, and the review is built once (F11)."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.models import Job
from crm.tasks import run_job
from reports.commands.qbrs import ask_qbr
from reports.enums import PartKind, PartState, RunState
from reports.models import QbrPart
from reports.queries.qbrs import BUILD_PART
from tests.factories.crm import TeamFactory

pytestmark = [pytest.mark.serial, pytest.mark.django_db(transaction=True)]
WAIT = 60
# A worker that has taken the job, has marked its part as being built, and gets no further.
WORKER = """
import sys, time, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from crm.commands.jobs import take_job
from reports.commands.qbrs import start_part
job = take_job(job_id=int(sys.argv[1]), lease=timedelta(minutes=5))
assert start_part(part_id=job.kwargs["part_id"], at=timezone.now()) is not None
print("working", flush=True)
time.sleep(600)
"""


def start_worker(job_id: int) -> "subprocess.Popen[str]":
    """Start a worker on the job and wait until it is in the middle of it."""
    known = connection.settings_dict
    who = quote(str(known["USER"])) + (f":{quote(str(known['PASSWORD']))}" if known["PASSWORD"] else "")
    place = {
        "DATABASE_URL": f"postgres://{who}@{known['HOST']}:{known['PORT']}/{known['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": "only for this test",
        "DJANGO_SETTINGS_MODULE": "crm.settings.base",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(job_id)],
        env=os.environ | place,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(settings.BASE_DIR),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    return process


def test_a_killed_worker_s_part_is_taken_over_and_built_once() -> None:
    run = ask_qbr(
        team_id=TeamFactory(name="Baltics").pk, quarter="2026Q3", by=None, at=datetime(2026, 10, 2, tzinfo=UTC)
    )
    first, *others = Job.objects.filter(task=BUILD_PART).order_by("pk")
    process = start_worker(first.pk)
    for job in others:
        assert run_job(job_id=job.pk, at=timezone.now())
    run.refresh_from_db()
    assert (run.state, run_job(job_id=first.pk, at=timezone.now())) == (
        RunState.BUILDING,
        False,
    )  # it is being worked on

    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=WAIT)
    deadline = time.monotonic() + WAIT
    while not run_job(job_id=first.pk, at=timezone.now()):
        assert time.monotonic() < deadline
        time.sleep(0.2)

    run.refresh_from_db()
    first.refresh_from_db()
    assert (run.state, first.attempts) == (RunState.READY, 2)
    assert list(QbrPart.objects.filter(run=run).values_list("state", flat=True)) == [PartState.DONE] * len(PartKind)
    assert process.stdout is not None
    process.stdout.close()
