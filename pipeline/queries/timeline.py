"""What deals add to timelines: their own events and the activities linked to them (C-6, D-12)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from crm.enums import ActivityKind
from crm.facts import SubjectFacts, TimelineCursor, TimelineEntry
from crm.models import Activity, User
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to
from crm.queries.timeline import activity_entries, earlier
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityEvent, Pipeline, Setpoint
from pipeline.permissions import can_edit
from pipeline.queries.opportunities import opportunities_visible_to

SUBJECT = "opportunity"
EVENTS, MOVES, ACTIVITIES, EMAILS = "deal_events", "deal_moves", "deal_activities", "deal_emails"
TEMPLATE = "pipeline/_timeline_event.html"
MOVE_KINDS = (EventKind.SETPOINT, EventKind.MOVE_VOIDED, EventKind.CLOSED, EventKind.REOPENED)


Names = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class DealEvent:
    """An event with the names its ids stand for; `show_deal` where the record is not the deal itself."""

    event: OpportunityEvent
    names: Names
    show_deal: bool


def get_event_names(events: Iterable[OpportunityEvent]) -> Names:
    """Return the names of the setpoints, pipelines and people some events hold as ids; at most three statements."""
    wanted: dict[str, set[int]] = {"setpoint": set(), "pipeline": set(), "owner": set()}
    for event in events:
        for value in (event.old or {}, event.new or {}):
            for kind, ids in wanted.items():
                if isinstance(value.get(kind), int):
                    ids.add(value[kind])
    models: dict[str, type[Model]] = {"setpoint": Setpoint, "pipeline": Pipeline, "owner": User}
    return {
        (kind, pk): name
        for kind, ids in wanted.items()
        if ids
        for pk, name in models[kind]._default_manager.filter(pk__in=ids).values_list("pk", "name")
    }


def find_subject(record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the deal for activities and timelines, None for what the person may not see."""
    deal = opportunities_visible_to(user).filter(pk=record_id).first()
    if deal is None:
        return None
    return SubjectFacts(
        subject=SUBJECT,
        record_id=deal.pk,
        name=deal.name,
        url=f"/deals/{deal.pk}/",
        account_id=deal.account_id,
        contact_id=deal.contact_id,
        can_log=can_edit(get_access(user), deal),
    )


def get_move_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide moves, closings and reopenings of a deal, or of the deals of an account."""
    return _event_entries(subject, record_id, user, before, limit, source=MOVES)


def get_change_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide every other change of a deal, or of the deals of an account."""
    return _event_entries(subject, record_id, user, before, limit, source=EVENTS)


def _event_entries(
    subject: str, record_id: int, user: User, before: TimelineCursor | None, limit: int, *, source: str
) -> list[TimelineEntry]:
    events = OpportunityEvent.objects.filter(opportunity__in=_deals_of(subject, record_id, user))
    moves = source == MOVES
    events = events.filter(kind__in=MOVE_KINDS) if moves else events.exclude(kind__in=MOVE_KINDS)
    found = list(
        events.filter(earlier(source, before, at="occurred_at"))
        .select_related("by", "opportunity")
        .order_by("-occurred_at", "-pk")[:limit]
    )
    names, kind = get_event_names(found), "move" if moves else "change"
    return [
        TimelineEntry(event.occurred_at, source, event.pk, kind, TEMPLATE, DealEvent(event, names, subject != SUBJECT))
        for event in found
    ]


def get_activity_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide a deal's activities that are no e-mails."""
    of_deal = _activities_of(record_id, user).exclude(kind=ActivityKind.EMAIL)
    return activity_entries(of_deal, source=ACTIVITIES, before=before, limit=limit)


def get_email_entries(
    subject: str, *, record_id: int, user: User, before: TimelineCursor | None, limit: int
) -> list[TimelineEntry]:
    """Provide a deal's e-mails."""
    of_deal = _activities_of(record_id, user).filter(kind=ActivityKind.EMAIL)
    return activity_entries(of_deal, source=EMAILS, before=before, limit=limit)


def _activities_of(record_id: int, user: User) -> QuerySet[Activity]:
    return activities_visible_to(user).filter(opportunity_links__opportunity_id=record_id)


def _deals_of(subject: str, record_id: int, user: User) -> QuerySet[Opportunity]:
    deals = opportunities_visible_to(user)
    return deals.filter(account_id=record_id) if subject == "account" else deals.filter(pk=record_id)
