"""Telling a rep that a lead waits for them, and their manager that it waited too long; each once a clock (B20)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from scoring.enums import NoticeKind
from scoring.models import Handoff, HandoffNotice
from scoring.queries.reps import get_managers


@transaction.atomic
def tell_of_deadlines(*, at: datetime) -> dict[NoticeKind, int]:
    """Remind reps of what runs out, and tell managers of what ran out; return how many were told of each.

    Run late, what has run out by now is no longer reminded of. A lead somebody is just answering or giving is left
    for the next time, and each notice has a key of its own: told twice at once, it is told once.
    """
    waiting = Handoff.objects.filter(answered_at=None, lead__merged_into=None, lead__archived_at=None)
    soon = _untold(NoticeKind.REMINDER, waiting.filter(remind_at__lte=at, due_at__gt=at))
    late = _untold(NoticeKind.ESCALATION, waiting.filter(due_at__lte=at))
    managers = get_managers({handoff.owner_id for handoff in late if handoff.owner_id})
    return {
        NoticeKind.REMINDER: _tell(NoticeKind.REMINDER, {handoff: handoff.owner_id for handoff in soon}, at=at),
        NoticeKind.ESCALATION: _tell(
            NoticeKind.ESCALATION, {handoff: managers.get(handoff.owner_id or 0) for handoff in late}, at=at
        ),
    }


def _untold(kind: NoticeKind, handoffs: QuerySet[Handoff]) -> list[Handoff]:
    told = HandoffNotice.objects.filter(handoff=OuterRef("pk"), kind=kind, assigned_at=OuterRef("assigned_at"))
    found = handoffs.filter(~Exists(told)).order_by("pk")
    return list(found.select_for_update(of=("self",), no_key=True, skip_locked=True))


def _tell(kind: NoticeKind, told: Mapping[Handoff, int | None], *, at: datetime) -> int:
    HandoffNotice.objects.bulk_create(
        [
            HandoffNotice(handoff=handoff, kind=kind, assigned_at=handoff.assigned_at, to_id=user_id, at=at)
            for handoff, user_id in told.items()
            if handoff.assigned_at
        ],
        ignore_conflicts=True,
    )
    return len(told)
