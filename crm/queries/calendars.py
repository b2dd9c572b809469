"""When people do not work (D-27)."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Subquery

from crm.models import Absence, Holiday, User
from crm.queries.access import get_access


def get_holidays(countries: Collection[str]) -> dict[str, frozenset[date]]:
    """Return the days nobody works in each of these countries, those of every country among them."""
    wanted = {"", *countries}
    days: dict[str, set[date]] = {country: set() for country in wanted}
    for country, on in Holiday.objects.filter(country__in=wanted).values_list("country", "on"):
        days[country].add(on)
    return {country: frozenset(days[country] | days[""]) for country in wanted}


def get_common_holidays() -> frozenset[date]:
    """Return the days nobody works: of every country, and of each country that any active person works in."""
    people = User.objects.filter(is_active=True).order_by()
    countries = people.values("is_active").annotate(n=Count("country", distinct=True)).values("n")
    holidays = Holiday.objects.filter(Q(country="") | Q(country__in=people.values("country")))
    rows = list(holidays.annotate(of=Subquery(countries)).values_list("country", "on", "of"))
    kept_in = Counter(on for country, on, _of in rows if country)
    return frozenset(on for country, on, of in rows if not country or kept_in[on] == of)


def list_holidays(*, since: date) -> QuerySet[Holiday]:
    """Return the holidays from a day on, by day."""
    return Holiday.objects.filter(on__gte=since).order_by("on", "country")


def get_away_ids(at: datetime) -> frozenset[int]:
    """Return who is away at a moment, by the day it is where each of them works."""
    around = Absence.objects.filter(
        from_on__lte=at.date() + timedelta(days=1), to_on__gte=at.date() - timedelta(days=1)
    )
    rows = around.values_list("user_id", "user__time_zone", "from_on", "to_on")
    return frozenset(
        user_id for user_id, zone, from_on, to_on in rows if from_on <= at.astimezone(ZoneInfo(zone)).date() <= to_on
    )


def get_days_away(user_ids: Collection[int], *, since: date, until: date) -> dict[int, frozenset[date]]:
    """Return the days from one to another, both included, on which each of these people is away."""
    found: dict[int, set[date]] = {user_id: set() for user_id in user_ids}
    rows = Absence.objects.filter(user_id__in=user_ids, from_on__lte=until, to_on__gte=since)
    for user_id, from_on, to_on in rows.values_list("user_id", "from_on", "to_on"):
        first, last = max(from_on, since), min(to_on, until)
        found[user_id].update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return {user_id: frozenset(days) for user_id, days in found.items()}


def absences_visible_to(user: User) -> QuerySet[Absence]:
    """Return who is away of the person's team and subtree; of everybody for marketing and administrators."""
    access = get_access(user)
    if not access.reads_company:
        return Absence.objects.none()
    if access.is_admin or access.is_marketing:
        return Absence.objects.all()
    reach = access.team_user_ids | access.managed_user_ids | {access.user_id}
    return Absence.objects.filter(user_id__in=reach)


def list_absences(user: User, *, since: date) -> QuerySet[Absence]:
    """Return the absences that are not over yet, by when they begin."""
    return absences_visible_to(user).filter(to_on__gte=since).select_related("user").order_by("from_on", "pk")


def people_to_note(user: User) -> QuerySet[User]:
    """Return whose absence the person may note, by name."""
    access = get_access(user)
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    mine = Q(pk=access.user_id) | Q(pk__in=access.managed_user_ids)
    return people if access.is_admin else people.filter(mine)
