"""Whose hours deals share, how many of them are free in each week, and what was asked of them (EE-017)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from crm.facts import Access
from crm.models import User
from crm.queries.access import get_access
from crm.queries.names import user_name
from crm.queries.organisation import get_zone
from pipeline.enums import Gate, RequestState, ResourceKind
from pipeline.facts import RequestFacts
from pipeline.models import Opportunity, PlannedHours, Resource, ResourceRequest, ResourceRule, ResourceWeek
from pipeline.models.opportunities import OPEN
from pipeline.queries.opportunities import opportunities_visible_to

RELATED = (
    "opportunity__account",
    "opportunity__setpoint",
    "opportunity__owner",
    "resource__user",
    "asked_by",
    "effort",
)
# What has taken hours of a week: what is set aside, and what was done in it.
TAKING = (RequestState.ACCEPTED, RequestState.DONE)
BUSY = f"""
SELECT resource.id, week.monday, coalesce(own.hours, resource.weekly_hours), coalesce(sum(planned.hours), 0)
FROM pipeline_resource resource CROSS JOIN unnest(%(weeks)s::date[]) AS week(monday)
LEFT JOIN pipeline_resourceweek own ON own.resource_id = resource.id AND own.monday = week.monday
LEFT JOIN (
    SELECT request.resource_id, hours.monday, hours.hours
    FROM pipeline_plannedhours hours JOIN pipeline_resourcerequest request ON request.id = hours.request_id
    WHERE hours.monday = ANY(%(weeks)s) AND request.state IN ({", ".join(f"'{state}'" for state in TAKING)})
) planned ON planned.resource_id = resource.id AND planned.monday = week.monday
WHERE resource.id = ANY(%(resources)s) GROUP BY 1, 2, 3 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The hours of somebody in a week, and how many of them are set aside."""

    monday: date
    hours: Decimal
    taken: Decimal

    @property
    def free(self) -> Decimal:
        """Return what can still be given; none where more was set aside than there is."""
        return max(Decimal(0), self.hours - self.taken)


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Hours asked for a deal, or a question to whoever delivers, as the deal's panel shows it."""

    what: str
    record_id: int
    kind: str
    state: str
    text: str
    hours: Decimal | None
    due_on: date | None
    person_id: int | None
    person: str
    answer: str
    against: list[str] | None
    reason: str
    spent_minutes: int | None


HELP = f"""
SELECT 'request', request.id, request.kind, request.state, request.purpose, request.hours, request.due_on,
    person.id, {user_name("person")}, request.answer,
    ARRAY(SELECT jsonb_array_elements_text(request.against)), request.reason, effort.minutes
FROM pipeline_resourcerequest request LEFT JOIN pipeline_resource resource ON resource.id = request.resource_id
LEFT JOIN crm_user person ON person.id = resource.user_id LEFT JOIN pipeline_effort effort ON effort.id = request.effort_id
WHERE request.opportunity_id = %(deal)s AND request.state <> '{RequestState.WITHDRAWN}'
UNION ALL
SELECT 'question', question.id, '', CASE WHEN question.answered_at IS NULL THEN 'open' ELSE 'answered' END, question.text,
    NULL, NULL, person.id, {user_name("person")}, question.answer, NULL, '', NULL
FROM pipeline_deliveryquestion question JOIN crm_user person ON person.id = question.to_id
WHERE question.opportunity_id = %(deal)s
ORDER BY 1 DESC, 2 DESC
"""


def get_help(deal_id: int) -> list[HelpRow]:
    """Return what colleagues were asked for a deal, the latest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({HELP}) found", {"deal": deal_id})
        return [HelpRow(*row) for row in cursor.fetchall()]


def resources_in_use() -> QuerySet[Resource]:
    """Return everybody whose hours are shared, by kind and name."""
    used = Resource.objects.filter(retired_at=None, user__is_active=True)
    return used.select_related("user").order_by("kind", "user__name", "pk")


def get_weeks(resource_ids: Iterable[int], weeks: Collection[date]) -> dict[int, list[WeekHours]]:
    """Return the hours of each resource in these weeks, which are named by their Mondays; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({BUSY}) busy", {"weeks": sorted(weeks), "resources": list(resource_ids)})
        found: dict[int, list[WeekHours]] = {}
        for resource_id, *week in cursor.fetchall():
            found.setdefault(resource_id, []).append(WeekHours(*week))
    return found


def get_own_weeks(resource_id: int) -> dict[date, Decimal]:
    """Return the weeks in which somebody has other hours than usual."""
    return dict(ResourceWeek.objects.filter(resource=resource_id).values_list("monday", "hours"))


def get_gates() -> dict[ResourceKind, str]:
    """Return for each kind whether a deal's economics must be known first; warn where nobody said."""
    said = dict(ResourceRule.objects.values_list("kind", "gate"))
    return {kind: said.get(kind, Gate.WARN) for kind in ResourceKind}


def get_kinds_given(access: Access) -> frozenset[str]:
    """Return of which kinds the person can give hours: their own, or of somebody they manage."""
    given = Resource.objects.filter(user_id__in={access.user_id, *access.managed_user_ids}, retired_at=None)
    return frozenset(given.values_list("kind", flat=True))


def may_see_resources(user: User) -> bool:
    """Whether the page is the person's: they sell or market, or deals share their hours."""
    return get_access(user).reads_company or Resource.objects.filter(user=user).exists()


def requests_visible_to(user: User) -> QuerySet[ResourceRequest]:
    """Return what was asked of the person or of their kind, of whom they manage, and for the deals they see (D-49)."""
    access = get_access(user)
    seen = _addressed(access, get_kinds_given(access)) | Q(answered_by=user)
    if access.reads_company:
        seen |= Q(opportunity__in=opportunities_visible_to(user))
    return ResourceRequest.objects.filter(seen).select_related(*RELATED)


def _addressed(access: Access, kinds: Collection[str]) -> Q:
    """Return the filter for what is theirs to answer."""
    if access.is_admin:
        return Q()
    mine = Q(resource__user=access.user_id) | Q(resource__user__in=access.managed_user_ids)
    return mine | Q(resource=None, kind__in=kinds)


def requests_in_hand(user: User) -> QuerySet[ResourceRequest]:
    """Return what was accepted and is not done: the person's own, of whom they manage, and of the deals they see."""
    plan = Prefetch("planned", PlannedHours.objects.order_by("monday"))
    accepted = requests_visible_to(user).filter(state=RequestState.ACCEPTED)
    return accepted.prefetch_related(plan).order_by("due_on", "pk")


def requests_waiting_for(user: User) -> QuerySet[ResourceRequest]:
    """Return what waits for the person's own hours, the soonest needed first; the deals have not ended."""
    kinds = Resource.objects.filter(user=user, retired_at=None).values("kind")
    mine = Q(resource__user=user) | Q(resource=None, kind__in=kinds)
    waiting = ResourceRequest.objects.filter(
        mine, state=RequestState.OPEN, opportunity__in=Opportunity.objects.filter(OPEN)
    )
    return waiting.select_related(*RELATED).order_by("due_on", "pk")


def count_waiting(user: User) -> int | None:
    """Return how many requests wait for the person's own hours, for the navigation."""
    return requests_waiting_for(user).count() or None


def request_facts(request: ResourceRequest, *, zone: ZoneInfo | None = None) -> RequestFacts:
    """Return a request as the rules read it; `zone` is the organisation's, where many are read."""
    return RequestFacts(
        request_id=request.pk,
        opportunity_id=request.opportunity_id,
        kind=ResourceKind(request.kind),
        hours=request.hours,
        due_on=request.due_on,
        state=RequestState(request.state),
        asked_on=request.asked_at.astimezone(zone or get_zone()).date(),
        resource_id=request.resource_id,
        asked_by_id=request.asked_by_id,
    )


def possible_givers(kind: str) -> QuerySet[Resource]:
    """Return who gives hours of a kind."""
    return resources_in_use().filter(kind=kind)


def find_next_free(weeks: Iterable[WeekHours]) -> date | None:
    """Return the first week with an hour to give."""
    return next((week.monday for week in weeks if week.free > 0), None)


def next_weeks(today: date, count: int) -> list[date]:
    """Return the Mondays of this week and those after it."""
    monday = today - timedelta(days=today.weekday())
    return [monday + timedelta(weeks=number) for number in range(count)]
