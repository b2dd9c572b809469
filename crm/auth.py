"""How people come in: they are invited, nobody signs up (D-49)."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

WRONG_CODE = _("This code is not right, or it is over. Type the one your app shows now.")


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Closes sign-up and says what went wrong in our words; everything else of signing in is allauth's."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This person may no longer sign in. Ask an administrator."),
        "email_password_mismatch": _("E-mail and password do not belong together. Check both and try again."),
        "enter_current_password": _("This is not your password now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("E-mail and password do not belong together. Check both and try again."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
        "same_as_current": _("Choose another one than now."),
        "too_many_login_attempts": _("Too many tries. Wait 5 minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no to everybody."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords for an e-mail by where they come from, so that a stranger locks nobody out."""
        return f"{get_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Leave out what we do not have: the e-mail is the name."""


class SecondStepAdapter(DefaultMFAAdapter):
    """Says what went wrong with a code in our words."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Two-step sign-in cannot be switched off here."),
        "cannot_generate_recovery_codes": _("Switch on two-step sign-in first."),
        "incorrect_code": WRONG_CODE,
    }
