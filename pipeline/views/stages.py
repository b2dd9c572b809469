"""Phases of a pipeline, for administrators: chosen as a template, then named, mapped and ordered (LT-043, FI-002)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.views.answers import WRONG, go_on
from pipeline.commands import pipelines as commands
from pipeline.forms.pipelines import StageForm
from pipeline.labels.stages import TEMPLATES
from pipeline.models import Pipeline, Stage
from pipeline.views.administering import administrators_only, form_page, place_of, put, saved


@action
def stages_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a pipeline the phases of a template."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    template = next((each for each in TEMPLATES if each.code == request.POST.get("template")), TEMPLATES[0])
    text = _("%(name)s: done.") % {"name": template.name}
    return put(request, found.pk, commands.choose_stages, text, pipeline_id=found.pk, stages=template.stages)


@page
def stage_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a new phase."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    at = request.GET.get("at", "")
    form = StageForm(pipeline=found, initial={"setpoint_id": at[:18]} if at.isdecimal() else None)
    return form_page(request, found, form, _("Add a phase"), reverse("pipeline:stage_new", args=[pk]))


@action
def stage_added(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a phase."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    form = StageForm(request.POST, pipeline=found)
    made = saved(request, form, commands.add_stage)
    if made is None:
        post_url = reverse("pipeline:stage_new", args=[pk])
        return form_page(request, found, form, _("Add a phase"), post_url, status=WRONG)
    return go_on(request, _("%(name)s is there.") % {"name": made}, to=place_of(pk))


@page
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a phase."""
    administrators_only(request)
    found = _find(pk)
    form = StageForm(pipeline=found.setpoint.pipeline, initial={"name": found.name, "setpoint_id": found.setpoint_id})
    return form_page(request, found.setpoint.pipeline, form, found.name, reverse("pipeline:stage", args=[pk]))


@action
def stage_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a phase."""
    administrators_only(request)
    found = _find(pk)
    form = StageForm(request.POST, pipeline=found.setpoint.pipeline)
    if saved(request, form, commands.edit_stage, stage_id=pk) is None:
        post_url = reverse("pipeline:stage", args=[pk])
        return form_page(request, found.setpoint.pipeline, form, found.name, post_url, status=WRONG)
    return go_on(request, _("Saved."), to=place_of(found.setpoint.pipeline_id))


@action
def stage_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a phase a place `up` or `down`, or use it no more."""
    administrators_only(request)
    found = _find(pk)
    pipeline_id, how = found.setpoint.pipeline_id, request.POST.get("how", "")
    if how in ("up", "down"):
        return put(request, pipeline_id, commands.move_stage, _("Moved."), stage_id=pk, up=how == "up")
    return put(request, pipeline_id, commands.retire_stage, _("%(name)s: done.") % {"name": found}, stage_id=pk)


def _find(pk: int) -> Stage:
    return get_object_or_404(Stage.objects.select_related("setpoint__pipeline"), pk=pk, retired_at=None)
