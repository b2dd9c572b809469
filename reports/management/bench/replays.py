"""What `bench kills` left in the tables, held against a plain replay of what happened."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction

from scoring.enums import CrossingState
from scoring.facts import Cause, CrossingRecord, LeadHistory
from scoring.models import Challenge, ChallengeLead, Crossing, Handoff, Lead, LeadScore
from scoring.policies.crossings import find_crossings
from scoring.policies.score import replay
from scoring.queries.histories import get_histories
from scoring.queries.moments import stream_moments
from scoring.queries.rules import Rulebook, get_rulebook
from scoring.queries.scores import due_scores


def compare(days: list[datetime], before: set[int]) -> Counter[str]:
    """Count what differs from a plain replay, made lead by lead by nothing but what happened and the side it is on."""
    now, recorded = days[-1], _recorded(before)
    stored = dict(LeadScore.objects.values_list("lead_id", "score"))
    told: Counter[str] = Counter(
        {"leads": 0, "still due": due_scores(now).count(), "wrong scores": 0, "lost": 0, "doubled": 0}
    )
    for book, lead_ids in _sides():
        told["leads"] += len(lead_ids)
        for lead_id, score, expected in _plain(lead_ids, book, days, before):
            told["wrong scores"] += stored.get(lead_id) != score
            told["lost"] += len(expected - recorded.get(lead_id, set()))
            told["doubled"] += len(recorded.get(lead_id, set()) - expected)
    handed = Crossing.objects.filter(state=CrossingState.HANDED_OVER)
    told["lost"] += handed.filter(handoff=None).count()
    told["doubled"] += Handoff.objects.count() - handed.count()
    told["handed over"] = handed.count()
    return told


def compare_sides(newcomers_from: int) -> Counter[str]:
    """Count who was not drawn, or scored or handed over by other rules than those of their side."""
    newcomers = set(Lead.objects.filter(pk__gte=newcomers_from).values_list("pk", flat=True))
    drawn = dict(ChallengeLead.objects.values_list("lead_id", "is_challenger"))
    of_side = {lead_id: book.model.id for book, lead_ids in _sides() for lead_id in lead_ids}
    challenger = Challenge.objects.get().challenger_id
    told = Counter({"came meanwhile": len(newcomers), "on the wrong side": len(newcomers ^ set(drawn))})
    told["tried on the challenger"] = sum(drawn.values())
    told["on the wrong side"] += sum(is_it != (of_side[pk] == challenger) for pk, is_it in drawn.items())
    for rows in (LeadScore.objects, Crossing.objects.filter(lead_id__in=newcomers)):
        told["on the wrong side"] += sum(model != of_side[pk] for pk, model in rows.values_list("lead_id", "model_id"))
    return told


def _sides() -> list[tuple[Rulebook, list[int]]]:
    """Return all leads by the rules of their side, drawn again by nothing but seed, id and when they came."""
    challenge = Challenge.objects.select_related("champion", "challenger").get()

    def is_tried(pk: int, created_at: datetime) -> bool:
        digest = hashlib.md5(f"{challenge.seed}:{pk}".encode(), usedforsecurity=False).hexdigest()
        return created_at >= challenge.started_at and int(digest[:8], 16) % 100 < challenge.percent

    leads = [(pk, is_tried(pk, at)) for pk, at in Lead.objects.order_by("pk").values_list("pk", "created_at")]
    return [
        (get_rulebook(number=model.number), [pk for pk, is_it in leads if is_it == (model == challenge.challenger)])
        for model in (challenge.champion, challenge.challenger)
    ]


def _recorded(before: set[int]) -> dict[int, set[tuple[Cause, bool]]]:
    found: dict[int, set[tuple[Cause, bool]]] = {}
    rows = Crossing.objects.exclude(pk__in=before).values_list("lead_id", "event_id", "known_id", "state")
    for lead_id, event_id, known_id, state in rows:
        cause = Cause(known_id, is_known=True) if event_id is None else Cause(event_id)
        found.setdefault(lead_id, set()).add((cause, state == CrossingState.ATTACHED))
    return found


@transaction.atomic
def _plain(
    lead_ids: list[int], book: Rulebook, days: list[datetime], before: set[int]
) -> Iterator[tuple[int, float, set[tuple[Cause, bool]]]]:
    """Give each lead's score and new crossings as a run at every noon would find them; nobody answers meanwhile."""
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
