"""Leads that need a person today: handed over, brought to a manager, offered to try, waiting for marketing (S-9)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from scoring.enums import NoticeKind
from scoring.models import Crossing, Handoff, HandoffNotice, Trial
from scoring.queries import inbox
from scoring.queries.scores import SCORED
from scoring.queries.trials import open_trials

MOST = 40
LEAD = (f"lead__{SCORED}", "lead__account")


def open_handoffs(people: Collection[int] | None, *, told: int | None = None) -> QuerySet[Handoff]:
    """Return what these people are to answer, everybody's for None, and with `told` what was brought to that manager."""
    handoffs = Handoff.objects.filter(answered_at=None)
    if people is None:
        return handoffs.filter(owner__isnull=False)
    theirs = Q(owner_id__in=people)
    if told is not None:
        theirs |= Q(Exists(_notices(NoticeKind.ESCALATION).filter(to=told)))
    return handoffs.filter(theirs)


def get_open_handoffs(people: Collection[int] | None, *, told: int | None = None) -> list[Handoff]:
    """Return leads handed over and not answered, the next to run out first, with who was told of each and when.

    They have `reminded_at`, `escalated_at`, and of the manager told `escalated_to` and `escalated_name`.
    """
    found = _with_notices(open_handoffs(people, told=told)).select_related(*LEAD, "owner")
    return list(found.order_by(F("due_at").asc(nulls_last=True), "id")[:MOST])


def trials_of(people: Collection[int] | None) -> QuerySet[Trial]:
    """Return the leads these people are offered to try, the highest score first."""
    found = open_trials() if people is None else open_trials().filter(owner_id__in=people)
    return found.select_related("lead__account", "owner").order_by("-score", "pk")


def waiting_crossings() -> QuerySet[Crossing]:
    """Return crossings that wait for marketing to release them, newest first."""
    return inbox.waiting_crossings().select_related(*LEAD).order_by("-crossed_at", "-id")


def unassigned_handoffs() -> QuerySet[Handoff]:
    """Return handoffs nobody could be given."""
    found = Handoff.objects.filter(answered_at=None, owner=None)
    return found.select_related(*LEAD).order_by("created_at")


def unheard_handoffs() -> QuerySet[Handoff]:
    """Return handoffs that ran out with nobody above their rep to be told."""
    unheard = _notices(NoticeKind.ESCALATION).filter(to=None)
    found = Handoff.objects.filter(Exists(unheard), answered_at=None, owner__isnull=False)
    return _with_notices(found).select_related(*LEAD, "owner").order_by("due_at", "id")


def get_handoffs_of_day(*, start: datetime, end: datetime) -> list[Handoff]:
    """Return what was handed over on the day or answered on it, with what became of it, newest first."""
    that_day = Q(assigned_at__gte=start, assigned_at__lt=end) | Q(answered_at__gte=start, answered_at__lt=end)
    found = Handoff.objects.filter(that_day).select_related(*LEAD, "owner", "reason")
    return list(found.order_by("-assigned_at", "-id")[:MOST])


def _notices(kind: NoticeKind) -> QuerySet[HandoffNotice]:
    """Return what was told of the present clock of the handoff asked about."""
    return HandoffNotice.objects.filter(handoff=OuterRef("pk"), assigned_at=OuterRef("assigned_at"), kind=kind)


def _with_notices(handoffs: QuerySet[Handoff]) -> QuerySet[Handoff]:
    reminder, escalation = _notices(NoticeKind.REMINDER), _notices(NoticeKind.ESCALATION)
    return handoffs.annotate(
        reminded_at=Subquery(reminder.values("at")[:1]),
        escalated_at=Subquery(escalation.values("at")[:1]),
        escalated_to=Subquery(escalation.values("to_id")[:1]),
        escalated_name=Subquery(escalation.values("to__name")[:1]),
    )
