"""Who can take a lead (D-27)."""

from django.db.models import Count, Max, Q, QuerySet

from crm.enums import SALES_ROLES, Role
from crm.models import RoleGrant, User
from scoring.facts import RepFacts
from scoring.models import Handoff


def get_reps() -> dict[int, RepFacts]:
    """Return the active reps with what waits for them, by id."""
    granted = RoleGrant.objects.filter(role=Role.REP, revoked_at=None, user__is_active=True).values("user_id")
    loads = (
        Handoff.objects.filter(owner_id__in=granted)
        .values("owner_id")
        .annotate(waiting=Count("pk", filter=Q(answered_at=None)), last=Max("assigned_at"))
    )
    known = {row["owner_id"]: RepFacts(row["owner_id"], row["waiting"], row["last"]) for row in loads}
    ids = User.objects.filter(pk__in=granted).values_list("pk", flat=True)
    return {user_id: known.get(user_id, RepFacts(user_id)) for user_id in ids}


def people_who_answer() -> QuerySet[User]:
    """Return who may be given a lead to answer, by name: active people who sell."""
    granted = RoleGrant.objects.filter(role__in=sorted(SALES_ROLES), revoked_at=None).values("user_id")
    return User.objects.filter(pk__in=granted, is_active=True).order_by("name", "pk")
