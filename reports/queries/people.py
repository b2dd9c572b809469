"""Whom reports name in their choices."""

from django.db.models import QuerySet

from crm.enums import Role
from crm.models import User


def people_to_choose() -> QuerySet[User]:
    """Return the people who work with records, by name."""
    roles = [Role.REP, Role.MANAGER, Role.MARKETING, Role.ADMIN]
    working = User.objects.filter(is_active=True, grants__role__in=roles, grants__revoked_at=None)
    return User.objects.filter(pk__in=working.values("pk")).order_by("name", "pk")
