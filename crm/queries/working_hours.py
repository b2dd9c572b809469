"""When people work (D-27)."""

from collections.abc import Collection, Iterable

from crm.facts import WorkingHours
from crm.models import User
from crm.queries.organisation import get_organisation


def get_working_hours(user_ids: Collection[int]) -> dict[int, WorkingHours]:
    """Return when each of these people works: the organisation's days in their own zone."""
    days = frozenset(get_organisation().working_days)
    zones = User.objects.filter(pk__in=user_ids).values_list("pk", "time_zone")
    return {user_id: WorkingHours(zone=zone, days=days) for user_id, zone in zones}


def get_hours_of(users: Iterable[User]) -> dict[int, WorkingHours]:
    """Return when each of these people, read already, works."""
    known = list(users)
    days = frozenset(get_organisation().working_days) if known else frozenset()
    return {user.pk: WorkingHours(zone=user.time_zone, days=days) for user in known}
