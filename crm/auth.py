"""How people come in: they are invited, nobody signs up (D-49)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Closes sign-up; everything else of signing in is allauth's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no to everybody."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Leave out what we do not have: the e-mail is the name."""
