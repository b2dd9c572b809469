"""The kinds of buyers: everybody who sells reads them, marketing and administrators write them (LT-031 to LT-036)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.personas import archive_persona, create_persona, edit_persona, restore_persona
from crm.forms.playbook import PersonaForm
from crm.lib.http import action, page
from crm.models import Persona
from crm.policies.personas import LINES, TEXTS
from crm.queries.personas import list_personas, personas_visible_to
from crm.views.answers import go_on
from crm.views.editing import Edited, save_edit, save_new, show_edit, show_new
from crm.views.playbook import find_entry, put_entry, read_playbook, require_editor, show_entry

FIELDS = (*LINES, *TEXTS)


@page
def personas(request: HttpRequest) -> HttpResponse:
    """List the kinds of buyers with what is said of each; `left=1` lists those put away."""
    context = read_playbook(request)
    context["personas"] = list_personas(request.user, archived=context["archived"])
    return render(request, "crm/personas.html", context)


@page
def persona_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new kind of buyer."""
    require_editor(request)
    return _sheet(request, None, show_new(PersonaForm))


@action
def persona_added(request: HttpRequest) -> HttpResponse:
    """Add a kind of buyer."""
    require_editor(request)
    edited = save_new(request, PersonaForm, create_persona)
    return go_on(request, _("The persona is added."), to=_list()) if edited.saved else _sheet(request, None, edited)


@page
def persona(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a kind of buyer."""
    found = _find(request, pk)
    return _sheet(request, found, show_edit(PersonaForm, _values(found)))


@action
def persona_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what is said of a kind of buyer, field by field."""
    found = _find(request, pk)
    command = partial(edit_persona, persona_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, PersonaForm, command, fresh=lambda: _values(_find(request, pk)))
    return go_on(request, _("Saved."), to=_list()) if edited.saved else _sheet(request, found, edited)


@action
def persona_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a kind of buyer away, or offer it again."""
    archive, restore = partial(archive_persona, persona_id=pk), partial(restore_persona, persona_id=pk)
    return put_entry(request, _find(request, pk), archive=archive, restore=restore, to=_list())


def _find(request: HttpRequest, pk: int) -> Persona:
    return find_entry(request, personas_visible_to(request.user), pk)


def _values(found: Persona) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _list() -> str:
    return reverse("crm:personas")


def _sheet(request: HttpRequest, found: Persona | None, edited: Edited) -> HttpResponse:
    if found is None:
        hint = _("Shown beside every contact who is one, and on the preparation sheet.")
        return show_entry(request, edited, title=_("New persona"), hint=hint, list_url=_list())
    put_url = reverse("crm:persona_put", args=[found.pk])
    return show_entry(
        request, edited, title=found.name, list_url=_list(), put_url=put_url, archived=found.archived_at is not None
    )
