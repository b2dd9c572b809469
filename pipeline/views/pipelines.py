"""Pipelines, setpoints and criteria, for administrators (P-1, P-2, RU-015)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.http import action, page
from crm.views.answers import WRONG, go_on
from pipeline.commands import pipelines as commands
from pipeline.forms import pipelines as forms
from pipeline.labels.stages import TEMPLATES
from pipeline.models import Criterion, CriterionVersion, Pipeline, Setpoint
from pipeline.queries.pipelines import (
    compare_criteria,
    get_all_pipelines,
    get_change_moments,
    get_criterion_versions,
    get_setpoint_rows,
)
from pipeline.views.administering import administrators_only, form_page, place_of, put, saved, settings_of


@page
def pipelines(request: HttpRequest) -> HttpResponse:
    """List the pipelines."""
    administrators_only(request)
    return _list(request, forms.NewPipelineForm())


@action
def pipeline_add(request: HttpRequest) -> HttpResponse:
    """Add a pipeline like another one."""
    administrators_only(request)
    form = forms.NewPipelineForm(request.POST)
    made = saved(request, form, commands.add_pipeline)
    if made is None:
        return _list(request, form, status=WRONG)
    return go_on(request, _("%(name)s is there.") % {"name": made}, to=place_of(made.pk))


@page
def pipeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pipeline: its setpoints and what each asks for."""
    administrators_only(request)
    return _detail(request, pk, None)


@action
def pipeline_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a pipeline."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    form = forms.PipelineForm(request.POST)
    if saved(request, form, commands.edit_pipeline, pipeline_id=found.pk) is None:
        return _detail(request, pk, form, status=WRONG)
    return go_on(request, _("Saved."), to=place_of(pk))


@action
def pipeline_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a pipeline no more, or with `back` again."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    command = commands.restore_pipeline if request.POST.get("back") else commands.retire_pipeline
    return put(request, found.pk, command, _("%(name)s: done.") % {"name": found}, pipeline_id=found.pk)


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


@page
def criterion_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a new criterion of a setpoint."""
    administrators_only(request)
    found = get_object_or_404(Setpoint.objects.select_related("pipeline"), pk=pk)
    title = _("Ask for one more fact at %(setpoint)s") % {"setpoint": found}
    return form_page(request, found.pipeline, forms.NewCriterionForm(), title, _new_criterion_url(pk))


@action
def criterion_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a criterion to a setpoint."""
    administrators_only(request)
    found = get_object_or_404(Setpoint.objects.select_related("pipeline"), pk=pk)
    form = forms.NewCriterionForm(request.POST)
    if saved(request, form, commands.add_criterion, setpoint_id=pk) is None:
        title = _("Ask for one more fact at %(setpoint)s") % {"setpoint": found}
        return form_page(request, found.pipeline, form, title, _new_criterion_url(pk), status=WRONG)
    return go_on(request, _("%(name)s asks for it from now on.") % {"name": found}, to=place_of(found.pipeline_id))


@page
def criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a criterion, with every wording it had."""
    administrators_only(request)
    found, current = _find_criterion(pk)
    values = {name: getattr(current, name) for name in ("text", "ask", "gate", "deal_types")}
    return _criterion_form(request, found, current, forms.CriterionForm(initial=values))


@action
def criterion_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a criterion as a new version."""
    administrators_only(request)
    found, current = _find_criterion(pk)
    form = forms.CriterionForm(request.POST)
    if saved(request, form, commands.change_criterion, criterion_id=pk) is None:
        return _criterion_form(request, found, current, form, status=WRONG)
    text = _("Saved. What deals have of it stays.")
    return go_on(request, text, to=place_of(found.setpoint.pipeline_id))


@action
def criterion_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a fact no more."""
    administrators_only(request)
    found, current = _find_criterion(pk)
    text = _("“%(text)s” is asked no more. What deals have of it stays.") % {"text": current.text}
    return put(request, found.setpoint.pipeline_id, commands.retire_criterion, text, criterion_id=pk)


@page
def pipeline_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the criteria of a pipeline at two moments."""
    administrators_only(request)
    found = get_object_or_404(Pipeline, pk=pk)
    moments = get_change_moments(pk)
    after, before = _moment(request, "after", moments, 0), _moment(request, "before", moments, 1)
    rows = compare_criteria(pk, before=before, after=after) if moments else []
    context = {
        "pipeline": found,
        "moments": list(enumerate(moments)),
        "before": moments.index(before) if moments else 0,
        "after": moments.index(after) if moments else 0,
        "rows": rows,
        "changed": sum(1 for row in rows if row.change),
        **settings_of(request),
    }
    return render(request, "pipeline/pipeline_versions.html", context)


def _new_setpoint_url(pk: int) -> str:
    return reverse("pipeline:setpoint_add", args=[pk])


def _setpoint_url(pk: int) -> str:
    return reverse("pipeline:setpoint_save", args=[pk])


def _new_criterion_url(pk: int) -> str:
    return reverse("pipeline:criterion_add", args=[pk])


def _moment(request: HttpRequest, name: str, moments: list[Any], otherwise: int) -> Any:
    text = request.GET.get(name, "")
    number = int(text) if text.isdecimal() and len(text) < 6 else otherwise
    return moments[min(number, len(moments) - 1)] if moments else None


def _find_criterion(pk: int) -> tuple[Criterion, CriterionVersion]:
    found = get_object_or_404(Criterion.objects.select_related("setpoint__pipeline"), pk=pk, retired_at=None)
    return found, get_object_or_404(CriterionVersion, criterion=found, valid_until=None)


def _list(request: HttpRequest, form: Any, *, status: int = 200) -> HttpResponse:
    context = {"pipelines": get_all_pipelines(), "form": form, **settings_of(request)}
    return render(request, "pipeline/pipelines.html", context, status=status)


def _detail(request: HttpRequest, pk: int, form: Any, *, status: int = 200) -> HttpResponse:
    found = get_object_or_404(Pipeline, pk=pk)
    rows = get_setpoint_rows(pk)
    in_use = [row for row in rows if row.retired_at is None]
    asked = sum(len(row.asked) for row in in_use)
    words = ngettext("%(count)s fact is asked for.", "%(count)s facts are asked for.", asked) % {"count": asked}
    context = {
        "pipeline": found,
        "setpoints": list(reversed(in_use)),
        "retired": [row for row in rows if row.retired_at is not None],
        "form": form or forms.PipelineForm(initial={"name": found.name}),
        "finding": words,
        "templates": () if any(row.phases for row in in_use) else TEMPLATES,
        **settings_of(request),
    }
    return render(request, "pipeline/pipeline.html", context, status=status)


def _criterion_form(
    request: HttpRequest, found: Criterion, current: CriterionVersion, form: Any, *, status: int = 200
) -> HttpResponse:
    post_url = reverse("pipeline:criterion_save", args=[found.pk])
    more = {"versions": get_criterion_versions(found.pk), "criterion": found, "current": current}
    return form_page(request, found.setpoint.pipeline, form, current.text, post_url, status=status, **more)
