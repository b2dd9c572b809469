"""Who asks: a bearer token, or the session of the browser with its CSRF token."""

import time
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from crm.commands.token_use import USE_NOTED_EVERY, note_token_use
from crm.lib.limits import Limiter
from crm.models import ApiToken, User
from crm.policies.tokens import is_in_force
from crm.queries.tokens import find_token

failures = Limiter()


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer …`. A token that no longer counts is refused at once, never ignored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the person and the token, or None where no token was sent.

        :raises AuthenticationFailed: the token is unknown, revoked, over, or its person has left
        """
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        at = timezone.now()
        token = find_token(secret.strip())
        if token is None or not is_in_force(
            revoked_at=token.revoked_at, expires_at=token.expires_at, person_is_active=token.user.is_active, at=at
        ):
            _refuse(request)
        if token.last_used_at is None or at - token.last_used_at > USE_NOTED_EVERY:
            note_token_use(token_id=token.pk, at=at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Say with a 401 what would have been accepted."""
        return 'Bearer realm="Setpoint"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The signed-in browser; a write needs the CSRF token, as on a page."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Return the person of the session, or None."""
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated or not user.is_active:
            return None
        self.enforce_csrf(request)
        return user, None


def _refuse(request: Request) -> NoReturn:
    # Only refused requests count, so that a stranger behind the same address locks nobody out.
    limit, seconds = settings.API_RATES["failures"]
    address = get_adapter().get_client_ip(request._request)
    if wait := failures.wait(address, limit=limit, seconds=seconds, now=time.monotonic()):
        raise exceptions.Throttled(wait=wait)
    raise exceptions.AuthenticationFailed(_("The token is not known, was revoked, or is over."))
