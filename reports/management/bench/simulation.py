"""`bench simulation`: rules tried on the real past, and the slider over what was found."""

import statistics
from datetime import datetime
from time import perf_counter

from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.models import User
from reports.management.bench import data
from reports.management.bench.leads import fill
from reports.management.bench.scratch import scratch_database
from reports.management.bench.timing import rate
from reports.management.bench.workers import work_off
from scoring.commands.rules import edit_draft
from scoring.commands.simulations import ask_simulation
from scoring.models import ScoringModel, Simulation

EVENTS_EACH, MOVES = 20, 40
# Every tenth lead became qualified within its time.
QUALIFIED = """
INSERT INTO scoring_leadstatusevent (lead_id, old, new, occurred_at, recorded_at, via, reason)
SELECT id, 'mql', 'sql', created_at + interval '40 days', created_at + interval '40 days', 'api', ''
FROM scoring_lead WHERE id % 10 = 0
"""


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Try a draft on `size` leads of 20 events each, by one worker and by two, and move the slider."""
    with scratch_database():
        say(f"filling a scratch database with {size:,} leads and {size * EVENTS_EACH:,} events …")
        fill(size, EVENTS_EACH, at=at)
        with connection.cursor() as cursor:
            cursor.execute(QUALIFIED)
            cursor.execute("VACUUM (ANALYZE)")
        by = User.objects.get(email="manager@bench.invalid")
        edit_draft(settings={"threshold": 60}, rules={"pricing_page": {"points": 15}}, by=by, at=at)
        draft = ScoringModel.objects.get(state="draft")
        for workers in (1, 2):
            tried = ask_simulation(model_id=draft.pk, by=by, at=at)
            seconds = work_off(workers)
            name = f"simulation, {workers} worker{'s' if workers > 1 else ''}"
            say(f"{name:34}{rate(size, seconds)} ({seconds:.1f} s, {tried.parts.count()} parts)")
        _slide(Simulation.objects.latest("id"), by, say)


def _slide(tried: Simulation, by: User, say: data.Say) -> None:
    client = Client(headers={"host": "localhost", "HX-Request": "true", "HX-Target": "effect"})
    client.force_login(by)
    address, taken = reverse("scoring:simulation", args=[tried.pk]), []
    for threshold in range(20, 20 + MOVES):
        started = perf_counter()
        answer = client.get(address, {"threshold": threshold})
        taken.append((perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.status_code
    say(f"{'a move of the slider':34}{statistics.median(taken[1:]):.0f} ms, the slowest {max(taken[1:]):.0f} ms")
