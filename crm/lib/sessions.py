"""How long somebody stays signed in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest


def start_session(request: HttpRequest, *, at: datetime) -> datetime:
    """Let the session last its full time from now, to a moment a page can tell; return that moment."""
    ends = at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session.set_expiry(ends)
    return ends


def session_ends(request: HttpRequest) -> datetime | None:
    """Return when the session ends, where it was started by `start_session`."""
    session = getattr(request, "session", None)
    ends = session.get("_session_expiry") if session is not None else None
    return datetime.fromisoformat(ends) if isinstance(ends, str) else None
