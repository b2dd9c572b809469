"""`bench scoring`: a full rescore, a day's decay, one explanation and single events, each beside its floor."""

import json
import statistics
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter

from django.db import connection
from django.test import Client, override_settings

from crm.commands.tokens import create_token
from crm.models import Job, User
from reports.management.bench import data
from reports.management.bench.leads import add_events, fill
from reports.management.bench.scratch import scratch_database
from reports.management.bench.timing import rate
from reports.management.bench.workers import work_off
from scoring.commands.parts import share_out_all
from scoring.commands.scores import refresh_all_scores, refresh_due_scores
from scoring.enums import WaitingReason
from scoring.models import LeadScore
from scoring.queries.scores import due_scores, get_score

SIZES = {"S": 2_000, "M": 50_000, "L": 1_000_000}
EVENTS_EACH, LONG, POSTS = 20, 5_000, 300


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Measure over `size` leads of 20 events each on average."""
    with scratch_database():
        say(f"filling a scratch database with {size:,} leads and {size * EVENTS_EACH:,} events …")
        first = fill(size, EVENTS_EACH, at=at)
        _statement("VACUUM (ANALYZE)")
        _rescore(size, at, say)
        _decay(at, say)
        add_events(first, LONG, at=at)
        _explain(first, at, say)
        _post(first, at, say)


def _rescore(size: int, at: datetime, say: data.Say) -> None:
    for name in ("full rescore, all new", "full rescore, none changed"):
        started = perf_counter()
        done = refresh_all_scores(at=at, waiting=WaitingReason.IMPORTED)
        told = f"{done.changed:,} changed, {len(done.crossing_ids):,} crossings"
        say(f"{name:34}{rate(done.leads, perf_counter() - started)} ({told})")
    seconds = []
    for workers in (1, 2):
        _statement("UPDATE scoring_leadscore SET score = -1")
        _statement("VACUUM (ANALYZE) scoring_leadscore")
        parts = share_out_all(cause=f"bench:{workers}", at=at)
        seconds.append(work_off(workers))
        name = f"shared out, {workers} worker{'s' if workers > 1 else ''}"
        say(f"{name:34}{rate(size, seconds[-1])} ({parts} parts, {_left()} not done)")
    say(f"{'two workers beside one':34}{seconds[0] / seconds[1]:.2f} times as fast")
    started = perf_counter()
    _statement("UPDATE scoring_leadscore SET score = score + 1")
    say(f"{'bare UPDATE':34}{rate(size, perf_counter() - started)}")
    _statement("UPDATE scoring_leadscore SET score = score - 1")
    _statement("VACUUM (ANALYZE) scoring_leadscore")


def _decay(at: datetime, say: data.Say) -> None:
    refresh_due_scores(at=at)
    for days in (1, 2, 3):
        then = at + timedelta(days=days)
        due = due_scores(then).count()
        started = perf_counter()
        done = refresh_due_scores(at=then)
        seconds = perf_counter() - started
        of = f"of {LeadScore.objects.count():,}, {due:,} due, {done.changed:,} changed"
        say(f"{f'decay of day {days}':34}{rate(done.leads, seconds)} ({of})")


def _explain(lead_id: int, at: datetime, say: data.Say) -> None:
    taken = [_milliseconds(lambda: get_score(lead_id, as_of=at)) for _ in range(20)]
    name = f"explanation of {LONG:,} events"
    say(f"{name:34}{statistics.median(taken):.1f} ms, the slowest {max(taken):.1f} ms")


def _post(lead_id: int, at: datetime, say: data.Say) -> None:
    user = User.objects.get(email="manager@bench.invalid")
    _, secret = create_token(name="bench", scopes=["write"], by=user, at=at)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    occurred = at.isoformat()

    def bare(number: int) -> dict[str, object]:
        return {
            "idempotency_key": f"b{number}",
            "type": "page_viewed",
            "occurred_at": occurred,
            "lead": lead_id + number,
        }

    def event(number: int) -> dict[str, object]:
        return {**bare(number), "idempotency_key": f"p{number}", "lead": {"id": str(lead_id + number)}}

    with override_settings(ROOT_URLCONF="reports.management.bench.bare"):
        floor = _posts(client, "/bare/", bare)
    ours = _posts(client, "/api/v1/events/", event)
    say(f"{'bare view that inserts a row':34}{1000 / floor:,.0f}/s")
    say(f"{'events by single POSTs':34}{1000 / ours:,.0f}/s, {floor / ours:.2f} of the bare view")


def _posts(client: Client, path: str, body: Callable[[int], dict[str, object]]) -> float:
    """Return the middle of the milliseconds a POST takes."""

    def send(number: int) -> None:
        answer = client.post(path, json.dumps(body(number)), content_type="application/json")
        assert answer.status_code in (201, 202), answer.content

    return statistics.median(_milliseconds(partial(send, number)) for number in range(1, POSTS))


def _milliseconds(do: Callable[[], object]) -> float:
    started = perf_counter()
    do()
    return (perf_counter() - started) * 1000


def _left() -> int:
    return Job.objects.exclude(state="done").count()


def _statement(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(sql)
