"""How leads find their rep: read by everybody who sells or markets, written by marketing and administrators (S-9)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.models import User
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on, press, render_part
from crm.views.editing import Edited, carry_out, save_edit, save_new, show_edit, show_new
from scoring.commands.routing import add_territory, agree_on_terms, archive_territory, edit_territory, set_share
from scoring.forms.routing import ShareForm, TermsForm, TerritoryForm
from scoring.models import HandoffTerms, Territory
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.queries.reps import get_shares
from scoring.queries.routing import open_territories

TERRITORY = ("name", "order", "countries", "languages", "industries", "team_id", "rep_id")
TERMS = ("answer_minutes", "remind_minutes", "trial_percent", "pauses_when_away")


@page
def routing(request: HttpRequest) -> HttpResponse:
    """Show territories, shares and what was agreed on."""
    hide_unless(can_read_rules(get_access(request.user)))
    return _routing(request)


@action
def terms_agreed(request: HttpRequest) -> HttpResponse:
    """Save what marketing and sales agreed on."""
    _editors_only(request)
    form = TermsForm(request.POST)
    if carry_out(form, agree_on_terms, by=request.user, at=timezone.now()) is None:
        return _routing(request, form)
    return go_on(request, _("Agreed. Clocks that run stay as they are."), to=_here())


@page
def territory_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new territory."""
    _editors_only(request)
    return _sheet(request, show_new(TerritoryForm), title=_("New territory"))


@action
def territory_added(request: HttpRequest) -> HttpResponse:
    """Add a territory."""
    _editors_only(request)
    edited = save_new(request, TerritoryForm, add_territory)
    return (
        go_on(request, _("Added."), to=_here()) if edited.saved else _sheet(request, edited, title=_("New territory"))
    )


@page
def territory(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a territory."""
    found = _find(request, pk)
    return _sheet(request, show_edit(TerritoryForm, _values(found)), title=found.name, found=found)


@action
def territory_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a territory, field by field."""
    found = _find(request, pk)
    command = partial(edit_territory, territory_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, TerritoryForm, command, fresh=lambda: _values(_find(request, pk)))
    if not edited.saved:
        return _sheet(request, edited, title=found.name, found=found)
    return go_on(request, _("Saved."), to=_here())


@action
def territory_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a territory no longer."""
    _find(request, pk)
    return press(request, partial(archive_territory, territory_id=pk), _("Archived."), to=_here())


@page
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how many leads a rep takes."""
    rep = _find_rep(request, pk)
    return _sheet(request, show_edit(ShareForm, _share_of(pk)), title=str(rep))


@action
def share_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Save how many leads a rep takes, field by field."""
    rep, at = _find_rep(request, pk), timezone.now()

    def command(changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        set_share(user_id=pk, seen=seen, by=request.user, at=at, **changes)

    edited = save_edit(request, ShareForm, command, fresh=lambda: _share_of(pk))
    return go_on(request, _("Saved."), to=_here()) if edited.saved else _sheet(request, edited, title=str(rep))


def _share_of(pk: int) -> dict[str, Any]:
    known = get_shares(at=timezone.now())[pk]
    return {"capacity": known.capacity, "languages": sorted(known.languages)}


def _routing(request: HttpRequest, form: TermsForm | None = None) -> HttpResponse:
    agreed = HandoffTerms.objects.filter(pk=1).first() or HandoffTerms()
    context = {
        "territories": open_territories(),
        "shares": get_shares(at=timezone.now()).values(),
        "terms": agreed,
        "form": form
        or TermsForm(initial={name: getattr(agreed, name) for name in TERMS} | {"seen_version": agreed.version}),
        "editable": can_edit_rules(get_access(request.user)),
    }
    return render(request, "scoring/routing.html", context, status=WRONG if form else 200)


def _sheet(request: HttpRequest, edited: Edited, *, title: str, found: Territory | None = None) -> HttpResponse:
    put_url = reverse("scoring:territory_archived", args=[found.pk]) if found else ""
    context: dict[str, Any] = {"title": title, "hint": "", "list_url": _here(), "put_url": put_url, "archived": False}
    context["keeps_seen"] = True
    return render_part(
        request, "crm/playbook_entry.html", "entry_sheet", {**context, **edited.context}, status=edited.status
    )


def _find(request: HttpRequest, pk: int) -> Territory:
    _editors_only(request)
    return get_object_or_404(open_territories(), pk=pk)


def _find_rep(request: HttpRequest, pk: int) -> User:
    _editors_only(request)
    shares = get_shares(at=timezone.now())
    return get_object_or_404(User, pk=pk if pk in shares else None)


def _values(found: Territory) -> dict[str, Any]:
    return {name: getattr(found, name) for name in TERRITORY}


def _editors_only(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_rules(access))
    refuse_unless(can_edit_rules(access))


def _here() -> str:
    return reverse("scoring:routing")
