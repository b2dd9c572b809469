"""Pages for what went wrong; they need neither database nor session."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from crm.lib.http import RETRY_AFTER


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, with the code that finds the log lines."""
    page = render_to_string("500.html", {"code": getattr(request, "request_id", "")})
    return HttpResponse(page, status=500)


def too_large(request: HttpRequest) -> HttpResponse:
    """Say that the request is larger than this address takes; nothing of it was read."""
    return HttpResponse(render_to_string("413.html"), status=413)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the database is away or busy, and when to try again."""
    # Whoever asks on the way out must not look a person up.
    request.user = AnonymousUser()  # type: ignore[assignment]  # the stubs know signed-in people only
    page = render_to_string("503.html", {"code": getattr(request, "request_id", "")})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
