"""The one way a lead's status changes; every change is an event (D-29)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from crm.lib.origin import current
from crm.models import User
from scoring.enums import LeadStatus
from scoring.models import Lead, LeadStatusEvent


def change_statuses(
    *, leads: Iterable[Lead], to: LeadStatus, by: User | None, at: datetime, reason: str = ""
) -> list[Lead]:
    """Give locked leads a status and record the change; leads that have it already are left alone.

    Raises their versions: a status is part of what people and API clients saw.
    """
    changed = [lead for lead in leads if lead.status != to]
    if not changed:
        return []
    record_statuses(changes=[(lead, lead.status, to) for lead in changed], by=by, at=at, reason=reason)
    Lead.objects.filter(pk__in=[lead.pk for lead in changed]).update(status=to, version=F("version") + 1)
    for lead in changed:
        lead.status = to
        lead.version += 1
    return changed


def record_statuses(
    *, changes: Iterable[tuple[Lead, str, str]], by: User | None, at: datetime, reason: str = ""
) -> None:
    """Record changes of status that are written elsewhere: (lead, old, new), old empty at creation."""
    via = current().via
    LeadStatusEvent.objects.bulk_create(
        LeadStatusEvent(lead=lead, old=old, new=new, occurred_at=at, recorded_at=at, by=by, via=via, reason=reason)
        for lead, old, new in changes
    )
