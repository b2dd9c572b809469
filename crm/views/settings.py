"""Own settings and tokens, the organisation's settings, and the audit."""

from datetime import datetime, time
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.organisation import edit_organisation
from crm.commands.people import edit_profile
from crm.commands.tokens import create_token, revoke_token
from crm.forms.settings import AuditForm, OrganisationForm, ProfileForm, TokenForm
from crm.labels import model_label
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.models import ApiToken, User
from crm.permissions import can_administer, can_read_company, hide_unless
from crm.queries.access import get_access
from crm.queries.audit import LIMIT, get_audit, get_audited_models
from crm.queries.organisation import get_organisation, get_zone
from crm.queries.people import active_people
from crm.queries.tokens import tokens_visible_to
from crm.views.answers import WRONG, go_on
from crm.views.editing import Edited, save_edit, show_edit
from crm.views.timeline import read_cursor, write_cursor

PROFILE = ("name", "locale", "time_zone", "country", "theme", "uses_shortcuts")
SELLING_PLACES = frozenset({"pipelines", "policy", "signal_limits", "products", "assumptions", "document_templates"})
ORGANISATION = ("name", "currency", "fiscal_year_start_month", "language", "working_days", "evidence_qualifies")


@page
def profile(request: HttpRequest) -> HttpResponse:
    """Show a person's own settings."""
    return _profile(request, show_edit(ProfileForm, _profile_values(request)))


@action
def profile_save(request: HttpRequest) -> HttpResponse:
    """Save a person's own settings."""
    command = partial(edit_profile, user_id=request.user.pk, by=request.user, at=timezone.now())
    edited = save_edit(request, ProfileForm, command, fresh=partial(_profile_values, request))
    return go_on(request, _("Saved."), to=reverse("crm:settings")) if edited.saved else _profile(request, edited)


@page
def tokens(request: HttpRequest) -> HttpResponse:
    """List a person's own API tokens."""
    return _tokens(request, _token_form(request))


@action
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, this once."""
    form = _token_form(request, request.POST)
    secret = ""
    if form.is_valid():
        values = form.cleaned_data
        ends = values["expires_on"] and timezone.make_aware(datetime.combine(values["expires_on"], time.max))
        try:
            _token, secret = create_token(
                name=values["name"], scopes=values["scopes"], expires_at=ends, by=request.user, at=timezone.now()
            )
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
    return _tokens(request, _token_form(request) if secret else form, secret=secret, status=200 if secret else WRONG)


@action
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token worthless."""
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    revoke_token(token_id=token.pk, by=request.user, at=timezone.now())
    return go_on(request, _("%(name)s can no longer be used.") % {"name": token.name}, to=reverse("crm:tokens"))


@page
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the organisation's settings."""
    hide_unless(can_administer(get_access(request.user)))
    return _organisation(request, show_edit(OrganisationForm, _organisation_values()))


@action
def organisation_save(request: HttpRequest) -> HttpResponse:
    """Save the organisation's settings; another zone counts from today."""
    hide_unless(can_administer(get_access(request.user)))
    command = partial(edit_organisation, by=request.user, at=timezone.now())
    edited = save_edit(request, OrganisationForm, command, fresh=_organisation_values)
    saved = edited.saved
    return go_on(request, _("Saved."), to=reverse("crm:organisation")) if saved else _organisation(request, edited)


@page
def audit(request: HttpRequest) -> HttpResponse:
    """List every change of every record, filtered by kind of record and person."""
    hide_unless(can_administer(get_access(request.user)))
    form = AuditForm(request.GET)
    form.full_clean()
    filters = {name: value for name, value in form.cleaned_data.items() if value}
    before = read_cursor(request.GET.get("before", ""))
    models = [filters["model"]] if filters.get("model") in get_audited_models() else []
    entries = get_audit(
        models, by_id=filters.get("by"), record_id=filters.get("record"), before=before, limit=LIMIT + 1
    )
    shown = entries[:LIMIT]
    context = {
        "filters": {name: filters.get(name, "") for name in form.fields},
        "entries": shown,
        "next_cursor": write_cursor(shown[-1].cursor) if len(entries) > LIMIT else "",
        "models": [(name, model_label(name)) for name in get_audited_models()],
        "people": active_people(),
        **settings_places(request, "audit"),
    }
    part = "#audit_rows" if request.headers.get("HX-Request") else ""
    return render(request, f"crm/settings_audit.html{part}", context)


def settings_places(request: HttpRequest, here: str) -> dict[str, Any]:
    """Return the places of the settings a person may open, with where they are."""
    access = get_access(request.user)
    places = [("settings", _("Profile"), True), ("tokens", _("API tokens"), can_read_company(access))]
    admin = can_administer(access)
    places += [
        ("calendar", _("Away and holidays"), can_read_company(access)),
        ("people", _("People and teams"), admin),
        ("organisation", _("Organisation"), admin),
        ("pipelines", _("Pipelines"), admin),
        ("signal_limits", _("Warnings"), admin),
        ("policy", _("Promises"), can_read_company(access)),
        ("products", _("Price list"), admin),
        ("assumptions", _("Economics"), admin),
        ("origins", _("Sources"), can_read_company(access)),
        ("personas", _("Playbook"), can_read_company(access)),
        ("document_templates", _("Documents"), admin or access.is_manager),
        ("audit", _("Audit"), admin),
    ]
    allowed = [
        {"label": words, "href": _place_url(name), "current": name == here} for name, words, may in places if may
    ]
    return {"places": allowed}


def _place_url(name: str) -> str:
    # What the pipeline sells by is set there; this page knows its address alone.
    return reverse(f"pipeline:{name}" if name in SELLING_PLACES else f"crm:{name}")


def _profile_values(request: HttpRequest) -> dict[str, Any]:
    user = User.objects.get(pk=request.user.pk)
    return {name: getattr(user, name) for name in PROFILE}


def _profile(request: HttpRequest, edited: Edited) -> HttpResponse:
    context = {**edited.context, **settings_places(request, "settings")}
    return render(request, "crm/settings_profile.html", context, status=edited.status)


def _token_form(request: HttpRequest, data: Any = None) -> TokenForm:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    return TokenForm(data, is_admin=can_administer(access), initial={"scopes": ["read"]})


def _tokens(request: HttpRequest, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    own = tokens_visible_to(request.user).order_by("-created_at", "-pk")
    context = {"form": form, "tokens": own, "secret": secret, **settings_places(request, "tokens")}
    return render(request, "crm/settings_tokens.html", context, status=status)


def _organisation_values() -> dict[str, Any]:
    current = get_organisation()
    return {name: getattr(current, name) for name in ORGANISATION} | {"zone": get_zone().key}


def _organisation(request: HttpRequest, edited: Edited) -> HttpResponse:
    context = {**edited.context, **settings_places(request, "organisation")}
    return render(request, "crm/settings_organisation.html", context, status=edited.status)
