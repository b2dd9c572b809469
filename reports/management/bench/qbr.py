"""`bench qbr`: a quarter review over as many deals, from being asked for to being ready."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from django.core.management import call_command

from crm.lib.periods import quarter_of
from crm.queries.organisation import get_local_date
from reports.management.bench.data import Say, load_company
from reports.management.bench.scratch import scratch_database

GOAL_SECONDS = 10


def run(size: int, *, at: datetime, say: Say) -> None:
    """Build a review of the running quarter for the one team of the scratch database."""
    with scratch_database(), TemporaryDirectory() as folder:
        load_company(size, at=at, say=say)
        quarter = quarter_of(get_local_date(at)).code
        started = perf_counter()
        call_command("qbr", team="Bench", quarter=quarter, out=Path(folder) / "review.json")
        seconds = perf_counter() - started
    say(f"quarter review of {size:,} deals: {seconds:.2f} s (goal: under {GOAL_SECONDS} s)")
