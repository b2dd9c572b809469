"""What follows when somebody signs in, by whichever way."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from crm.lib.sessions import start_session


@receiver(user_logged_in, dispatch_uid="crm.start_session")
def start_session_on_sign_in(request: HttpRequest | None, **_: Any) -> None:
    """Give the session a moment at which it ends, so that pages can warn of it."""
    if request is not None and hasattr(request, "session"):
        start_session(request, at=timezone.now())
