"""`bench kills`: ten days of events, decay and a challenge with workers killed a hundred times, beside a plain replay."""

import random
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from time import sleep
from typing import Any

from crm.commands.jobs import JobRequest, enqueue_jobs, retry_quarantined
from crm.enums import JobState
from crm.lib.jobs import job
from crm.models import Job, User
from reports.management.bench import data
from reports.management.bench.leads import fill
from reports.management.bench.replays import compare, compare_sides
from reports.management.bench.scratch import scratch_database
from reports.management.bench.workers import TO_DO, start_worker
from scoring.commands.challenges import start_challenge
from scoring.commands.events import record_events
from scoring.commands.parts import share_out_all
from scoring.commands.rules import edit_draft
from scoring.commands.scores import refresh_all_scores
from scoring.enums import ChallengeMetric, DecayKind, WaitingReason
from scoring.facts import NewEvent
from scoring.models import Crossing, LeadScore, ScoringRule

DAYS, KILLS_A_DAY, WORKERS, BATCH = 10, 10, 2, 500
SKEWS = (timedelta(hours=-1), timedelta(0), timedelta(hours=1))
KINDS = ("pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "demo_requested", "email_opened")
TASK = "bench.record_events"
# Of what happens so much is done by who was not there before; so many of them may come to a part.
NEW, NEWCOMERS = 0.25, 400


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
        _challenge(noon)
        days = [noon + timedelta(days=number) for number in range(1, DAYS + 1)]
        told = Counter[str]()
        for number, now in enumerate(days, start=1):
            told.update(_live_through(now, first, size, kills_a_day))
            say(f"day {number}: {told['workers killed']} workers killed, {LeadScore.objects.count():,} scores stand")
        told.update(compare(days, before))  # what is none is told as well
        told.update(compare_sides(first + size))
    say(", ".join(f"{count:,} {name}" for name, count in told.items()))
    return dict(told)


def _challenge(at: datetime) -> None:
    """Have who comes from now on scored by two versions, so that many of both sides cross."""
    by = User.objects.get(email="manager@bench.invalid")
    edit_draft(settings={"threshold": 40, "fades_twice": True}, rules={"webinar": {"points": 35}}, by=by, at=at)
    terms = {"metric": ChallengeMetric.QUALIFIED_OF_ASSIGNED, "minimum": 100, "reason": "What a webinar says"}
    start_challenge(percent=40, by=by, at=at, **terms)  # type: ignore[arg-type]


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
            **_somebody(chance, part, parts, first, leads),
        )
        for number in range(count)
    ]
    record_events(events=events, by=None, at=at)


def _somebody(chance: random.Random, part: int, parts: int, first: int, leads: int) -> dict[str, Any]:
    """Say who did it, always one of the same part: a lead there was, or one that comes by its e-mail."""
    if chance.random() < NEW:
        return {"email": f"new{part}-{chance.randrange(NEWCOMERS)}@lead.example"}
    return {"lead_id": first + part + parts * chance.randrange(leads // parts)}


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
