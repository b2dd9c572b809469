"""What to say to whom: written in the settings, offered on a deal's people, on contacts and before a call (TR-036)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.queries.contacts import contacts_visible_to
from crm.views.answers import go_on, render_part
from crm.views.editing import Edited, save_edit, save_new, show_edit, show_new
from crm.views.playbook import find_entry, put_entry, read_playbook, require_editor, show_entry
from pipeline.commands.guides import FIELDS, archive_guide, create_guide, edit_guide, restore_guide
from pipeline.forms.guides import GuideForm
from pipeline.labels.guides import guide_lines, guide_title
from pipeline.models import MessageGuide
from pipeline.queries.guides import (
    Advice,
    get_advice,
    get_competitor_ids_around,
    get_competitors,
    guide_facts,
    guides_visible_to,
    list_guides,
)
from pipeline.queries.stakeholders import get_stakeholders
from pipeline.views.answers import find_deal


@page
def guides(request: HttpRequest) -> HttpResponse:
    """List the guides with what each says; `left=1` lists those put away."""
    context = read_playbook(request)
    context["guides"] = [
        {"guide": each, "title": guide_title(each), "lines": guide_lines(each)}
        for each in list_guides(request.user, archived=context["archived"])
    ]
    return render(request, "pipeline/guides.html", context)


@page
def guide_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new guide."""
    require_editor(request)
    return _sheet(request, None, show_new(GuideForm))


@action
def guide_added(request: HttpRequest) -> HttpResponse:
    """Write a new guide."""
    require_editor(request)
    edited = save_new(request, GuideForm, create_guide)
    return go_on(request, _("The guide is written."), to=_list()) if edited.saved else _sheet(request, None, edited)


@page
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a guide."""
    found = _find(request, pk)
    return _sheet(request, found, show_edit(GuideForm, _values(found)))


@action
def guide_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a guide, field by field."""
    found = _find(request, pk)
    command = partial(edit_guide, guide_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, GuideForm, command, fresh=lambda: _values(_find(request, pk)))
    return go_on(request, _("Saved."), to=_list()) if edited.saved else _sheet(request, found, edited)


@action
def guide_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a guide away, or offer it again."""
    archive, restore = partial(archive_guide, guide_id=pk), partial(restore_guide, guide_id=pk)
    return put_entry(request, _find(request, pk), archive=archive, restore=restore, to=_list())


@page
def deal_guides(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what to say to everybody who takes part in a deal."""
    deal = find_deal(request, deal_id, related=("account",))
    rivals = [each.pk for each in get_competitors(deal_id)]
    people = [person.pk for person in get_stakeholders(deal_id)]
    context = {"deal": deal, "advice": [advise(each) for each in get_advice(people, competitor_ids=rivals)]}
    return render_part(request, "pipeline/deal_guides.html", "guides_sheet", context)


@page
def contact_guides(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show what to say to a contact; a panel by htmx, a page without."""
    contact = get_object_or_404(contacts_visible_to(request.user).select_related("persona"), pk=contact_id)
    rivals = get_competitor_ids_around(request.user, contact_id)
    found = next(iter(get_advice([contact_id], competitor_ids=rivals)), None)
    context = {"contact": contact, "said": advise(found) if found else None}
    return render_part(request, "pipeline/contact_guides.html", "contact_guides", context)


def advise(found: Advice) -> dict[str, Any]:
    """Return what to say to somebody, in words."""
    return {
        "contact": found.contact,
        "persona": found.persona,
        "guides": [(guide_title(each), guide_lines(each, found.contact.seniority)) for each in found.guides],
    }


def _find(request: HttpRequest, pk: int) -> MessageGuide:
    return find_entry(request, guides_visible_to(request.user), pk)


def _values(found: MessageGuide) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _list() -> str:
    return reverse("pipeline:guides")


def _sheet(request: HttpRequest, found: MessageGuide | None, edited: Edited) -> HttpResponse:
    hint = _("Plain text. Leave a choice at any where the guide is for all of them.")
    if found is None:
        return show_entry(request, edited, title=_("New guide"), hint=hint, list_url=_list())
    put_url, archived = reverse("pipeline:guide_put", args=[found.pk]), found.archived_at is not None
    title = guide_title(guide_facts(found))
    return show_entry(request, edited, title=title, hint=hint, list_url=_list(), put_url=put_url, archived=archived)
