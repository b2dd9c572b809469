"""What needs a person today: steps, handoffs, meetings; for one, for a team, for marketing (P-22)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, DecimalField, F, QuerySet, Value, When

from crm.enums import ActivityKind
from crm.facts import Access
from crm.models import Activity, Team, User
from crm.queries.access import get_access
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity, OpportunityEvent
from pipeline.models.opportunities import OPEN
from reports.queries.asked import get_asked
from reports.queries.day_leads import (
    MOST,
    open_handoffs,
    trials_of,
    unassigned_handoffs,
    unheard_handoffs,
    waiting_crossings,
)
from reports.queries.stuck import count_stuck

WELL_SHOWN, WELL_DAYS = 3, 7
VIEWS = ("mine", "team", "marketing")


def views_of(access: Access) -> list[str]:
    """Return how this person may look at the day, the usual one first."""
    found = []
    if access.is_manager or access.is_admin:
        found.append("team")
    if access.sells:
        found.append("mine")
    if access.is_marketing or access.is_admin:
        found.append("marketing")
    return found


def people_of(access: Access, view: str) -> frozenset[int] | None:
    """Return whose day a view shows; None means everybody's."""
    if view == "mine":
        return frozenset({access.user_id})
    return None if access.is_admin else access.managed_user_ids | {access.user_id}


def _steps(people: Collection[int] | None) -> QuerySet[NextStep]:
    open_deals = Opportunity.objects.filter(OPEN)
    steps = NextStep.objects.filter(done_at=None, dropped_at=None, opportunity__in=open_deals)
    return steps if people is None else steps.filter(owner_id__in=people)


def get_overdue_steps(people: Collection[int] | None, *, today: date) -> list[NextStep]:
    """Return open steps whose day has passed, the longest overdue first, then the largest weighted deal."""
    return _listed_steps(_steps(people).filter(due_on__lt=today))


def get_steps_today(people: Collection[int] | None, *, today: date) -> list[NextStep]:
    """Return open steps due on the day, the largest weighted deal first."""
    return _listed_steps(_steps(people).filter(due_on=today))


def _listed_steps(steps: QuerySet[NextStep]) -> list[NextStep]:
    weight = F("opportunity__amount") * F("opportunity__setpoint__probability")
    worth = Case(When(opportunity__amount=None, then=Value(0)), default=weight, output_field=DecimalField())
    related = ("opportunity__account", "opportunity__setpoint", "owner", "agreed_with")
    return list(steps.select_related(*related).order_by("due_on", worth.desc(), "created_at")[:MOST])


def count_for(user: User, *, today: date) -> int:
    """Return how many things need the person, as the page counts them."""
    access = get_access(user)
    views = views_of(access)
    if not views:
        return 0
    if views[0] == "marketing":
        return waiting_crossings().count() + unassigned_handoffs().count() + unheard_handoffs().count()
    people = people_of(access, views[0])
    told = access.user_id if views[0] == "team" else None
    due = _steps(people).filter(due_on__lte=today).count() + open_handoffs(people, told=told).count()
    due += trials_of(people).count()
    return due + count_stuck(people, today=today) + get_asked(user, today=today).count


def count_due(people: Collection[int] | None, *, today: date, told: int | None = None) -> tuple[int, int, int]:
    """Return how many steps are overdue, how many are due on the day, how many handoffs are open."""
    steps = _steps(people)
    overdue, due = steps.filter(due_on__lt=today).count(), steps.filter(due_on=today).count()
    return overdue, due, open_handoffs(people, told=told).count()


def get_meetings(people: Collection[int] | None, *, start: datetime, end: datetime) -> list[Activity]:
    """Return the meetings of the day in order."""
    meetings = Activity.objects.filter(
        kind__in=[ActivityKind.MEETING, ActivityKind.DEMO],
        archived_at=None,
        occurred_at__gte=start,
        occurred_at__lt=end,
    )
    meetings = meetings if people is None else meetings.filter(owner_id__in=people)
    return list(meetings.select_related("account", "contact", "owner").order_by("occurred_at", "id")[:MOST])


@dataclass(frozen=True, slots=True)
class GoingWell:
    """A deal that moved forward lately and has its next step ahead."""

    opportunity_id: int
    account: str
    setpoint: str
    next_step_on: date | None


def get_going_well(people: Collection[int] | None, *, at: datetime, today: date) -> list[GoingWell]:
    """Return deals that moved in the last days, still stand there and have a next step ahead."""
    moved = OpportunityEvent.objects.filter(
        kind=EventKind.SETPOINT, old__isnull=False, occurred_at__gte=at - timedelta(days=WELL_DAYS), occurred_at__lte=at
    )
    deals = Opportunity.objects.filter(
        OPEN,
        pk__in=moved.values("opportunity_id"),
        setpoint_entered_at__gte=at - timedelta(days=WELL_DAYS),
        highest_rank=F("setpoint__rank"),
        next_step_on__gt=today,
    )
    deals = deals if people is None else deals.filter(owner_id__in=people)
    rows = deals.order_by("-setpoint__rank", "-setpoint_entered_at").values_list(
        "pk", "account__name", "setpoint__name", "next_step_on"
    )
    return [GoingWell(*row) for row in rows[:WELL_SHOWN]]


def find_step(user: User, step_id: int, owner_ids: frozenset[int] | None) -> NextStep | None:
    """Return the open step of a deal the person may see."""
    steps = NextStep.objects.filter(pk=step_id, opportunity__in=Opportunity.objects.filter(OPEN))
    steps = steps if owner_ids is None else steps.filter(opportunity__owner_id__in=owner_ids)
    return steps.select_related("opportunity__account", "opportunity__setpoint").first()


def get_top_team(access: Access) -> Team | None:
    """Return the highest of the teams the person manages; for an administrator the only team without a parent."""
    if access.managed_team_ids:
        managed = Team.objects.filter(pk__in=access.managed_team_ids)
        return managed.exclude(parent_id__in=access.managed_team_ids).order_by("pk").first()
    roots = list(Team.objects.filter(parent=None, archived_at=None)[:2]) if access.is_admin else []
    return roots[0] if len(roots) == 1 else None


def get_usual_team_id(access: Access) -> int | None:
    """Return the team a person's figures are about unless they say otherwise; None means all they may see."""
    if access.managed_team_ids or access.is_admin:
        team = get_top_team(access)
        return team.pk if team else None
    return None if access.is_marketing else access.own_team_id
