"""What follows when somebody signs in, by whichever way, when a sign-in fails, and when a password is changed."""

import logging
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from crm.commands.tokens import revoke_tokens_of
from crm.lib.sessions import start_session
from crm.models import User

# The lines name a person by number: who may read logs need not know who works here.
logger = logging.getLogger(__name__)


@receiver(user_logged_in, dispatch_uid="crm.start_session")
def start_session_on_sign_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Give the session a moment at which it ends, so that pages can warn of it."""
    logger.info("signed_in user_id=%s", user.pk)
    if request is not None and hasattr(request, "session"):
        start_session(request, at=timezone.now())


@receiver(user_logged_out, dispatch_uid="crm.log_sign_out")
def log_sign_out(user: User | None, **_: Any) -> None:
    """Say that somebody left."""
    logger.info("signed_out user_id=%s", user and user.pk)


@receiver(user_login_failed, dispatch_uid="crm.log_wrong_password")
def log_wrong_password(**_: Any) -> None:
    """Say that a password was wrong, not for whom: looking that up would tell by its time who is known here."""
    logger.warning("sign_in_failed")


@receiver(authentication_failed, dispatch_uid="crm.log_wrong_code")
def log_wrong_code(user: User, **_: Any) -> None:
    """Say that the password was right and the second step was not."""
    logger.warning("second_step_failed user_id=%s", user.pk)


@receiver([password_changed, password_reset, password_set], dispatch_uid="crm.revoke_tokens")
def revoke_tokens_with_the_password(request: HttpRequest, user: User, **_: Any) -> None:
    """Take back what else opens the door: whoever changes a password may fear that somebody else has a token."""
    revoked = revoke_tokens_of(user_id=user.pk, at=timezone.now())
    logger.info("password_changed user_id=%s tokens_revoked=%s", user.pk, revoked)
    if revoked:
        sentence = ngettext(
            "%(count)s API token no longer works. Make a new one where you need it.",
            "%(count)s API tokens no longer work. Make new ones where you need them.",
            revoked,
        )
        messages.info(request, sentence % {"count": revoked})
