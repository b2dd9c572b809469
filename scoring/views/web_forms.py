"""Forms for websites as marketing makes them, and what was sent in by each (S-13)."""

from functools import partial
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, by_method, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, done, press
from crm.views.editing import Edited, carry_out, save_edit, show_edit
from scoring.commands.forms import EDITABLE, add_form, add_website, edit_form, put_form, put_website
from scoring.forms import ScoringForm
from scoring.forms.web_forms import WebFormForm, WebsiteForm
from scoring.models import WebForm, Website
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.queries.web_forms import get_submissions, get_web_forms

# What people copy is text to them, and nothing this page itself runs: no safe string.
SNIPPET = '<iframe src="{}" title="{}" width="100%" height="640" loading="lazy" data-setpoint-form></iframe>'


@page
def web_forms(request: HttpRequest) -> HttpResponse:
    """List the forms."""
    hide_unless(can_read_rules(get_access(request.user)))
    return _list(request, WebsiteForm())


@page
def _new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new form."""
    _require_marketing(request)
    return _show(request, Edited(WebFormForm(initial={"asked": ["email"]}), ScoringForm()))


@action
def _added(request: HttpRequest) -> HttpResponse:
    """Make a form."""
    _require_marketing(request)
    form = WebFormForm(request.POST)
    made = carry_out(form, add_form, by=request.user, at=timezone.now())
    if made is None:
        return _show(request, Edited(form, ScoringForm(), WRONG))
    return done(request, _("Saved."), to=reverse("scoring:web_form_edit", args=[made.pk]))


web_form_new = by_method(get=_new, post=_added)


@page
def _edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a form, how it is put into a site, and what came by it last."""
    _require_marketing(request)
    found = get_object_or_404(WebForm, pk=pk)
    return _show(request, show_edit(WebFormForm, _values(found)), found)


@action
def _saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a form."""
    _require_marketing(request)
    found = get_object_or_404(WebForm, pk=pk)
    command = partial(edit_form, form_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, WebFormForm, command, fresh=lambda: _values(WebForm.objects.get(pk=pk)))
    if edited.saved:
        return done(request, _("Saved."), to=reverse("scoring:web_form_edit", args=[pk]))
    return _show(request, edited, found)


web_form_edit = by_method(get=_edit, post=_saved)


@action
def web_form_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a form, or with `open` open it again."""
    _require_marketing(request)
    found = get_object_or_404(WebForm, pk=pk)
    command = partial(put_form, form_id=found.pk, is_open=bool(request.POST.get("open")))
    return press(request, command, _("Saved."), to=reverse("scoring:web_forms"))


@action
def website_add(request: HttpRequest) -> HttpResponse:
    """Let a site report its visitors."""
    _require_marketing(request)
    form = WebsiteForm(request.POST)
    if carry_out(form, add_website, by=request.user, at=timezone.now()) is None:
        return _list(request, form, status=WRONG)
    return done(request, _("Saved."), to=reverse("scoring:web_forms"))


@action
def website_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Take nothing from a site any more, or with `open` again."""
    _require_marketing(request)
    found = get_object_or_404(Website, pk=pk)
    command = partial(put_website, website_id=found.pk, is_open=bool(request.POST.get("open")))
    return press(request, command, _("Saved."), to=reverse("scoring:web_forms"))


def _list(request: HttpRequest, form: WebsiteForm, *, status: int = 200) -> HttpResponse:
    context = {
        "forms": get_web_forms(),
        "sites": [(site, _site_snippet(request, site)) for site in Website.objects.order_by("name", "pk")],
        "form": form,
        "editable": can_edit_rules(get_access(request.user)),
    }
    return render(request, "scoring/web_forms.html", context, status=status)


def _site_snippet(request: HttpRequest, site: Website) -> str:
    address = request.build_absolute_uri(reverse("scoring:site_script"))
    return f'<script src="{escape(address)}" data-key="{escape(site.key)}" defer></script>'


def _require_marketing(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_rules(access))
    refuse_unless(can_edit_rules(access))


def _values(form: WebForm) -> dict[str, Any]:
    return {name: getattr(form, name) for name in EDITABLE}


def _show(request: HttpRequest, edited: Edited, form: WebForm | None = None) -> HttpResponse:
    context = {**edited.context, "web_form": form}
    if form:
        address = request.build_absolute_uri(reverse("scoring:web_form", args=[form.code]))
        context |= {"address": address, "snippet": SNIPPET.format(escape(address), escape(form.name))}
        context["submissions"] = get_submissions(form.pk)
    return render(request, "scoring/web_form_edit.html", context, status=edited.status)
