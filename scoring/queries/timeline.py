"""What leads add to timelines, their deals' among them: events, crossings, changes of status, activities (C-6, EE-007)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from crm.facts import TimelineEntry
from crm.lib.sql import IsOneOf
from crm.models import Account, Contact
from crm.queries.activities import activities_visible_to
from crm.queries.timeline import Asked, activity_entries, earlier
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.timeline import SUBJECT as DEAL
from scoring.models import Crossing, Lead, LeadEvent, LeadEventType, LeadStatusEvent, VisitorIdentity
from scoring.queries.leads import SUBJECT, leads_visible_to
from scoring.queries.moments import leads_of_visits

ACTIVITIES, EVENTS, CROSSINGS, STATUSES = "lead_activities", "lead_events", "lead_crossings", "lead_statuses"
RECORDS: dict[str, Any] = {"account": Account, "contact": Contact}
KINDS = {EVENTS: "activity", CROSSINGS: "score", STATUSES: "change"}


@dataclass(frozen=True, slots=True)
class LeadHappening:
    """A row with what its words need; `show_lead` where the record may have several."""

    what: str
    row: Any
    show_lead: bool
    name: str = ""


def get_activities(asked: Asked) -> list[TimelineEntry]:
    """Provide the activities logged on a lead; accounts and contacts show theirs themselves."""
    of_lead = activities_visible_to(asked.user).filter(lead_links__lead_id=asked.record_id)
    return activity_entries(of_lead, asked, source=ACTIVITIES)


def get_events(asked: Asked) -> list[TimelineEntry]:
    """Provide what a lead did, when it did it: visits from before it said who it was, and what came before its deal.

    A visit belongs to the lead its visitor was known to be then (D-40); nobody else's timeline shows it.
    """
    leads = _leads(asked).values("pk")
    visitors = VisitorIdentity.objects.filter(lead__in=leads).values("visitor_id")
    visits = LeadEvent.objects.filter(lead=None, visitor__in=visitors).alias(visit_of=Subquery(leads_of_visits()))
    # Two branches, each by its own index: one condition for both would read every event there is.
    own = LeadEvent.objects.filter(lead__in=leads).values("pk")
    events = LeadEvent.objects.filter(pk__in=own.union(visits.filter(visit_of__in=leads).values("pk"), all=True))
    name = LeadEventType.objects.filter(code=OuterRef("type")).values("name")
    rows = _page(events.annotate(name=Subquery(name)).select_related("lead"), asked, EVENTS, "occurred_at")
    return _entries(rows, asked, EVENTS, "event", at="occurred_at")


def get_crossings(asked: Asked) -> list[TimelineEntry]:
    """Provide when a lead went over the threshold."""
    rows = Crossing.objects.filter(_of_leads(asked)).select_related("lead", "handoff__owner", "model")
    return _entries(_page(rows, asked, CROSSINGS, "crossed_at"), asked, CROSSINGS, "crossing", at="crossed_at")


def get_statuses(asked: Asked) -> list[TimelineEntry]:
    """Provide the changes of status of a lead."""
    rows = LeadStatusEvent.objects.filter(_of_leads(asked)).exclude(old="").select_related("lead", "by")
    return _entries(_page(rows, asked, STATUSES, "occurred_at"), asked, STATUSES, "status", at="occurred_at")


def _of_leads(asked: Asked) -> IsOneOf:
    return IsOneOf("lead_id", _leads(asked).values("pk"))


def _leads(asked: Asked) -> QuerySet[Lead]:
    """Return the leads of a record and of those merged into it; whoever sees a deal sees what its lead did."""
    itself_or_merged = Q(pk=asked.record_id) | Q(merged_into=asked.record_id)
    if asked.subject == DEAL:
        deals = opportunities_visible_to(asked.user).filter(itself_or_merged)
        return Lead.objects.filter(conversion__opportunity__in=deals.values("pk"))
    visible = leads_visible_to(asked.user)
    if asked.subject == SUBJECT:
        return visible.filter(itself_or_merged)
    records = RECORDS[asked.subject].objects.filter(itself_or_merged)
    return visible.filter(**{f"{asked.subject}__in": records.values("pk")})


def _page(rows: QuerySet[Any], asked: Asked, source: str, at: str) -> list[Any]:
    return list(rows.filter(earlier(source, asked.before, at=at)).order_by(f"-{at}", "-pk")[: asked.limit])


def _entries(rows: list[Any], asked: Asked, source: str, what: str, *, at: str) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            getattr(row, at),
            source,
            row.pk,
            KINDS[source],
            f"scoring/_timeline_{what}.html",
            LeadHappening(what, row, asked.subject not in (SUBJECT, DEAL), getattr(row, "name", None) or ""),
        )
        for row in rows
    ]
