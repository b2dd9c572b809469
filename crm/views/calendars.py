"""Who is away, and the holidays: read by everybody who works with the company's records (D-27)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.commands.calendars import add_holidays, note_absence, remove_absence, remove_holiday
from crm.forms.calendars import AbsenceForm, HolidaysForm
from crm.lib import formats
from crm.lib.http import action, page
from crm.models import Holiday
from crm.permissions import can_administer, can_note_absence, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.calendars import absences_visible_to, list_absences, list_holidays
from crm.views.answers import WRONG, go_on, press
from crm.views.editing import carry_out
from crm.views.settings import settings_places


@page
def calendar(request: HttpRequest) -> HttpResponse:
    """List who is away from today on, and the holidays ahead."""
    hide_unless(can_read_company(get_access(request.user)))
    return _calendar(request)


@action
def absence_noted(request: HttpRequest) -> HttpResponse:
    """Note that somebody is away."""
    hide_unless(can_read_company(get_access(request.user)))
    form = AbsenceForm(request.POST, user=request.user)
    absence = carry_out(form, note_absence, by=request.user, at=timezone.now())
    if absence is None:
        return _calendar(request, absence_form=form)
    return go_on(request, _("%(name)s is given no lead while away.") % {"name": absence.user}, to=_here())


@action
def absence_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an absence back."""
    absence = get_object_or_404(absences_visible_to(request.user), pk=pk)
    refuse_unless(can_note_absence(get_access(request.user), absence.user_id))
    return press(request, partial(remove_absence, absence_id=pk), _("Taken back."), to=_here())


@action
def holidays_added(request: HttpRequest) -> HttpResponse:
    """Add the holidays of a country."""
    _administrators_only(request)
    form = HolidaysForm(request.POST)
    added = carry_out(form, add_holidays, by=request.user, at=timezone.now())
    if added is None:
        return _calendar(request, holidays_form=form)
    text = ngettext("%(count)s holiday added.", "%(count)s holidays added.", added) % {"count": added}
    return go_on(request, text, to=_here())


@action
def holiday_removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Let people work on a day."""
    _administrators_only(request)
    get_object_or_404(Holiday, pk=pk)
    return press(request, partial(remove_holiday, holiday_id=pk), _("Taken away."), to=_here())


def _calendar(
    request: HttpRequest, *, absence_form: AbsenceForm | None = None, holidays_form: HolidaysForm | None = None
) -> HttpResponse:
    access, today = get_access(request.user), timezone.localdate()
    wrong = absence_form is not None or holidays_form is not None
    context = {
        "absences": [
            {"absence": absence, "removable": can_note_absence(access, absence.user_id)}
            for absence in list_absences(request.user, since=today)
        ],
        "holidays": [_holiday(holiday) for holiday in list_holidays(since=today)],
        "absence_form": absence_form or AbsenceForm(user=request.user),
        "holidays_form": (holidays_form or HolidaysForm()) if can_administer(access) else None,
        **settings_places(request, "calendar"),
    }
    return render(request, "crm/calendar.html", context, status=WRONG if wrong else 200)


def _holiday(holiday: Holiday) -> dict[str, Any]:
    name = formats.locale().territories.get(holiday.country, holiday.country)
    return {"holiday": holiday, "country": name or _("Everywhere")}


def _administrators_only(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_administer(access))


def _here() -> str:
    return reverse("crm:calendar")
