"""Setpoints of a pipeline, for administrators (P-1, RU-015)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.views.answers import WRONG, go_on
from pipeline.commands import pipelines as commands
from pipeline.forms import pipelines as forms
from pipeline.models import Pipeline, Setpoint
from pipeline.views.administering import administrators_only, form_page, place_of, put, saved


@page
def setpoint_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a new setpoint."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    return form_page(request, found, forms.NewSetpointForm(pipeline=found), _("Add a setpoint"), _new_setpoint_url(pk))


@action
def setpoint_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a setpoint."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    form = forms.NewSetpointForm(request.POST, pipeline=found)
    made = saved(request, form, commands.add_setpoint, pipeline_id=pk)
    if made is None:
        return form_page(request, found, form, _("Add a setpoint"), _new_setpoint_url(pk), status=WRONG)
    return go_on(request, _("%(name)s is there. Say what it asks for.") % {"name": made}, to=place_of(pk))


@page
def setpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a setpoint."""
    administrators_only(request)
    found = get_object_or_404(Setpoint.objects.select_related("pipeline"), pk=pk)
    names = ("name", "meaning", "stall_limit_days", "guidance", "key_fields")
    values = {name: getattr(found, name) for name in names} | {"probability": (found.probability * 100).normalize()}
    values["probability"] = f"{values['probability']:f}"
    return form_page(request, found.pipeline, forms.SetpointForm(initial=values), found.name, _setpoint_url(pk))


@action
def setpoint_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a setpoint."""
    administrators_only(request)
    found = get_object_or_404(Setpoint.objects.select_related("pipeline"), pk=pk)
    form = forms.SetpointForm(request.POST)
    if saved(request, form, commands.edit_setpoint, setpoint_id=pk) is None:
        return form_page(request, found.pipeline, form, found.name, _setpoint_url(pk), status=WRONG)
    return go_on(request, _("Saved."), to=place_of(found.pipeline_id))


@action
def setpoint_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a setpoint `up` or `down` a place, `retire` it, or bring it `back`."""
    administrators_only(request)
    found = get_object_or_404(Setpoint, pk=pk)
    how = request.POST.get("how", "")
    if how in ("up", "down"):
        return put(request, found.pipeline_id, commands.move_setpoint, _("Moved."), setpoint_id=pk, up=how == "up")
    command = commands.restore_setpoint if how == "back" else commands.retire_setpoint
    return put(request, found.pipeline_id, command, _("%(name)s: done.") % {"name": found}, setpoint_id=pk)


def _new_setpoint_url(pk: int) -> str:
    return reverse("pipeline:setpoint_add", args=[pk])


def _setpoint_url(pk: int) -> str:
    return reverse("pipeline:setpoint_save", args=[pk])
