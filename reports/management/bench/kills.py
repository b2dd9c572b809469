"""`bench kills`: ten days of events and decay with workers killed a hundred times, beside a plain replay of what happened."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from time import sleep

from django.db import connection, transaction

from crm.commands.jobs import JobRequest, enqueue_jobs, retry_quarantined
from crm.enums import JobState
from crm.lib.jobs import job
from crm.models import Job
from reports.management.bench import data
from reports.management.bench.leads import fill
from reports.management.bench.scratch import scratch_database
from reports.management.bench.workers import TO_DO, start_worker
from scoring.commands.events import record_events
from scoring.commands.parts import share_out_all
from scoring.commands.scores import refresh_all_scores
from scoring.enums import CrossingState, DecayKind, WaitingReason
from scoring.facts import Cause, CrossingRecord, LeadHistory, NewEvent
from scoring.models import Crossing, Handoff, LeadScore, ScoringRule
from scoring.policies.crossings import find_crossings
from scoring.policies.score import replay
from scoring.queries.histories import get_histories
from scoring.queries.moments import stream_moments
from scoring.queries.rules import get_rulebook
from scoring.queries.scores import due_scores

DAYS, KILLS_A_DAY, WORKERS, BATCH = 10, 10, 2, 500
SKEWS = (timedelta(hours=-1), timedelta(0), timedelta(hours=1))
KINDS = ("pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "demo_requested", "email_opened")
TASK = "bench.record_events"


def run(size: int, *, at: datetime, say: data.Say, kills_a_day: int = KILLS_A_DAY) -> dict[str, int]:
    """Live through ten days with `size` leads; say, and return, what differs from a plain replay."""
    # Ten days ago, for the clock of leases and of what may begin is the database's.
    noon = (at - timedelta(days=DAYS + 2)).replace(hour=12, minute=0, second=0, microsecond=0)
    with scratch_database():
        say(f"filling a scratch database with {size:,} leads …")
        first = fill(size, 10, at=noon)
        ScoringRule.objects.filter(model__state="published", code="pricing_page").update(
            decay_kind=DecayKind.HALF_LIFE, decay_days=20
        )
        refresh_all_scores(at=noon, waiting=WaitingReason.IMPORTED)
        before = set(Crossing.objects.values_list("pk", flat=True))
        days = [noon + timedelta(days=number) for number in range(1, DAYS + 1)]
        told = Counter[str]()
        for number, now in enumerate(days, start=1):
            told.update(_live_through(now, first, size, kills_a_day))
            say(f"day {number}: {told['workers killed']} workers killed, {LeadScore.objects.count():,} scores stand")
        told.update(_compare(first, size, days, before))  # what is none is told as well
    say(", ".join(f"{count:,} {name}" for name, count in told.items()))
    return dict(told)


@job(TASK)
def record_some(*, day: str, part: int, parts: int, count: int, first: int, leads: int, at: datetime) -> None:
    """Take in what happened on a day, always the same for the same day and part.

    All a lead does on a day is in one part: what crosses when only half of it is known may be another event (D-27).
    """
    chance = random.Random(f"{day}:{part}")  # noqa: S311  the same events each time, nothing secret
    noon = datetime.fromisoformat(day)
    events = [
        NewEvent(
            f"{day}:{part}:{number}",
            chance.choice(KINDS),
            noon - timedelta(minutes=chance.randrange(120, 1440)),  # never ahead of a clock an hour behind
            lead_id=first + part + parts * chance.randrange(leads // parts),
        )
        for number in range(count)
    ]
    record_events(events=events, by=None, at=at)


def _live_through(now: datetime, first: int, size: int, kills: int) -> Counter[str]:
    """Ask for everything twice and let workers do it, each by its own wrong clock, while they are killed."""
    chance = random.Random(now.isoformat())  # noqa: S311  nothing secret
    told: Counter[str] = Counter()
    parts = max(size // 5 // BATCH, 1)
    given = {"day": now.isoformat(), "parts": parts, "count": BATCH, "first": first, "leads": size}
    late = (now - timedelta(days=1)).isoformat()
    requests = [JobRequest(TASK, {**given, "part": part}) for part in range(parts)] * 2
    requests += [
        JobRequest("scoring.refresh_scores", {"period": period}) for period in (now.isoformat(), now.isoformat(), late)
    ]
    chance.shuffle(requests)
    enqueue_jobs(requests=requests, at=now)
    working: list[BaseProcess] = []
    while kills or _waits(now, told):
        if kills and not Job.objects.filter(state__in=TO_DO).exists():
            share_out_all(cause=f"{now}:{kills}", at=now)
        working = [each for each in working if each.is_alive()]
        while len(working) < WORKERS:
            working.append(start_worker(len(working), partial(now.__add__, chance.choice(SKEWS))))
        sleep(chance.uniform(0.05, 0.6))
        if kills and working[0].is_alive():
            working[0].kill()
            working[0].join()
            kills -= 1
            told["workers killed"] += 1
    for each in working:
        each.join()
    return told


def _waits(now: datetime, told: Counter[str]) -> bool:
    """Whether something is still to be done; what killed its worker too often is looked at by a person and tried again."""
    Job.objects.filter(state=JobState.QUEUED).update(not_before=now)
    for pk in Job.objects.filter(state=JobState.QUARANTINED).values_list("pk", flat=True):
        retry_quarantined(job_id=pk, at=now)
        told["jobs taken out of quarantine"] += 1
    return Job.objects.filter(state__in=TO_DO).exists()


def _compare(first: int, size: int, days: list[datetime], before: set[int]) -> Counter[str]:
    """Count what differs from a plain replay, made lead by lead by nothing but what happened."""
    now = days[-1]
    stored = dict(LeadScore.objects.values_list("lead_id", "score"))
    recorded = _recorded(before)
    told: Counter[str] = Counter(
        {"leads": size, "still due": due_scores(now).count(), "wrong scores": 0, "lost": 0, "doubled": 0}
    )
    for lead_id, score, expected in _plain(list(range(first, first + size)), days, before):
        told["wrong scores"] += stored.get(lead_id) != score
        told["lost"] += len(expected - recorded.get(lead_id, set()))
        told["doubled"] += len(recorded.get(lead_id, set()) - expected)
    handed = Crossing.objects.filter(state=CrossingState.HANDED_OVER)
    told["lost"] += handed.filter(handoff=None).count()
    told["doubled"] += Handoff.objects.count() - handed.count()
    told["handed over"] = handed.count()
    return told


def _recorded(before: set[int]) -> dict[int, set[tuple[Cause, bool]]]:
    found: dict[int, set[tuple[Cause, bool]]] = {}
    rows = Crossing.objects.exclude(pk__in=before).values_list("lead_id", "event_id", "known_id", "state")
    for lead_id, event_id, known_id, state in rows:
        cause = Cause(known_id, is_known=True) if event_id is None else Cause(event_id)
        found.setdefault(lead_id, set()).add((cause, state == CrossingState.ATTACHED))
    return found


@transaction.atomic
def _plain(
    lead_ids: list[int], days: list[datetime], before: set[int]
) -> Iterator[tuple[int, float, set[tuple[Cause, bool]]]]:
    """Give each lead's score and new crossings as a run at every noon would find them; nobody answers meanwhile."""
    book = get_rulebook()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    old = set(Crossing.objects.filter(pk__in=before).values_list("event_id", "known_id"))
    histories = get_histories(lead_ids)
    for lead_id, moments in stream_moments(lead_ids, model=book.model):
        known = [record for record in histories[lead_id].crossings if _key(record.cause) in old]
        found: set[tuple[Cause, bool]] = set()
        score = 0.0
        for now in days:
            result = replay(moments, model=book.model, zones=book.zones, as_of=now, explain=False)
            score = result.score
            past = LeadHistory(
                tuple(sorted(known, key=lambda record: record.crossed_at)), (), histories[lead_id].status_before
            )
            for each in find_crossings(result.steps, model=book.model, history=past, at=now):
                known.append(CrossingRecord(each.cause, each.at, None if each.attaches else each.at))
                found.add((each.cause, each.attaches))
        yield lead_id, score, found


def _key(cause: Cause) -> tuple[int | None, int | None]:
    return (None, cause.id) if cause.is_known else (cause.id, None)
