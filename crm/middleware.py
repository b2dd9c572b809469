"""What every request gets: headers, the person's language and zone, and a bound origin."""

import secrets
import zoneinfo
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from crm.lib import formats
from crm.lib.origin import origin
from crm.queries.access import get_access
from crm.queries.organisation import get_switched_off
from crm.views import errors

GetResponse = Callable[[HttpRequest], HttpResponse]

# stack.md, "Browser: lessons", and D-11. data: is for the images of our own style sheets only.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in POLICY.items())
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
REQUEST_ID_LENGTH = 8


class SecurityHeadersMiddleware:
    """Adds the content security policy and tells caches that pages are personal and have fragments."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers the view did not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            # A record must not be readable from the disk after signing out.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SizeMiddleware:
    """Answers 413 to what is larger than its address takes, before a byte of the body is read (reliability.md 32).

    Without a length a body counts as empty: nobody reads it. The API's parsers have a limit of their own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision needs the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer what is too large; the protection against forged requests would read it."""
        if request.path.startswith("/api/"):
            return None
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if getattr(view, "takes_files", False):
            limit += settings.FILE_LIMIT
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return None
        return errors.too_large(request) if length > limit else None


class LocaleMiddleware:
    """Activates the person's language, zone and number format, and reads the clock once for the page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the person's locale; before sign-in in the one the browser asks for."""
        user = request.user
        chosen = user.locale if user.is_authenticated else translation.get_language_from_request(request)
        with (
            translation.override(supported(chosen)),
            timezone.override(zone(user.time_zone if user.is_authenticated else settings.TIME_ZONE)),
            formats.bound(locale=chosen, now=now()),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class OriginMiddleware:
    """Names the request and binds who does what from where, for domain events and audit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Bind `via=page` or `via=api` around the view; the id is what a person may quote to support."""
        # The beginning of the id in the log lines is enough to find them, and short enough to read out.
        logged = str(structlog.contextvars.get_contextvars().get("request_id") or secrets.token_hex(REQUEST_ID_LENGTH))
        reference = logged[:REQUEST_ID_LENGTH]
        via = "api" if request.path.startswith("/api/") else "page"
        request.request_id = reference  # type: ignore[attr-defined]  # error pages show it
        with origin(via=via, reference=reference, by_id=request.user.pk):
            response = self.get_response(request)
        response.headers.setdefault("X-Request-ID", reference)
        return response


class FeatureMiddleware:
    """Hides the views of a module that is switched off, pages and API alike (D-45)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the decision needs the view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Answer 404 where the view's module is off.

        :raises Http404: so that nothing tells a switched-off page from none
        """
        module = getattr(view, "feature", "") or getattr(getattr(view, "cls", None), "feature", "")
        if not module:
            return
        user = request.user
        if module in (get_access(user).switched_off if user.is_authenticated else get_switched_off()):
            raise Http404


def now() -> datetime:
    """Read the clock, once for each request."""
    return timezone.now()


def supported(code: str) -> str:
    """Return the language the texts exist in that comes closest."""
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return settings.LANGUAGE_CODE


def zone(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone; a name that left the database counts as UTC rather than as an error page."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
