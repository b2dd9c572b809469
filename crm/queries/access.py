"""Who may reach whose records: the one place that reads grants and teams (C-2, D-3)."""

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate

from crm.enums import Role
from crm.facts import Access
from crm.models import RoleGrant, TeamMembership, User

SUBTREE = """
WITH RECURSIVE managed AS (
    SELECT id FROM crm_team WHERE id = ANY(%s)
    UNION
    SELECT team.id FROM crm_team team JOIN managed ON team.parent_id = managed.id
)
SELECT id FROM managed
"""


def get_access(user: User) -> Access:
    """Return what the person may reach now; read once a request, then kept on the instance."""
    kept: Access | None = getattr(user, "_access", None)
    if kept is None:
        kept = _read_access(user)
        user._access = kept  # type: ignore[attr-defined]
    return kept


def team_subtree_ids(team_ids: list[int]) -> frozenset[int]:
    """Return the teams and every team below them."""
    if not team_ids:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(SUBTREE, [team_ids])
        return frozenset(row[0] for row in cursor.fetchall())


def current_members(team_ids: frozenset[int]) -> frozenset[int]:
    """Return who is in one of the teams today, people who left the company included."""
    today = TruncDate(Now())
    current = TeamMembership.objects.filter(
        Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today, team_id__in=team_ids
    )
    return frozenset(current.values_list("user_id", flat=True))


def _read_access(user: User) -> Access:
    grants = list(RoleGrant.objects.filter(user=user, revoked_at=None).values_list("role", "team_id"))
    managed = team_subtree_ids([team for role, team in grants if role == Role.MANAGER and team is not None])
    today = TruncDate(Now())
    own_team_id = (
        TeamMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=today), user=user, from_on__lte=today)
        .values_list(F("team_id"), flat=True)
        .first()
    )
    return Access(
        user_id=user.pk,
        roles=frozenset(Role(role) for role, _ in grants) if user.is_active else frozenset(),
        own_team_id=own_team_id,
        managed_team_ids=managed,
        team_user_ids=current_members(frozenset({own_team_id})) if own_team_id else frozenset(),
        managed_user_ids=current_members(managed) if managed else frozenset(),
    )
