"""Who may reach whose records: the one place that reads grants and teams (C-2, D-3)."""

from django.db import connection

from crm.enums import Role
from crm.facts import Access
from crm.lib.prepared import ask
from crm.models import User
from crm.queries.organisation import TODAY

SUBTREE = """
WITH RECURSIVE managed AS (
    SELECT id FROM crm_team WHERE id = ANY(%s)
    UNION
    SELECT team.id FROM crm_team team JOIN managed ON team.parent_id = managed.id
)
SELECT id FROM managed
"""

# One statement, since every request asks: roles, own team, managed subtree, who is in them today, and what is off.
ACCESS = f"""
WITH RECURSIVE today AS (SELECT {TODAY} AS day),
granted AS (
    SELECT role, team_id FROM crm_rolegrant WHERE user_id = %(user)s AND revoked_at IS NULL
),
managed AS (
    SELECT team_id AS id FROM granted WHERE role = 'manager' AND team_id IS NOT NULL
    UNION
    SELECT team.id FROM crm_team team JOIN managed ON team.parent_id = managed.id
),
member AS (
    SELECT user_id, team_id FROM crm_teammembership, today WHERE from_on <= day AND (until_on IS NULL OR until_on > day)
),
own AS (SELECT team_id FROM member WHERE user_id = %(user)s LIMIT 1)
SELECT ARRAY(SELECT role FROM granted), (SELECT team_id FROM own), ARRAY(SELECT id FROM managed),
    ARRAY(SELECT user_id FROM member WHERE team_id = (SELECT team_id FROM own)),
    ARRAY(SELECT user_id FROM member WHERE team_id IN (SELECT id FROM managed)),
    ARRAY(SELECT module FROM crm_featureswitch WHERE NOT is_on)
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


def _read_access(user: User) -> Access:
    [(roles, own_team_id, managed, team_users, managed_users, switched_off)] = ask(ACCESS, {"user": user.pk})
    return Access(
        user_id=user.pk,
        roles=frozenset(Role(role) for role in roles) if user.is_active else frozenset(),
        own_team_id=own_team_id,
        managed_team_ids=frozenset(managed),
        team_user_ids=frozenset(team_users),
        managed_user_ids=frozenset(managed_users),
        switched_off=frozenset(switched_off),
    )
