"""When people do not work: holidays of a country, and who is away (D-27)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.calendars import AbsenceShape, HolidayShape
from crm.api.filters import DayFilter, IdFilter, TextFilter, between_days
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.commands.calendars import add_holidays, note_absence, remove_absence, remove_holiday
from crm.models import Absence, Holiday, User
from crm.queries.calendars import absences_visible_to


class HolidayFilters(FilterSet):
    """Filters of holidays."""

    country = TextFilter("country")
    on__gte, on__lt = between_days("on")


class Holidays(Records):
    """Days nobody works in a country, or anywhere; administrators add them. Clocks of leads stand still on them."""

    model = Holiday
    record_url = "api_holiday"
    serializer_class = HolidayShape
    filterset_class = HolidayFilters
    derives = True  # has no version
    orderings: ClassVar = {"id": "id", "on": "on"}
    default_ordering = "on"

    def visible_to(self, user: User) -> QuerySet[Holiday]:
        """Return all of them."""
        return Holiday.objects.all()

    @extend_schema(request=HolidayShape, responses={201: HolidayShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a holiday; one that day has in the country already is named anew."""
        asked: dict[str, Any] = self.read(HolidayShape)
        country, name = asked.get("country", "").upper(), " ".join(asked["name"].split())
        add_holidays(country=country, days=f"{asked['on']} {name}", by=request.user, at=self.at)
        return self.made(Holiday.objects.get(country=country, on=asked["on"]))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Let people work on that day."""
        remove_holiday(holiday_id=self.get_record(pk).pk, by=request.user, at=self.at)
        return Response(status=204)


class AbsenceFilters(FilterSet):
    """Filters of absences."""

    user = IdFilter("user_id")
    from_on__lt = DayFilter("from_on", "lt")
    to_on__gte = DayFilter("to_on", "gte")


class Absences(Records):
    """Who is away, of your team and those you manage; of everybody for marketing and administrators."""

    model = Absence
    record_url = "api_absence"
    serializer_class = AbsenceShape
    filterset_class = AbsenceFilters
    derives = True  # has no version
    orderings: ClassVar = {"id": "id", "from_on": "from_on"}
    default_ordering = "from_on"

    def visible_to(self, user: User) -> QuerySet[Absence]:
        """Return the absences the person may see."""
        return absences_visible_to(user)

    @extend_schema(request=AbsenceShape, responses={201: AbsenceShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Note that somebody is away, you where nobody is named; whoever is away is given no lead."""
        asked = {"user_id": request.user.pk, **self.read(AbsenceShape)}
        return self.made(note_absence(**asked, by=request.user, at=self.at))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Take an absence back."""
        remove_absence(absence_id=self.get_record(pk).pk, by=request.user, at=self.at)
        return Response(status=204)
