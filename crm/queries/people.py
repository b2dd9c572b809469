"""People and teams as choices, settings and commands need them."""

from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from crm.enums import SALES_ROLES, Role
from crm.models import RoleGrant, Team, TeamMembership, User
from crm.queries.access import get_access
from crm.queries.organisation import TODAY

HOLDERS = (*sorted(SALES_ROLES), Role.MARKETING)


def active_people() -> QuerySet[User]:
    """Return everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def people_who_hold() -> QuerySet[User]:
    """Return who may own accounts, contacts, leads and deals: active people of sales and marketing."""
    granted = RoleGrant.objects.filter(revoked_at=None, role__in=HOLDERS).values("user_id")
    return active_people().filter(pk__in=granted)


def may_hold(user_id: int) -> bool:
    """Whether the person may be given records."""
    return people_who_hold().filter(pk=user_id).exists()


def open_teams() -> QuerySet[Team]:
    """Return the teams in use, by name."""
    return Team.objects.filter(archived_at=None).order_by("name")


def is_last_administrator(user_id: int) -> bool:
    """Whether the person administers and nobody else does; the grants are locked, so that two cannot go at once."""
    granted = RoleGrant.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMIN, revoked_at=None, user__is_active=True
    )
    return {grant.user_id for grant in granted} == {user_id}


def users_visible_to(user: User) -> QuerySet[User]:
    """Return the people whose names the person meets: everybody's, for whoever works with the company's records."""
    return User.objects.all() if get_access(user).reads_company else User.objects.none()


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Return the teams in use, for whoever works with the company's records."""
    return open_teams() if get_access(user).reads_company else Team.objects.none()


def memberships_now() -> QuerySet[TeamMembership]:
    """Return who is in which team today."""
    today = RawSQL(TODAY, [], output_field=DateField())  # a constant of our own
    return TeamMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today)


def with_roles_and_team(users: QuerySet[User]) -> QuerySet[User]:
    """Add `roles_now`, the roles in force, `team_id_now` and `team_name_now`, today's team."""
    granted = RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at=None).order_by("role")
    membership = memberships_now().filter(user=OuterRef("pk"))
    return users.annotate(
        roles_now=ArraySubquery(granted.values("role").distinct()),
        team_id_now=Subquery(membership.values("team_id")[:1]),
        team_name_now=Subquery(membership.values("team__name")[:1]),
    )


def get_grants(user_id: int) -> list[RoleGrant]:
    """Return the roles a person holds, with their teams."""
    return list(
        RoleGrant.objects.filter(user_id=user_id, revoked_at=None).select_related("team").order_by("role", "pk")
    )


def get_memberships(user_id: int) -> list[TeamMembership]:
    """Return every team a person was in, the latest first."""
    return list(TeamMembership.objects.filter(user_id=user_id).select_related("team").order_by("-from_on"))


def get_team_rows() -> list[Team]:
    """Return the teams in the order of their tree, each with `depth`, `manager_name` and `member_count`."""
    manager = RoleGrant.objects.filter(team=OuterRef("pk"), role=Role.MANAGER, revoked_at=None)
    members = memberships_now().filter(team=OuterRef("pk"), user__is_active=True).order_by().values("team")
    teams = open_teams().annotate(
        manager_name=Subquery(manager.values("user__name")[:1]),
        member_count=Coalesce(Subquery(members.annotate(n=Count("pk")).values("n")[:1]), 0),
    )
    below: dict[int | None, list[Team]] = {}
    known = {team.pk for team in teams}
    for team in teams:
        below.setdefault(team.parent_id if team.parent_id in known else None, []).append(team)
    return list(_walk(below, None, 0))


def _walk(below: dict[int | None, list[Team]], parent_id: int | None, depth: int) -> Iterator[Team]:
    for team in below.get(parent_id, []):
        team.depth = depth  # type: ignore[attr-defined]  # where it stands in the tree, for the page
        yield team
        yield from _walk(below, team.pk, depth + 1)
