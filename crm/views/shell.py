"""The pages around the pages: navigation counts, theme, shortcuts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from crm.commands import preferences
from crm.enums import Theme
from crm.lib.http import action, page
from crm.lib.sessions import start_session
from crm.queries.navigation import get_places
from crm.views.answers import render_part


@page
def navigation_counts(request: HttpRequest) -> HttpResponse:
    """Return the numbers beside the navigation, each for its own place."""
    places = get_places(request.user)
    all_on_phone = not any(item.phone for _name, item in places)
    counted = [(name, item.count(request.user), item.phone or all_on_phone) for name, item in places if item.count]
    return render(request, "components/navigation_counts.html", {"counts": counted})


@page
def keyboard(request: HttpRequest) -> HttpResponse:
    """Show the keys that work everywhere; the script adds those of the page it opens on."""
    places = [item for _name, item in get_places(request.user) if item.key]
    return render_part(request, "crm/keyboard.html", "keyboard_help", {"places": places})


@action
def theme_set(request: HttpRequest) -> HttpResponse:
    """Keep the theme; without script go back to where the person was."""
    theme = request.POST.get("theme", "")
    if theme not in set(Theme):
        return HttpResponse(status=422)
    preferences.set_theme(user_id=request.user.pk, theme=Theme(theme))
    return _back(request)


@action
def shortcuts_set(request: HttpRequest) -> HttpResponse:
    """Switch single-key shortcuts."""
    preferences.set_shortcuts(user_id=request.user.pk, used=request.POST.get("used") == "1")
    return _back(request)


@action
def session_extend(request: HttpRequest) -> HttpResponse:
    """Let the session last its full time from now, and say until when."""
    ends = start_session(request, at=timezone.now())
    if request.headers.get("X-Requested-With"):
        return JsonResponse({"ends": ends})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(came_from if safe else "/")
