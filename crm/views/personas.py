"""The kinds of buyers: everybody who sells reads them, marketing and administrators write them (LT-031 to LT-036)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.personas import archive_persona, create_persona, edit_persona, restore_persona
from crm.forms.playbook import PersonaForm
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.models import Persona
from crm.permissions import can_edit_playbook, can_read_company, hide_unless, refuse_unless
from crm.policies.personas import LINES, TEXTS
from crm.queries.access import get_access
from crm.queries.personas import list_personas, personas_visible_to
from crm.views.answers import WRONG, go_on, refuse, render_part
from crm.views.editing import Edited, save_edit, show_edit
from crm.views.settings import settings_places

FIELDS = (*LINES, *TEXTS)


@page
def personas(request: HttpRequest) -> HttpResponse:
    """List the kinds of buyers with what is said of each; `left=1` lists those put away."""
    access, archived = get_access(request.user), request.GET.get("left") == "1"
    hide_unless(can_read_company(access))
    context = {
        "personas": list_personas(request.user, archived=archived),
        "archived": archived,
        "editable": can_edit_playbook(access),
        "texts": TEXTS,
        **settings_places(request, "personas"),
    }
    return render(request, "crm/personas.html", context)


@page
def persona_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new kind of buyer."""
    _refuse_others(request)
    return _render(request, None, Edited(PersonaForm(), PersonaForm(prefix="seen")))


@action
def persona_added(request: HttpRequest) -> HttpResponse:
    """Add a kind of buyer."""
    _refuse_others(request)
    form = PersonaForm(request.POST)
    if form.is_valid():
        try:
            persona = create_persona(values=form.cleaned_data, by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(request, _("%(name)s was added.") % {"name": persona}, to=reverse("crm:personas"))
    return _render(request, None, Edited(form, PersonaForm(prefix="seen"), WRONG))


@page
def persona(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a kind of buyer."""
    found = find_persona(request, pk)
    return _render(request, found, show_edit(PersonaForm, _values(found)))


@action
def persona_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what is said of a kind of buyer, field by field."""
    found = find_persona(request, pk)
    command = partial(edit_persona, persona_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, PersonaForm, command, fresh=lambda: _values(find_persona(request, pk)))
    return go_on(request, _("Saved."), to=reverse("crm:personas")) if edited.saved else _render(request, found, edited)


@action
def persona_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a persona away, or offer it again."""
    found = find_persona(request, pk)
    command = archive_persona if found.archived_at is None else restore_persona
    try:
        command(persona_id=pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("crm:personas"))
    text = _("%(name)s is archived.") if found.archived_at is None else _("%(name)s is offered again.")
    return go_on(request, text % {"name": found}, to=reverse("crm:personas"))


def find_persona(request: HttpRequest, pk: int) -> Persona:
    """Return a persona that the person may change; 404 where it is not theirs to see, 403 where to change."""
    found: Persona = get_object_or_404(personas_visible_to(request.user), pk=pk)
    refuse_unless(can_edit_playbook(get_access(request.user)))
    return found


def _refuse_others(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_edit_playbook(access))


def _values(found: Persona) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _render(request: HttpRequest, found: Persona | None, edited: Edited) -> HttpResponse:
    context = {"persona": found, **edited.context}
    return render_part(request, "crm/persona.html", "persona_sheet", context, status=edited.status)
