"""What deals add to timelines: their own events and the activities linked to them (C-6, D-12)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from crm.facts import SubjectFacts, TimelineEntry
from crm.models import User
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to
from crm.queries.names import contact_name, user_name
from crm.queries.timeline import Asked, activity_entries, earlier
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityEvent
from pipeline.permissions import can_edit
from pipeline.queries.opportunities import opportunities_visible_to, with_person

SUBJECT = "opportunity"
EVENTS, ACTIVITIES = "deal_events", "deal_activities"
MOVE, CHANGE = "move", "change"
TEMPLATE = "pipeline/_timeline_event.html"
MOVE_KINDS = (EventKind.SETPOINT, EventKind.MOVE_VOIDED, EventKind.CLOSED, EventKind.REOPENED)


Names = dict[tuple[str, int | str], str]


@dataclass(frozen=True, slots=True)
class DealEvent:
    """An event with the names its ids stand for; `show_deal` where the record is not the deal itself."""

    event: OpportunityEvent
    names: Names
    show_deal: bool

    @property
    def deal_id(self) -> int | None:
        """Return the deal to name, None on its own page."""
        return self.event.opportunity_id if self.show_deal else None

    @property
    def deal_name(self) -> str:
        """Return the name of the deal to name."""
        return self.event.opportunity.name if self.show_deal else ""


# Where the names of ids stand, and those of reasons, which events hold by code.
NAMES = {
    "setpoint": "SELECT 'setpoint', id, '', name FROM pipeline_setpoint WHERE id = ANY(%(setpoint)s)",
    "stage": "SELECT 'stage', id, '', name FROM pipeline_stage WHERE id = ANY(%(stage)s)",
    "pipeline": "SELECT 'pipeline', id, '', name FROM pipeline_pipeline WHERE id = ANY(%(pipeline)s)",
    "owner": f"SELECT 'owner', id, '', {user_name('crm_user')} FROM crm_user WHERE id = ANY(%(owner)s)",
    "contact": f"SELECT 'contact', id, '', {contact_name('crm_contact')} FROM crm_contact WHERE id = ANY(%(contact)s)",
    "product": "SELECT 'product', id, '', name FROM pipeline_product WHERE id = ANY(%(product)s)",
    "competitor": "SELECT 'competitor', id, '', name FROM pipeline_competitor WHERE id = ANY(%(competitor)s)",
    "source": "SELECT 'source', id, '', name FROM crm_source WHERE id = ANY(%(source)s)",
    "campaign": "SELECT 'campaign', id, '', name FROM crm_campaign WHERE id = ANY(%(campaign)s)",
    "reason": "SELECT 'reason ' || kind, NULL, code, name FROM crm_reason WHERE code = ANY(%(reason)s)",
}


def get_event_names(events: Iterable[OpportunityEvent], **also: Iterable[int | None]) -> Names:
    """Return the names of who changed something, of what events hold as ids, and of reasons by code, in one statement.

    `also` asks for further ids, by what they are of.
    """
    wanted: dict[str, set[int | str]] = {name: {pk for pk in also.get(name, ()) if pk is not None} for name in NAMES}
    for event in events:
        if event.by_id is not None:
            wanted["owner"].add(event.by_id)
        for value in (event.old or {}, event.new or {}):
            for kind, ids in wanted.items():
                if isinstance(value.get(kind), str if kind == "reason" else int):
                    ids.add(value[kind])
    given = {kind: list(ids) for kind, ids in wanted.items() if ids}
    if not given:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(NAMES[kind] for kind in given), given)
        return {(kind, code or pk): name for kind, pk, code, name in cursor.fetchall()}


def find_subject(record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the deal for activities and timelines, None for what the person may not see."""
    deal = opportunities_visible_to(user).select_related("contact").filter(pk=record_id).first()
    if deal is None:
        return None
    return SubjectFacts(
        subject=SUBJECT,
        record_id=deal.pk,
        name=deal.name,
        url=f"/deals/{deal.pk}/",
        account_id=deal.account_id,
        contact_id=None if deal.contact and deal.contact.erased_at else deal.contact_id,
        can_log=can_edit(get_access(user), deal),
    )


def get_event_entries(asked: Asked) -> list[TimelineEntry]:
    """Provide moves, closings and reopenings of a deal or of the deals of an account or a person, and every other change
    of a deal.
    """
    events = OpportunityEvent.objects.filter(opportunity__in=_deals_of(asked))
    if asked.subject != SUBJECT or not asked.wants(CHANGE):
        events = events.filter(kind__in=MOVE_KINDS)
    if not asked.wants(MOVE):
        events = events.exclude(kind__in=MOVE_KINDS)
    events = events.filter(earlier(EVENTS, asked.before, at="occurred_at")).order_by("-occurred_at", "-pk")
    found = list((events if asked.subject == SUBJECT else events.select_related("opportunity"))[: asked.limit])
    names = get_event_names(found)
    return [
        TimelineEntry(
            event.occurred_at, EVENTS, event.pk, MOVE if event.kind in MOVE_KINDS else CHANGE, TEMPLATE,
            DealEvent(event, names, asked.subject != SUBJECT),
        )
        for event in found
    ]  # fmt: skip


def get_activity_entries(asked: Asked) -> list[TimelineEntry]:
    """Provide a deal's activities and e-mails."""
    of_deal = activities_visible_to(asked.user).filter(opportunity_links__opportunity_id=asked.record_id)
    return activity_entries(of_deal, asked, source=ACTIVITIES)


def _deals_of(asked: Asked) -> QuerySet[Opportunity]:
    deals = opportunities_visible_to(asked.user)
    if asked.subject == "contact":
        return deals.filter(with_person(asked.record_id))
    return deals.filter(**{"pk" if asked.subject == SUBJECT else "account_id": asked.record_id})
