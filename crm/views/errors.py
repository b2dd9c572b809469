"""Pages for what went wrong; they need neither database nor session."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, with the code that finds the log lines."""
    page = render_to_string("500.html", {"code": getattr(request, "request_id", "")})
    return HttpResponse(page, status=500)
