"""Who gives hours that deals share, how many in which week, and what must be known before they are asked for."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.records import RecordForm
from crm.lib import formats
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.permissions import can_administer, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, done, refuse, render_part
from crm.views.editing import carry_out
from pipeline.commands.resource_hours import put_resource, retire_resource, set_gates, set_weeks
from pipeline.forms.resources import GatesForm, ResourceForm, WeeksForm
from pipeline.models import Resource
from pipeline.queries.resources import get_gates, get_own_weeks, next_weeks, resources_in_use
from pipeline.views.resources import WEEKS_SHOWN, may_set_weeks

LIST = "pipeline:resources"
CHANGED = "record:changed"


@page
def resource_new(request: HttpRequest) -> HttpResponse:
    """Show the form that shares somebody's hours, for an administrator."""
    hide_unless(can_administer(get_access(request.user)))
    return _sheet(request, ResourceForm(), **_new_texts())


@action
def resource_added(request: HttpRequest) -> HttpResponse:
    """Share somebody's hours."""
    hide_unless(can_administer(get_access(request.user)))
    form = ResourceForm(request.POST)
    made = carry_out(form, put_resource, by=request.user, at=timezone.now())
    if made is None:
        return _sheet(request, form, **_new_texts())
    text = _("Deals share the hours of %(name)s.") % {"name": made.user}
    return done(request, text, to=reverse(LIST), events=CHANGED)


@action
def resource_retired(request: HttpRequest, pk: int) -> HttpResponse:
    """Share somebody's hours no longer."""
    hide_unless(can_administer(get_access(request.user)))
    found, at = find_resource(pk), timezone.now()
    try:
        retire_resource(resource_id=pk, by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse(LIST))
    text = _("The hours of %(name)s are theirs again.") % {"name": found.user}
    return done(request, text, to=reverse(LIST), events=CHANGED)


@page
def resource_weeks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how many hours somebody has in each of the next weeks, for them and who manages them."""
    found = find_resource(pk, request=request)
    weeks, own = next_weeks(timezone.localdate(), WEEKS_SHOWN), get_own_weeks(pk)
    form = WeeksForm(weeks=weeks, initial={f"week-{week}": hours for week, hours in own.items()})
    return _sheet(request, form, **_weeks_texts(found))


@action
def resource_weeks_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many hours somebody has in each of the next weeks."""
    found, at = find_resource(pk, request=request), timezone.now()
    form = WeeksForm(request.POST, weeks=next_weeks(timezone.localdate(at), WEEKS_SHOWN))
    if carry_out(form, set_weeks, resource_id=pk, by=request.user, at=at) is None:
        return _sheet(request, form, **_weeks_texts(found))
    return done(request, _("The weeks are set."), to=reverse(LIST), events=CHANGED)


@page
def resource_gates(request: HttpRequest) -> HttpResponse:
    """Show what must be known of a deal before hours of each kind are asked for, for an administrator."""
    hide_unless(can_administer(get_access(request.user)))
    initial = {str(kind): gate for kind, gate in get_gates().items()}
    return _sheet(request, GatesForm(initial=initial), **_gates_texts())


@action
def resource_gates_set(request: HttpRequest) -> HttpResponse:
    """Say what must be known of a deal before hours of each kind are asked for."""
    hide_unless(can_administer(get_access(request.user)))
    form = GatesForm(request.POST)
    if carry_out(form, set_gates, by=request.user, at=timezone.now()) is None:
        return _sheet(request, form, **_gates_texts())
    return done(request, _("Saved."), to=reverse(LIST), events=CHANGED)


def find_resource(pk: int, *, request: HttpRequest | None = None) -> Resource:
    """Return somebody whose hours are shared; with the request, 403 where they are not the person's to set."""
    found = resources_in_use().filter(pk=pk).first()
    if found is None:
        raise Http404
    if request is not None:
        access = get_access(request.user)
        hide_unless(access.reads_company or found.user_id == access.user_id)
        refuse_unless(may_set_weeks(access, found))
    return found


def _new_texts() -> dict[str, Any]:
    return {"title": _("Share somebody’s hours"), "text": "", "button": _("Share them")}


def _weeks_texts(found: Resource) -> dict[str, Any]:
    usual = formats.number(found.weekly_hours)
    text = _("Empty is the usual number: %(hours)s hours.") % {"hours": usual}
    return {"title": _("Hours of %(name)s") % {"name": found.user}, "text": text, "button": _("Save")}


def _gates_texts() -> dict[str, Any]:
    text = _("Known are the economics of a deal whose lines have prices and costs, with enough deals like it closed.")
    return {"title": _("Before hours are asked for"), "text": text, "button": _("Save")}


def _sheet(request: HttpRequest, form: RecordForm, **texts: str) -> HttpResponse:
    """Show the sheet; a form that comes back was wrong."""
    status = WRONG if form.is_bound else 200
    return render_part(
        request, "pipeline/resource_sheet.html", "resource_sheet", {"form": form, **texts}, status=status
    )
