"""Pipelines, for administrators: listed, made like another one, renamed, compared (P-1, RU-015)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.http import action, page
from crm.views.answers import WRONG, go_on
from pipeline.commands import pipelines as commands
from pipeline.forms import pipelines as forms
from pipeline.labels.stages import TEMPLATES
from pipeline.models import Pipeline
from pipeline.queries.pipelines import (
    compare_criteria,
    get_all_pipelines,
    get_change_moments,
    get_setpoint_rows,
)
from pipeline.views.administering import administrators_only, place_of, put, saved, settings_of


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
        "changed": [row for row in rows if row.change],
        "same": [row for row in rows if not row.change],
        **settings_of(request),
    }
    return render(request, "pipeline/pipeline_versions.html", context)


def _moment(request: HttpRequest, name: str, moments: list[Any], otherwise: int) -> Any:
    text = request.GET.get(name, "")
    number = int(text) if text.isdecimal() and len(text) < 6 else otherwise
    return moments[min(number, len(moments) - 1)] if moments else None


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
