"""What views of every app answer with: a page or its fragment, a toast, the next address."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from crm.labels import refusal_sentence
from crm.lib.errors import CommandRefused, NotPermitted

STALE, WRONG = 409, 422


def render_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer htmx with one partial of a page's template, everybody else with the page."""
    name = f"{template}#{part}" if request.headers.get("HX-Request") else template
    return render(request, name, dict(context), status=status)


def render_target(
    request: HttpRequest, template: str, parts: Mapping[str, str], context: Mapping[str, Any]
) -> HttpResponse:
    """Answer htmx with the partial its target names (`{"timeline": "timeline"}`), everybody else with the page."""
    part = parts.get(request.headers.get("HX-Target", "")) if request.headers.get("HX-Request") else None
    return render(request, f"{template}#{part}" if part else template, dict(context))


def done(request: HttpRequest, text: Any, *, to: Any, events: str = "") -> HttpResponse:
    """Say that something was done: htmx gets a toast and closes its sheet, a plain form goes on to `to`.

    `events` are further htmx events, separated by commas, for what must load itself again.
    """
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return redirect(to)
    answer = HttpResponse(render_to_string("crm/_toast.html", {"text": text}, request))
    # Not into the sheet it came from, which would open again.
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#toasts", "none"
    answer.headers["HX-Trigger"] = ", ".join(name for name in ("sheet:close", events) if name)
    return answer


def ask_next(request: HttpRequest, text: Any, *, url: str, to: Any, events: str = "") -> HttpResponse:
    """Say that something was done and ask in the same sheet what is next; a plain form goes on to the question at `url`.

    `to` is where whoever answers, or would rather not, goes on from there.
    """
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return redirect(f"{url}{'&' if '?' in url else '?'}{urlencode({'next': resolve_url(to)})}")
    answer = HttpResponse(render_to_string("crm/_asks_next.html", {"text": text, "url": url}, request))
    if events:
        answer.headers["HX-Trigger"] = events
    return answer


def go_on(request: HttpRequest, text: Any, *, to: Any) -> HttpResponse:
    """Say that something was done and open another page, by htmx or without."""
    messages.success(request, text)
    return go_to(request, to)


def go_to(request: HttpRequest, to: Any) -> HttpResponse:
    """Open another page, by htmx or without."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": resolve_url(to)})
    return redirect(to)


def refuse(request: HttpRequest, refused: CommandRefused, *, to: Any) -> HttpResponse:
    """Say why a button did nothing: an alert by htmx, a message and `to` without.

    :raises NotPermitted: it was not theirs to press, which is answered 403
    """
    if isinstance(refused, NotPermitted):
        raise refused
    text = " ".join(refusal_sentence(refusal) for refusal in refused.refusals)
    if not request.headers.get("HX-Request"):
        messages.error(request, text)
        return redirect(to)
    answer = HttpResponse(render_to_string("crm/_alert.html", {"text": text}, request), status=WRONG)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#alerts", "innerHTML"
    return answer


def press(request: HttpRequest, command: Callable[..., Any], text: Any, *, to: Any) -> HttpResponse:
    """Do what a button alone asks for and open `to`; the command gets `by` and `at`, a refusal is told as by `refuse`."""
    try:
        command(by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=to)
    return go_on(request, text, to=to)


def next_url(request: HttpRequest, fallback: str) -> str:
    """Return where a form wants to go on, as long as that is one of our own addresses."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if own else fallback
