"""Criteria of a setpoint, for administrators (P-2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.views.answers import WRONG, go_on
from pipeline.commands import pipelines as commands
from pipeline.forms import pipelines as forms
from pipeline.models import Criterion, CriterionVersion, Setpoint
from pipeline.queries.pipelines import get_criterion_versions
from pipeline.views.administering import administrators_only, form_page, place_of, put, saved


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
    """Ask for a fact no more, or with `back` again."""
    administrators_only(request)
    found = get_object_or_404(Criterion.objects.select_related("setpoint"), pk=pk)
    names = {"text": CriterionVersion.objects.filter(criterion=found).latest("number").text}
    if request.POST.get("back"):
        text = _("“%(text)s” is asked again. What deals have of it counts.") % names
        return put(request, found.setpoint.pipeline_id, commands.restore_criterion, text, criterion_id=pk)
    text = _("“%(text)s” is asked no more. What deals have of it stays.") % names
    return put(request, found.setpoint.pipeline_id, commands.retire_criterion, text, criterion_id=pk)


def _new_criterion_url(pk: int) -> str:
    return reverse("pipeline:criterion_add", args=[pk])


def _find_criterion(pk: int) -> tuple[Criterion, CriterionVersion]:
    found = get_object_or_404(Criterion.objects.select_related("setpoint__pipeline"), pk=pk, retired_at=None)
    return found, get_object_or_404(CriterionVersion, criterion=found, valid_until=None)


def _criterion_form(
    request: HttpRequest, found: Criterion, current: CriterionVersion, form: Any, *, status: int = 200
) -> HttpResponse:
    post_url = reverse("pipeline:criterion_save", args=[found.pk])
    more = {"versions": get_criterion_versions(found.pk), "criterion": found, "current": current}
    return form_page(request, found.setpoint.pipeline, form, current.text, post_url, status=status, **more)
