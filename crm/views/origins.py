"""Where interest comes from: everybody who sells or markets reads it, marketing and administrators write it (D-41)."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.commands.origins import archive_origin, create_origin, edit_origin, restore_origin
from crm.forms.origins import CampaignForm, SourceForm
from crm.forms.records import RecordForm
from crm.lib.http import action, page
from crm.models import Campaign, Source
from crm.permissions import can_edit_origins, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.sources import list_loose_campaigns, list_sources
from crm.views.answers import go_on
from crm.views.editing import Edited, save_edit, save_new, show_edit, show_new
from crm.views.playbook import put_entry, show_entry
from crm.views.settings import settings_places


@dataclass(frozen=True, slots=True)
class Kind:
    """A source or a campaign, as its sheet needs it."""

    model: Any
    form: type[RecordForm]
    new: Any
    hint: Any


KINDS = {
    "source": Kind(
        Source,
        SourceForm,
        gettext_lazy("New source"),
        gettext_lazy("Files and events name it by the code its first name gives."),
    ),
    "campaign": Kind(
        Campaign, CampaignForm, gettext_lazy("New campaign"), gettext_lazy("An effort of its own within a source.")
    ),
}


@page
def origins(request: HttpRequest) -> HttpResponse:
    """List the sources with their campaigns; `left=1` lists those put away."""
    access, archived = get_access(request.user), request.GET.get("left") == "1"
    hide_unless(can_read_company(access))
    context = {
        "sources": list_sources(archived=archived),
        "loose": list_loose_campaigns(archived=archived),
        "archived": archived,
        "editable": can_edit_origins(access),
        **settings_places(request, "origins"),
    }
    return render(request, "crm/origins.html", context)


@page
def origin_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of a new source or campaign."""
    return _sheet(_find_kind(request, kind), None, kind, show_new(KINDS[kind].form))


@action
def origin_added(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a source or a campaign."""
    _find_kind(request, kind)
    edited = save_new(request, KINDS[kind].form, partial(create_origin, KINDS[kind].model))
    return go_on(request, _("Added."), to=_list()) if edited.saved else _sheet(request, None, kind, edited)


@page
def origin(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show the form of a source or a campaign."""
    found = _find(request, kind, pk)
    return _sheet(request, found, kind, show_edit(KINDS[kind].form, _values(found, kind)))


@action
def origin_saved(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Save what is said of a source or a campaign, field by field."""
    found, of = _find(request, kind, pk), KINDS[kind]
    command = partial(edit_origin, of.model, origin_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, of.form, command, fresh=lambda: _values(_find(request, kind, pk), kind))
    return go_on(request, _("Saved."), to=_list()) if edited.saved else _sheet(request, found, kind, edited)


@action
def origin_put(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Put a source or a campaign away, or offer it again."""
    found, model = _find(request, kind, pk), KINDS[kind].model
    archive, restore = (partial(each, model, origin_id=pk) for each in (archive_origin, restore_origin))
    return put_entry(request, found, archive=archive, restore=restore, to=_list())


def _find_kind(request: HttpRequest, kind: str) -> HttpRequest:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    if kind not in KINDS:
        raise Http404
    refuse_unless(can_edit_origins(access))
    return request


def _find(request: HttpRequest, kind: str, pk: int) -> Any:
    _find_kind(request, kind)
    return get_object_or_404(KINDS[kind].model, pk=pk)


def _values(found: Any, kind: str) -> dict[str, Any]:
    return {name: getattr(found, name) for name in KINDS[kind].form.base_fields}


def _list() -> str:
    return reverse("crm:origins")


def _sheet(request: HttpRequest, found: Any, kind: str, edited: Edited) -> HttpResponse:
    of = KINDS[kind]
    if found is None:
        return show_entry(request, edited, title=of.new, hint=of.hint, list_url=_list())
    put_url, archived = reverse("crm:origin_put", args=[kind, found.pk]), found.archived_at is not None
    return show_entry(
        request, edited, title=found.name, hint=found.code, list_url=_list(), put_url=put_url, archived=archived
    )
