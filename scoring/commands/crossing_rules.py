"""Which rules had brought a lead over the threshold, looked up once for the figures on rules (S-11)."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from scoring.models import Crossing, CrossingRules
from scoring.policies.score import replay
from scoring.queries.moments import get_moments
from scoring.queries.rules import get_rulebook

BATCH = 500


def note_crossing_rules(*, at: datetime, renew: Callable[[], None] = lambda: None) -> int:
    """Note, for every crossing not looked at yet, the rules that had given points by then; return how many.

    What they were is found by replaying the lead's history as of the crossing, under the rules that crossed it. Batches
    commit one by one, each with the right to work on it; being run again does no harm.
    """
    noted = 0
    while found := _note_batch(renew):
        noted += found
    return noted


@transaction.atomic
def _note_batch(renew: Callable[[], None]) -> int:
    renew()
    crossings = Crossing.objects.filter(rules_then=None).order_by("pk")
    batch = list(crossings.values_list("pk", "lead_id", "model__number", "crossed_at")[:BATCH])
    by_version: dict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
    for pk, lead_id, number, crossed_at in batch:
        by_version[number].append((pk, lead_id, crossed_at))
    rows = [row for number, crossed in by_version.items() for row in _rules_of(number, crossed)]
    CrossingRules.objects.bulk_create(rows, ignore_conflicts=True)
    return len(batch)


def _rules_of(number: int, crossed: list[tuple[int, int, datetime]]) -> list[CrossingRules]:
    book = get_rulebook(number=number)
    moments = get_moments(list({lead_id for _, lead_id, _ in crossed}), model=book.model)
    rows = []
    for pk, lead_id, crossed_at in crossed:
        score = replay(moments[lead_id], model=book.model, zones=book.zones, as_of=crossed_at)
        rows.append(
            CrossingRules(
                crossing_id=pk, rules=sorted({row.rule for row in score.contributions if row.rule and row.points > 0})
            )
        )
    return rows
