"""`manage.py jobs`: what failed too often and waits for a person; `--retry` gives it its attempts back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.commands.jobs import retry_quarantined
from crm.lib.origin import origin
from crm.queries.jobs import list_quarantined

ALL = "all"


class Command(BaseCommand):
    """Parses what was typed, calls one command or query, prints."""

    help = "List the jobs that failed too often, each with its last error. With --retry, let them be tried again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what may be typed."""
        parser.add_argument(
            "--retry", metavar="ID|all", help="try this job again, or all of them, once the cause is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        if options["retry"]:
            self._retry(options["retry"])
            return
        jobs = list_quarantined()
        for job in jobs:
            ended = f"{job.finished_at:%Y-%m-%d %H:%M} UTC" if job.finished_at else ""
            self.stdout.write(f"{job.pk}\t{job.task}\t{ended}\t{_last_line(job.error)}")
        if not jobs:
            self.stdout.write("No job waits for a person.")

    def _retry(self, text: str) -> None:
        if text != ALL and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise CommandError(f"{text} is no job. Write its number, or all.")
        job_ids = [job.pk for job in list_quarantined()] if text == ALL else [int(text)]
        at = timezone.now()
        with origin(via="command"):
            retried = [job_id for job_id in job_ids if retry_quarantined(job_id=job_id, at=at)]
        if text != ALL and not retried:
            raise CommandError(f"Job {text} does not wait for a person. `manage.py jobs` lists those that do.")
        self.stdout.write(f"{len(retried)} jobs will be tried again.")


def _last_line(error: str) -> str:
    lines = error.strip().splitlines()
    return lines[-1] if lines else ""
