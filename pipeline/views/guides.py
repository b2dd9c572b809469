"""What to say to whom: written in the settings, offered on a deal's people, on contacts and before a call (TR-036)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import can_edit_playbook, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.contacts import contacts_visible_to
from crm.views.answers import WRONG, go_on, refuse, render_part
from crm.views.editing import Edited, save_edit, show_edit
from crm.views.settings import settings_places
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
    access, archived = get_access(request.user), request.GET.get("left") == "1"
    hide_unless(can_read_company(access))
    context = {
        "guides": [
            {"guide": each, "title": guide_title(each), "lines": guide_lines(each)}
            for each in list_guides(request.user, archived=archived)
        ],
        "archived": archived,
        "editable": can_edit_playbook(access),
        **settings_places(request, "personas"),
    }
    return render(request, "pipeline/guides.html", context)


@page
def guide_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new guide."""
    _refuse_others(request)
    return _render(request, None, Edited(GuideForm(), GuideForm(prefix="seen")))


@action
def guide_added(request: HttpRequest) -> HttpResponse:
    """Write a new guide."""
    _refuse_others(request)
    form = GuideForm(request.POST)
    if form.is_valid():
        try:
            create_guide(values=form.cleaned_data, by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(request, _("The guide is written."), to=reverse("pipeline:guides"))
    return _render(request, None, Edited(form, GuideForm(prefix="seen"), WRONG))


@page
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a guide."""
    found = find_guide(request, pk)
    return _render(request, found, show_edit(GuideForm, _values(found)))


@action
def guide_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a guide, field by field."""
    found = find_guide(request, pk)
    command = partial(edit_guide, guide_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, GuideForm, command, fresh=lambda: _values(find_guide(request, pk)))
    return (
        go_on(request, _("Saved."), to=reverse("pipeline:guides")) if edited.saved else _render(request, found, edited)
    )


@action
def guide_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a guide away, or offer it again."""
    found = find_guide(request, pk)
    command = archive_guide if found.archived_at is None else restore_guide
    try:
        command(guide_id=pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:guides"))
    text = _("The guide is archived.") if found.archived_at is None else _("The guide is offered again.")
    return go_on(request, text, to=reverse("pipeline:guides"))


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


def find_guide(request: HttpRequest, pk: int) -> MessageGuide:
    """Return a guide that the person may change; 404 where it is not theirs to see, 403 where to change."""
    found: MessageGuide = get_object_or_404(guides_visible_to(request.user), pk=pk)
    refuse_unless(can_edit_playbook(get_access(request.user)))
    return found


def _refuse_others(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_edit_playbook(access))


def _values(found: MessageGuide) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _render(request: HttpRequest, found: MessageGuide | None, edited: Edited) -> HttpResponse:
    title = guide_title(guide_facts(found)) if found else _("New guide")
    context = {"guide": found, "title": title, **edited.context}
    return render_part(request, "pipeline/guide.html", "guide_sheet", context, status=edited.status)
