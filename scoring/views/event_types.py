"""The kinds of event this installation knows: read by everybody who sells or markets, added to by marketing (S-2)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on, refuse
from scoring.commands.event_types import add_event_type, restore_event_type, retire_event_type
from scoring.forms import EventTypeForm
from scoring.models import LeadEventType
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.queries.choices import get_all_event_types


@page
def event_types(request: HttpRequest) -> HttpResponse:
    """List what leads can do."""
    hide_unless(can_read_rules(get_access(request.user)))
    return _list(request, EventTypeForm())


@action
def event_type_add(request: HttpRequest) -> HttpResponse:
    """Add something leads can do."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))
    form = EventTypeForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=WRONG)
    try:
        added = add_event_type(**form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _list(request, form, status=WRONG)
    return go_on(request, _("%(name)s can be sent now.") % {"name": added}, to=reverse("scoring:event_types"))


@action
def event_type_put(request: HttpRequest, code: str) -> HttpResponse:
    """Take events of a type no more, or with `back` again."""
    hide_unless(can_read_rules(get_access(request.user)))
    if not LeadEventType.objects.filter(code=code).exists():
        raise Http404
    here = reverse("scoring:event_types")
    try:
        if request.POST.get("back"):
            found, text = restore_event_type(code=code, by=request.user), _("%(name)s can be sent again.")
        else:
            found = retire_event_type(code=code, by=request.user, at=timezone.now())
            text = _("%(name)s is taken no more. What was recorded keeps counting.")
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, text % {"name": found}, to=here)


def _list(request: HttpRequest, form: EventTypeForm, *, status: int = 200) -> HttpResponse:
    editable = can_edit_rules(get_access(request.user))
    context = {"form": form, "types": get_all_event_types(), "editable": editable}
    return render(request, "scoring/event_types.html", context, status=status)
