"""When people work (D-27)."""

from collections.abc import Collection, Iterable

from crm.facts import WorkingHours
from crm.models import User
from crm.queries.calendars import get_common_holidays, get_holidays
from crm.queries.organisation import get_organisation


def get_working_hours(user_ids: Collection[int]) -> dict[int, WorkingHours]:
    """Return when each of these people works: the organisation's days in their own zone, without their holidays."""
    people = User.objects.filter(pk__in=user_ids).values_list("pk", "time_zone", "country") if user_ids else ()
    return _hours(list(people))


def get_hours_of(users: Iterable[User]) -> dict[int, WorkingHours]:
    """Return when each of these people, read already, works."""
    return _hours([(user.pk, user.time_zone, user.country) for user in users])


def get_common_hours(zone: str, days: Collection[int]) -> WorkingHours:
    """Return when the organisation works in this zone: its days, without those on which nobody works anywhere."""
    return WorkingHours(zone=zone, days=frozenset(days), holidays=get_common_holidays())


def _hours(people: Collection[tuple[int, str, str]]) -> dict[int, WorkingHours]:
    if not people:
        return {}
    days = frozenset(get_organisation().working_days)
    holidays = get_holidays({country for _, _, country in people})
    return {
        user_id: WorkingHours(zone=zone, days=days, holidays=holidays[country]) for user_id, zone, country in people
    }
