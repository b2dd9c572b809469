"""Templates of proposals and contracts under settings: managers and administrators word them (LT-096)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.http import action, page
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG, go_on
from crm.views.editing import carry_out
from crm.views.settings import settings_places
from pipeline.commands.templates import add_template, retire_template, word_template
from pipeline.forms.documents import TemplateForm
from pipeline.labels.documents import PLACEHOLDERS
from pipeline.models import DocumentTemplate
from pipeline.permissions import can_word_templates
from pipeline.queries.documents import get_templates, get_versions


@page
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates."""
    _require_worder(request)
    context = {"templates": get_templates(), **settings_places(request, "document_templates")}
    return render(request, "pipeline/templates.html", context)


@page
def template_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new template."""
    _require_worder(request)
    return _render(request, None, TemplateForm())


@action
def template_added(request: HttpRequest) -> HttpResponse:
    """Add a template."""
    _require_worder(request)
    form = TemplateForm(request.POST)
    made = carry_out(form, add_template, by=request.user, at=timezone.now())
    if made is None:
        return _render(request, None, form, status=WRONG)
    return go_on(request, _("%(name)s is there.") % {"name": made}, to=reverse("pipeline:document_templates"))


@page
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the words of a template, what may stand in them, and what it said before."""
    _require_worder(request)
    found = get_object_or_404(DocumentTemplate, pk=pk)
    return _render(request, found, None)


@action
def template_worded(request: HttpRequest, pk: int) -> HttpResponse:
    """Word a template anew; documents made before keep what they said."""
    _require_worder(request)
    found = get_object_or_404(DocumentTemplate, pk=pk)
    form = TemplateForm(request.POST, template=found)
    if not form.is_valid():
        return _render(request, found, form, status=WRONG)
    try:
        word_template(template_id=pk, by=request.user, at=timezone.now(), **form.values())
    except StaleRecord as stale:
        return _both(request, get_object_or_404(DocumentTemplate, pk=pk), stale)
    except CommandRefused as refused:
        form.refuse(refused)
        return _render(request, found, form, status=WRONG)
    return go_on(request, _("Saved."), to=reverse("pipeline:document_template", args=[pk]))


@action
def template_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a template no more, or with `back` again."""
    _require_worder(request)
    found = get_object_or_404(DocumentTemplate, pk=pk)
    is_retired = not request.POST.get("back")
    retire_template(template_id=found.pk, is_retired=is_retired, by=request.user, at=timezone.now())
    said = _("%(name)s is no longer in use.") if is_retired else _("%(name)s is in use again.")
    return go_on(request, said % {"name": found}, to=reverse("pipeline:document_templates"))


def _require_worder(request: HttpRequest) -> None:
    hide_unless(can_word_templates(get_access(request.user)))


def _both(request: HttpRequest, found: DocumentTemplate, stale: StaleRecord) -> HttpResponse:
    """Show what a colleague wrote, among the versions, beside what the person wrote; saved again, it comes after theirs."""
    mine = request.POST.copy()
    mine["number"] = str(found.number)
    form = TemplateForm(mine, template=found)
    form.refuse(stale)
    return _render(request, found, form, status=STALE)


def _render(
    request: HttpRequest, found: DocumentTemplate | None, form: TemplateForm | None, *, status: int = 200
) -> HttpResponse:
    versions = get_versions(found.pk) if found else []
    if form is None:
        initial: dict[str, Any] = {"name": found.name, "number": found.number} if found else {}
        initial |= {"title": versions[0].title, "body": versions[0].body} if versions else {}
        form = TemplateForm(initial=initial, template=found)
    context = {
        "template": found,
        "form": form,
        "versions": versions[0 if status == STALE else 1 :],
        "placeholders": list(PLACEHOLDERS.items()),
        **settings_places(request, "document_templates"),
    }
    return render(request, "pipeline/template.html", context, status=status)
