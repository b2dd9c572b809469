"""Scores as of any time, replayed on read (D-28, S-5)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from scoring.enums import ModelState
from scoring.facts import Score
from scoring.models import Lead, LeadScore, ScoringModel
from scoring.policies.grades import get_grade
from scoring.policies.score import replay
from scoring.queries.books import get_books
from scoring.queries.moments import get_moments, stream_moments
from scoring.queries.rules import Rulebook

SCORED = "score__model"  # what is joined to leads whose stored scores are read
STORED = ("score", "fit", "behaviour", "engagement", "inactivity", "last_activity_at", "next_change_at")


def get_score(
    lead_id: int, *, as_of: datetime, known_at: datetime | None = None, book: Rulebook | None = None
) -> tuple[Score, Rulebook]:
    """Return a lead's score as of a moment with every point traced, and the rules that gave it.

    Without `book` the rules the lead was scored by at `as_of` are used for the whole history (D-46).
    """
    used = book or get_books([lead_id], as_of=as_of).of(lead_id)
    moments = get_moments([lead_id], model=used.model, known_at=known_at)[lead_id]
    return replay(moments, model=used.model, zones=used.zones, as_of=as_of), used


@transaction.atomic
def list_scores(lead_ids: Sequence[int] | None, *, as_of: datetime) -> list[tuple[int, str | None, float]]:
    """Return id, external id and score as of a moment for these leads, or all, by id; nothing is stored."""
    leads = Lead.objects.filter(created_at__lte=as_of, merged_into=None)
    if lead_ids is not None:
        leads = leads.filter(pk__in=lead_ids)
    rows = list(leads.order_by("pk").values_list("pk", "external_id"))
    books = get_books([pk for pk, _ in rows], as_of=as_of)
    scores: dict[int, float] = {}
    for book, of_book in books.split(pk for pk, _ in rows):
        nothing = replay([], model=book.model, zones=book.zones, as_of=as_of, explain=False).score
        scores |= dict.fromkeys(of_book, nothing)
        for lead_id, moments in stream_moments(of_book, model=book.model):
            scores[lead_id] = replay(moments, model=book.model, zones=book.zones, as_of=as_of, explain=False).score
    return [(pk, external_id, scores[pk]) for pk, external_id in rows]


def freshen_scores(leads: Iterable[Lead], *, at: datetime) -> None:
    """Bring the stored scores these leads came with up to `at`, in memory, where no job has come to them yet.

    So are those of rules that are gone. Leads come with `SCORED`. No query where none is due, else two, and during a
    challenge up to four.
    """
    stored = (getattr(lead, "score", None) for lead in leads)
    due = {each.lead_id: each for each in stored if each and _is_due(each, at)}
    if not due:
        return
    for book, of_book in get_books(due).split(due):
        for lead_id, moments in get_moments(of_book, model=book.model).items():
            score = replay(moments, model=book.model, zones=book.zones, as_of=at, explain=False)
            for name in STORED:
                setattr(due[lead_id], name, getattr(score, name))
            due[lead_id].grade = get_grade(score, book.model)


def _is_due(stored: LeadScore, at: datetime) -> bool:
    """Whether what is stored may no longer be the score; the same as `due_scores`."""
    has_changed = stored.next_change_at is not None and stored.next_change_at <= at
    return has_changed or stored.model.state == ModelState.RETIRED


def due_scores(at: datetime) -> QuerySet[LeadScore]:
    """Return the stored scores that silence, or an event dated ahead, has changed since, and those of rules gone by.

    The latter are being shared out; but who came while rules were published is in no part of that.
    """
    return LeadScore.objects.filter(Q(next_change_at__lte=at) | Q(model__in=get_retired_models()))


def get_retired_models() -> list[int]:
    """Return which rules score nobody any more. A list and no subquery: so the planner knows how few scores are theirs."""
    return list(ScoringModel.objects.filter(state=ModelState.RETIRED).values_list("pk", flat=True))


def get_scoring_models(lead_ids: Collection[int]) -> dict[int, tuple[int, datetime | None]]:
    """Return by which model each of these leads was scored last, and when that was retired; unscored ones are left out."""
    stored = LeadScore.objects.filter(lead_id__in=lead_ids)
    rows = stored.values_list("lead_id", "model_id", "model__retired_at")
    return {lead_id: (model_id, retired_at) for lead_id, model_id, retired_at in rows}


def get_zone_change() -> int | None:
    """Return which entry of the audit tells of the last change of the organisation's zones."""
    audit = apps.get_model("crm", "OrganisationTimeZoneAudit")
    last: int | None = audit._default_manager.aggregate(last=Max("pgh_id"))["last"]
    return last
