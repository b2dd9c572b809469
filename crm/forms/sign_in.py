"""The forms of signing in, in our words. What they check is allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib.sessions import start_session

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "password": _("Password"),
    "oldpassword": _("Password now"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
}
HINTS = {
    "password1": _("10 characters or more. No word many people use, and not your name."),
    "code": _("Six digits from your app, or one of your recovery codes."),
}


class OwnWords:
    """Gives the fields our labels and hints, and no text inside them that goes away as one types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(OwnWords, account.LoginForm):
    """E-mail and password."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        """Sign the person in, for as long as the session says."""
        answer = super().login(request, redirect_url)
        start_session(request, at=timezone.now())
        return answer


class ChangePasswordForm(OwnWords, account.ChangePasswordForm):
    """The password now and a new one, twice."""


class SetPasswordForm(OwnWords, account.SetPasswordForm):
    """A first password, twice."""


class ResetPasswordForm(OwnWords, account.ResetPasswordForm):
    """Where to send the link."""


class ResetPasswordKeyForm(OwnWords, account.ResetPasswordKeyForm):
    """A new password, twice, after the link."""


class ReauthenticateForm(OwnWords, account.ReauthenticateForm):
    """The password once more, before something that matters."""


class CodeForm(OwnWords, mfa.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(OwnWords, mfa.ReauthenticateForm):
    """A code, before something that matters."""


class SwitchOnForm(OwnWords, totp.ActivateTOTPForm):
    """The first code of an app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits your app shows now.")
