"""Bringing stored scores and crossings up to date (S-4, D-28).

A stored score is a cache of the replay, so a run that is late, repeated or cut off half-way does no harm.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from crm.commands.jobs import enqueue_job
from crm.lib.bulk import without_collector
from crm.models import User
from scoring.commands.assignments import choose_books
from scoring.commands.crossings import record_crossings
from scoring.commands.known import note_known
from scoring.commands.stored import store_scores
from scoring.enums import WaitingReason
from scoring.facts import ModelFacts, NewCrossing, Score, Step
from scoring.models import Lead
from scoring.policies.crossings import find_crossings, may_cross
from scoring.policies.past import as_moments, get_codes
from scoring.policies.score import replay
from scoring.policies.tally import Tally, only_counts
from scoring.queries.histories import get_histories
from scoring.queries.moments import stream_pasts
from scoring.queries.rules import Rulebook
from scoring.queries.scores import due_scores, get_scoring_models, get_zone_change

BATCH = 5000
APPLY_ZONES = "scoring.apply_zones"

LOCK = "SELECT id FROM scoring_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@dataclass(slots=True)
class Refreshed:
    """How many leads were looked at, how many stored scores changed, which crossings were recorded."""

    leads: int = 0
    changed: int = 0
    crossing_ids: list[int] = field(default_factory=list)

    def add(self, other: "Refreshed") -> None:
        """Count another batch in."""
        self.leads += other.leads
        self.changed += other.changed
        self.crossing_ids += other.crossing_ids


@transaction.atomic(savepoint=False)
def refresh_scores(
    *,
    lead_ids: Collection[int],
    at: datetime,
    by: User | None = None,
    waiting: WaitingReason | None = None,
    notes: bool = True,
) -> Refreshed:
    """Bring the stored scores of some leads, and the crossings they made, up to `at`.

    `waiting` puts every crossing found on the release list instead of handing it over: for what an import or
    a publication causes (D-27). Without `notes` nothing new can be known of the leads. Writes only rows that change.
    """
    locked = _lock(lead_ids)
    if not locked:
        return Refreshed()
    if notes:
        note_known(lead_ids=locked, at=at)
    total = Refreshed(len(locked))
    with without_collector(many=len(locked)):
        for book, of_book in choose_books(lead_ids=locked, at=at).split(locked):
            total.add(_score(of_book, book, at=at, by=by, waiting=waiting))
    return total


def refresh_due_scores(*, at: datetime, batch: int = BATCH) -> Refreshed:
    """Bring up to date every lead whose score can have changed by `at`, and touch no other.

    Each batch commits by itself, so a run that is cut off has done part of the work and the next does the rest.
    """
    follow_zones(at)
    total, last = Refreshed(), 0
    while lead_ids := _due_ids(at, last, batch):
        total.add(refresh_scores(lead_ids=lead_ids, at=at))
        last = lead_ids[-1]
    return total


def refresh_all_scores(*, at: datetime, waiting: WaitingReason | None = None, batch: int = BATCH) -> Refreshed:
    """Replay every lead, batch by batch; the result is the same as having run at every moment."""
    total = Refreshed()
    for lead_ids in _batches(batch):
        total.add(refresh_scores(lead_ids=lead_ids, at=at, waiting=waiting))
    return total


def follow_zones(at: datetime) -> None:
    """Have every lead replayed once after the organisation's zones changed, since silence is counted by local days."""
    if change := get_zone_change():
        enqueue_job(task=APPLY_ZONES, kwargs={"change": change}, at=at, key=f"{APPLY_ZONES}:{change}")


def _due_ids(at: datetime, last: int, size: int) -> list[int]:
    due = due_scores(at).filter(lead_id__gt=last).order_by("lead_id")
    return list(due.values_list("lead_id", flat=True)[:size])


def _batches(size: int) -> Iterator[list[int]]:
    last = 0
    while lead_ids := list(Lead.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield lead_ids
        last = lead_ids[-1]


def _lock(lead_ids: Collection[int]) -> list[int]:
    """Lock the leads in one order, so that whoever comes second sees what the first one read and wrote."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(lead_ids)])
        return [lead_id for (lead_id,) in cursor.fetchall()]


def _score(
    lead_ids: Collection[int], book: Rulebook, *, at: datetime, by: User | None, waiting: WaitingReason | None
) -> Refreshed:
    """Store the scores of leads that go by the same rules, and record the crossings found."""
    model = book.model
    scores, steps = _replay(lead_ids, book, at)
    scored_by = get_scoring_models(steps) if steps else {}
    changed = store_scores(scores, model=model, at=at)
    found = _find_crossings(steps, scored_by, model, at, waiting) if steps else {}
    return Refreshed(0, changed, record_crossings(found=found, model_id=model.id, by=by, at=at))


def _replay(
    lead_ids: Collection[int], book: Rulebook, at: datetime
) -> tuple[dict[int, Score], dict[int, tuple[Step, ...]]]:
    model, zones, codes = book.model, book.zones, get_codes(book.model)
    nothing = replay([], model=model, zones=zones, as_of=at, explain=False)
    scores = dict.fromkeys(lead_ids, nothing)
    steps = {}
    tally = Tally(model, zones, at) if only_counts(model) else None
    for lead_id, past in stream_pasts(list(lead_ids), model=model):
        if tally and (counted := tally.count(past)):
            scores[lead_id] = counted
            continue
        score = replay(as_moments(past, codes), model=model, zones=zones, as_of=at, explain=False)
        scores[lead_id] = score
        if may_cross(score.steps, model=model):
            steps[lead_id] = score.steps
    return scores, steps


def _find_crossings(
    steps: Mapping[int, tuple[Step, ...]],
    scored_by: Mapping[int, tuple[int, datetime | None]],
    model: ModelFacts,
    at: datetime,
    waiting: WaitingReason | None,
) -> dict[int, list[NewCrossing]]:
    histories = get_histories(steps)
    return {
        lead_id: find_crossings(
            of_lead,
            model=model,
            history=histories[lead_id],
            at=at,
            waiting=waiting,
            published_at=_rules_changed_at(scored_by.get(lead_id), model),
        )
        for lead_id, of_lead in steps.items()
    }


def _rules_changed_at(scored_by: tuple[int, datetime | None] | None, model: ModelFacts) -> datetime | None:
    """Return since when a lead goes by these rules, None where it was scored by no others before."""
    if scored_by is None or scored_by[0] == model.id:
        return None
    return max(filter(None, (model.published_at, scored_by[1])), default=None)
