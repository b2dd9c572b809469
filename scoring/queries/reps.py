"""Who can take a lead (D-27)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Model, Q, QuerySet

from crm.enums import SALES_ROLES, Role
from crm.models import RoleGrant, User
from crm.queries.calendars import get_away_ids
from crm.queries.organisation import TODAY
from scoring.facts import RepFacts
from scoring.models import Handoff, Trial


def active_reps() -> QuerySet[User]:
    """Return who takes turns with leads, by name: active reps."""
    granted = RoleGrant.objects.filter(role=Role.REP, revoked_at=None).values("user_id")
    return User.objects.filter(pk__in=granted, is_active=True).order_by("name", "pk")


def get_reps(*, at: datetime) -> dict[int, RepFacts]:
    """Return the active reps who are not away at a moment, with the handoffs that wait for them, by id."""
    return _get_reps(Handoff, "assigned_at", at=at)


def get_triers(*, at: datetime) -> dict[int, RepFacts]:
    """Return the same reps with the leads to try that wait for them."""
    return _get_reps(Trial, "drawn_at", at=at)


@dataclass(frozen=True, slots=True)
class Share:
    """What a rep takes of the leads, as people read it."""

    user_id: int
    name: str
    capacity: int
    languages: tuple[str, ...]
    waiting: int
    away: bool


def get_shares(*, at: datetime) -> dict[int, Share]:
    """Return what each active rep takes, by name, those who are away at a moment among them."""
    away = get_away_ids(at)
    waiting = Count("handoffs", filter=Q(handoffs__answered_at=None), distinct=True)
    rows = (
        active_reps()
        .annotate(waiting=waiting)
        .values_list("pk", "name", "email", "lead_share__capacity", "lead_share__languages", "waiting")
    )
    return {
        pk: Share(pk, name or email, 1 if capacity is None else capacity, tuple(languages or ()), count, pk in away)
        for pk, name, email, capacity, languages, count in rows
    }


def _get_reps(given: type[Model], moment: str, *, at: datetime) -> dict[int, RepFacts]:
    away = get_away_ids(at)
    rows = active_reps().values_list("pk", "lead_share__capacity", "lead_share__languages")
    people = {pk: (capacity, languages) for pk, capacity, languages in rows if pk not in away}
    loads: dict[int, Any] = {
        row["owner_id"]: row
        for row in given._default_manager.filter(owner_id__in=people)
        .values("owner_id")
        .annotate(waiting=Count("pk", filter=Q(answered_at=None)), last=Max(moment))
    }
    return {
        pk: RepFacts(
            pk,
            open_handoffs=loads[pk]["waiting"] if pk in loads else 0,
            last_assigned_at=loads[pk]["last"] if pk in loads else None,
            capacity=1 if capacity is None else capacity,
            languages=frozenset(languages or ()),
        )
        for pk, (capacity, languages) in people.items()
    }


def people_who_answer() -> QuerySet[User]:
    """Return who may be given a lead to answer, by name: active people who sell."""
    granted = RoleGrant.objects.filter(role__in=sorted(SALES_ROLES), revoked_at=None).values("user_id")
    return User.objects.filter(pk__in=granted, is_active=True).order_by("name", "pk")


# The team of each person, and above it, each with its manager; nobody is their own manager.
MANAGERS = f"""
WITH RECURSIVE above AS (
    SELECT membership.user_id, membership.team_id, 0 AS height FROM crm_teammembership membership
    WHERE membership.user_id = ANY(%s) AND from_on <= {TODAY} AND (until_on IS NULL OR until_on > {TODAY})
    UNION
    SELECT above.user_id, team.parent_id, height + 1 FROM above JOIN crm_team team ON team.id = above.team_id
    WHERE team.parent_id IS NOT NULL AND height < 50
)
SELECT DISTINCT ON (above.user_id) above.user_id, manager.user_id
FROM above JOIN crm_rolegrant manager ON manager.team_id = above.team_id AND role = 'manager' AND revoked_at IS NULL
JOIN crm_user person ON person.id = manager.user_id AND person.is_active
WHERE manager.user_id <> above.user_id
ORDER BY above.user_id, height
"""


def get_managers(user_ids: Collection[int]) -> dict[int, int]:
    """Return the nearest manager of each of these people, by their ids; who has none is left out."""
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MANAGERS, [list(user_ids)])
        return dict(cursor.fetchall())
