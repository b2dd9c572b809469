"""`bench import`: rows a second of each kind beside COPY, and the memory of the process as the file grows."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from django.core.management.base import CommandError

from crm.exchange.run import import_rows
from crm.lib.bulk import copy_rows
from crm.models import Activity
from reports.management.bench import data
from reports.management.bench.scratch import scratch_database
from reports.management.bench.timing import rate

SMALL, GOAL_MB, GROWTH_MB = 10_000, 300, 50


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Import `size` rows of each kind in this process, and files of 10,000 and of `size` activities in their own."""
    with scratch_database() as database_url, TemporaryDirectory() as folder:
        import_rows("users", list(data.users()), by=None, at=at)
        for kind, rows in (
            ("accounts", data.accounts(size)),
            ("leads", data.leads(size, at)),
            ("opportunities", data.deals(size, at)),
            ("lead-events", data.events(size, 4, at)),
        ):
            if kind == "opportunities":
                import_rows("contacts", data.contacts(size), by=None, at=at)
            started = perf_counter()
            done = import_rows(kind, rows, by=None, at=at, reason="Rows of a benchmark, no history")
            say(f"{kind:16}{rate(done.counts.read, perf_counter() - started)}")
        started = perf_counter()
        copy_rows(Activity, *_bare_rows(size, at))
        say(f"{'COPY':16}{rate(size, perf_counter() - started)}")
        _memory(Path(folder), size, database_url, at=at, say=say)


def _bare_rows(size: int, at: datetime) -> tuple[list[str], Iterator[list[object]]]:
    fields = Activity._meta.concrete_fields
    known = {"kind": "call", "occurred_at": at, "created_at": at, "recorded_at": at}
    values = [known.get(field.attname, field.get_default()) for field in fields if field.attname != "id"]
    return [str(field.column) for field in fields if field.attname != "id"], (values for _ in range(size))


def _memory(folder: Path, size: int, database_url: str, *, at: datetime, say: data.Say) -> None:
    peaks = []
    for count in (SMALL, max(size * 8, SMALL)):
        path = folder / f"{count}.csv"
        _write(path, data.activities(count, size, at), prefix=f"{count}-")
        started = perf_counter()
        peaks.append(_import_in_a_process(path, database_url))
        say(f"{'activities':16}{rate(count, perf_counter() - started)}, start of the process included, {peaks[-1]} MB")
    growth = peaks[1] - peaks[0]
    verdict = "within" if peaks[1] < GOAL_MB and growth < GROWTH_MB else "over"
    say(
        f"{'memory':16}{peaks[1]} MB, {growth} MB more than for {SMALL:,} rows: {verdict} {GOAL_MB} MB and {GROWTH_MB} MB"
    )


def _write(path: Path, rows: Iterator[data.Row], *, prefix: str) -> None:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        for row in (first, *islice(rows, None)):
            writer.writerow(row | {"external_id": prefix + row["external_id"]})


def _import_in_a_process(path: Path, database_url: str) -> int:
    """Return the megabytes the import of a file took at its peak."""
    argv = [sys.executable, "-m", "django", "import", "activities", str(path)]
    environment = os.environ | {
        "DATABASE_URL": database_url, "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "crm.settings.base",
        "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    # What the kernel adds up for children counts the moment before exec, when they still share our memory.
    process = subprocess.Popen(argv, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    peak = 0
    while process.poll() is None:
        peak = max(peak, _peak_of(process.pid))
        sleep(0.05)
    if process.returncode != 0:
        raise CommandError("The import failed.")
    return peak


def _peak_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)
