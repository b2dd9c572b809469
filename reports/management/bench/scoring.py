"""`bench scoring`: a full rescore, a day's decay, one explanation and single events, each beside its goal and its floor."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from django.db import connection

from crm.models import Job
from reports.management.bench import data
from reports.management.bench.leads import add_events, fill
from reports.management.bench.posts import compare_posts
from reports.management.bench.scratch import scratch_database
from reports.management.bench.workers import work_off
from scoring.commands.parts import share_out_all
from scoring.commands.scores import refresh_all_scores, refresh_due_scores
from scoring.enums import WaitingReason
from scoring.models import LeadScore
from scoring.queries.scores import due_scores, get_score

SIZES = {"S": 2_000, "M": 50_000, "L": 1_000_000}
EVENTS_EACH, LONG = 20, 5_000
LEADS_A_SECOND, WITH_TWO, EXPLAINED_WITHIN, OF_BARE_VIEW = 3_000, 1.3, 50, 0.5


@dataclass(frozen=True, slots=True)
class Table:
    """Says figures beside their goals and floors as they are found."""

    say: data.Say

    def row(self, name: str, found: str, *, goal: str = "", floor: str = "", told: str = "") -> None:
        """Say one figure; `floor` is what the same takes that does nothing else."""
        beside = [f"goal {goal}" if goal else "", f"floor {floor}" if floor else "", told]
        self.say(f"{name:36}{found:>16}   {'; '.join(each for each in beside if each)}".rstrip())


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Measure over `size` leads of 20 events each on average."""
    table = Table(say)
    with scratch_database():
        say(f"filling a scratch database with {size:,} leads and {size * EVENTS_EACH:,} events …")
        started = perf_counter()
        first = fill(size, EVENTS_EACH, at=at)
        _statement("VACUUM (ANALYZE)")
        say(f"filled in {perf_counter() - started:,.0f} s, {_size()}")
        _rescore(size, at, table)
        _decay(at, table)
        add_events(first, LONG, at=at)
        taken = [_seconds(lambda: get_score(first, as_of=at)) * 1000 for _ in range(20)]
        table.row(
            f"explanation of {LONG:,} events",
            f"{statistics.median(taken):.1f} ms",
            goal=f"{EXPLAINED_WITHIN} ms",
            told=f"the slowest {max(taken):.1f} ms",
        )
        ours, bare = compare_posts(first, at=at)
        table.row(
            "events by single POSTs",
            f"{ours:,.0f}/s",
            goal=f"{OF_BARE_VIEW} of the floor",
            floor=f"{bare:,.0f}/s, a bare view that inserts a row",
            told=f"{ours / bare:.2f} of it",
        )


def _rescore(size: int, at: datetime, table: Table) -> None:
    goal = f"{LEADS_A_SECOND:,}/s"
    started = perf_counter()
    done = refresh_all_scores(at=at, waiting=WaitingReason.IMPORTED)
    told = f"{done.changed:,} changed, {len(done.crossing_ids):,} crossings"
    table.row("full rescore, all new", _rate(size, perf_counter() - started), goal=goal, told=told)
    floor = _rate(size, _seconds(lambda: _statement("UPDATE scoring_leadscore SET score = score - 1000")))
    seconds = []
    for workers in (1, 2):
        _statement("UPDATE scoring_leadscore SET score = -1")
        _statement("VACUUM (ANALYZE) scoring_leadscore")
        parts = share_out_all(cause=f"bench:{workers}", at=at)
        seconds.append(work_off(workers))
        table.row(
            f"full rescore, {workers} worker{'s' if workers > 1 else ''}",
            _rate(size, seconds[-1]),
            goal=goal if workers == 1 else f"{WITH_TWO} times one worker",
            floor=f"{floor}, a bare UPDATE" if workers == 1 else "",
            told=f"{parts:,} parts, {_left()} not done" if workers == 1 else f"{seconds[0] / seconds[1]:.2f} times",
        )
    started = perf_counter()
    done = refresh_all_scores(at=at)
    table.row("full rescore, none changed", _rate(size, perf_counter() - started), told=f"{done.changed:,} changed")


def _decay(at: datetime, table: Table) -> None:
    refresh_due_scores(at=at)
    for days in (1, 2, 3):
        then = at + timedelta(days=days)
        due = due_scores(then).count()
        started = perf_counter()
        done = refresh_due_scores(at=then)
        seconds = perf_counter() - started
        told = f"{due:,} due of {LeadScore.objects.count():,}: {done.leads:,} looked at, {done.changed:,} changed"
        table.row(f"decay of day {days}", _rate(due, seconds), told=f"{told}, {seconds:.2f} s")


def _rate(count: int, seconds: float) -> str:
    return f"{count / max(seconds, 1e-9):,.0f}/s"


def _seconds(do: Callable[[], object]) -> float:
    started = perf_counter()
    do()
    return perf_counter() - started


def _left() -> int:
    return Job.objects.exclude(state="done").count()


def _size() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return str(cursor.fetchone()[0])


def _statement(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(sql)
