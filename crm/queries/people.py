"""People and teams as choices, settings and commands need them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now, TruncDate

from crm.enums import SALES_ROLES, Role
from crm.models import RoleGrant, Team, TeamMembership, User
from crm.queries.access import get_access

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
    """Return everybody, people who left included, to whoever works with the company's records."""
    return User.objects.all() if get_access(user).reads_company else User.objects.none()


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Return the teams in use to whoever works with the company's records."""
    return Team.objects.filter(archived_at=None) if get_access(user).reads_company else Team.objects.none()


def with_roles_and_team(users: QuerySet[User]) -> QuerySet[User]:
    """Add `roles_now`, the roles in force, and `team_id_now`, the team of today, without a query a person."""
    today = TruncDate(Now())
    roles = ArraySubquery(
        RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at=None).order_by("role").values("role").distinct()
    )
    membership = TeamMembership.objects.filter(
        Q(until_on=None) | Q(until_on__gt=today), user=OuterRef("pk"), from_on__lte=today
    )
    return users.annotate(roles_now=roles, team_id_now=Subquery(membership.values("team_id")[:1]))


def users_visible_to(user: User) -> QuerySet[User]:
    """Return the people whose names the person meets: everybody's, for whoever works with the company's records."""
    return User.objects.all() if get_access(user).reads_company else User.objects.none()


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Return the teams in use, for whoever works with the company's records."""
    return open_teams() if get_access(user).reads_company else Team.objects.none()


def memberships_now() -> QuerySet[TeamMembership]:
    """Return who is in which team today."""
    today = TruncDate(Now())
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
