"""The link by which an invited person chooses a password."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from crm.models import User

SILENT_BACKENDS = ("console", "dummy")


def sends_mail() -> bool:
    """Return whether mail leaves this installation; without EMAIL_URL it goes nowhere."""
    return not any(f".{name}." in settings.EMAIL_BACKEND for name in SILENT_BACKENDS)


def has_invitation(user: User) -> bool:
    """Return whether somebody made the person's link ready."""
    return bool(EmailAddress.objects.filter(user=user).exists())


def get_invitation_link(user: User, *, base_url: str) -> str:
    """Return the link; it works once, for as long as PASSWORD_RESET_TIMEOUT."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return base_url.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
