"""What leads add to timelines: events, crossings, changes of status, activities (C-6)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from crm.facts import TimelineCursor, TimelineEntry
from crm.models import Activity, User
from crm.queries.activities import activities_visible_to
from crm.queries.timeline import activity_entries, earlier
from scoring.models import Crossing, Lead, LeadEvent, LeadEventType, LeadStatusEvent, VisitorIdentity
from scoring.queries.leads import SUBJECT, leads_visible_to

ACTIVITIES, EVENTS, CROSSINGS, STATUSES = "lead_activities", "lead_events", "lead_crossings", "lead_statuses"


@dataclass(frozen=True, slots=True)
class LeadHappening:
    """A row with what its words need; `show_lead` where the record is not the lead itself."""

    what: str
    row: Any
    show_lead: bool
    name: str = ""


def get_activities(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide the activities logged on a lead; accounts and contacts show theirs themselves."""
    activities: QuerySet[Activity] = activities_visible_to(user).filter(lead_links__lead_id=record_id)
    return activity_entries(activities, source=ACTIVITIES, before=before, limit=limit)


def get_events(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide what a lead did, visits from before it said who it was included."""
    leads = list(_leads(subject, record_id, user).values_list("pk", flat=True))
    visitors = list(VisitorIdentity.objects.filter(lead__in=leads).values_list("visitor_id", flat=True))
    own = Q(lead__in=leads) | Q(lead=None, visitor__in=visitors)
    rows = _page(LeadEvent.objects.filter(own).select_related("lead"), EVENTS, before, "occurred_at", limit)
    names = dict(LeadEventType.objects.values_list("code", "name")) if rows else {}
    return _entries(EVENTS, "activity", "event", rows, "occurred_at", subject, names=names)


def get_crossings(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide when a lead went over the threshold."""
    rows = Crossing.objects.filter(lead__in=_leads(subject, record_id, user))
    rows = rows.select_related("lead", "handoff__owner", "model")
    return _entries(
        CROSSINGS, "score", "crossing", _page(rows, CROSSINGS, before, "crossed_at", limit), "crossed_at", subject
    )


def get_statuses(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide the changes of status of a lead."""
    rows = LeadStatusEvent.objects.filter(lead__in=_leads(subject, record_id, user)).exclude(old="")
    rows = rows.select_related("lead", "by")
    return _entries(
        STATUSES, "change", "status", _page(rows, STATUSES, before, "occurred_at", limit), "occurred_at", subject
    )


def _leads(subject: str, record_id: int, user: User) -> QuerySet[Lead]:
    return leads_visible_to(user).filter(**{{SUBJECT: "pk"}.get(subject, f"{subject}_id"): record_id})


def _page(rows: QuerySet[Any], source: str, before: TimelineCursor | None, at: str, limit: int) -> list[Any]:
    return list(rows.filter(earlier(source, before, at=at)).order_by(f"-{at}", "-pk")[:limit])


def _entries(
    source: str, kind: str, what: str, rows: list[Any], at: str, subject: str, *, names: dict[str, str] | None = None
) -> list[TimelineEntry]:
    known = names or {}
    return [
        TimelineEntry(
            getattr(row, at),
            source,
            row.pk,
            kind,
            f"scoring/_timeline_{what}.html",
            LeadHappening(what, row, subject != SUBJECT, known.get(getattr(row, "type", ""), "")),
        )
        for row in rows
    ]
