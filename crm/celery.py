"""Celery: its broker carries nudges to run a job (crm.tasks); the truth about work is in PostgreSQL."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from crm.embedded.isolation import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.base")

TICK_SECONDS = 5.0

app = Celery("setpoint")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_default_queue="setpoint",
    # Ends before the broker would hand the same message to a second worker.
    task_time_limit=3300,
    beat_schedule={
        # A tick nobody took within its time is worth nothing: the next one does the same.
        "tick": {"task": "crm.tick", "schedule": TICK_SECONDS, "options": {"expires": 2 * TICK_SECONDS}}
    },
)
app.autodiscover_tasks()


@worker_ready.connect
def find_work_at_once(**kwargs: Any) -> None:
    """Look for interrupted jobs as soon as a worker is there, without waiting for beat."""
    app.send_task("crm.tick", retry=False)


@worker_process_init.connect
def leave_nothing_behind(**kwargs: Any) -> None:
    """End a pool process whose worker was killed; it would wait for work for ever."""
    die_with_parent(signal.SIGKILL)


def return_unacked() -> int:
    """Give messages that a killed worker held back to the queue; only while no worker runs.

    The broker itself would do so after an hour.
    """
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        with channel.conn_or_acquire() as client:
            tags = [tag.decode() for tag in client.hkeys(channel.unacked_key)]
        for tag in tags:
            channel.qos.restore_by_tag(tag)
    return len(tags)
