"""`bench rescore`: every lead replayed, beside one bare UPDATE of as many rows."""

from datetime import datetime
from time import perf_counter

from django.db import connection, transaction

from crm.exchange.run import import_rows
from reports.management.bench import data
from reports.management.bench.scratch import scratch_database
from reports.management.bench.timing import rate
from scoring.commands.scores import refresh_all_scores
from scoring.models import LeadScore

EVENTS_EACH = 20


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Replay `size` leads of 20 events each, twice: stored scores changed, and all as they should be."""
    with scratch_database():
        say(f"filling a scratch database with {size:,} leads of {EVENTS_EACH} events …")
        import_rows("users", list(data.users()), by=None, at=at)
        import_rows("leads", data.leads(size, at), by=None, at=at)
        import_rows("lead-events", data.events(size, EVENTS_EACH, at), by=None, at=at)
        LeadScore.objects.update(score=-1)
        for name in ("full rescore, all changed", "full rescore, none changed"):
            started = perf_counter()
            done = refresh_all_scores(at=at)
            say(f"{name:28}{rate(done.leads, perf_counter() - started)} ({done.changed:,} changed)")
        started = perf_counter()
        _bare_update()
        say(f"{'bare UPDATE':28}{rate(size, perf_counter() - started)}")


def _bare_update() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_leadscore SET score = score + 1")
