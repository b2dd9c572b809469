"""The mail that lets an invited person set a password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from crm.models import User
from crm.queries.organisation import get_organisation


def send_invitation(*, user_id: int, base_url: str) -> None:
    """Mail the link; it works once, for as long as PASSWORD_RESET_TIMEOUT. Somebody who left gets none."""
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        return
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    link = base_url.rstrip("/") + reverse("account_reset_password_from_key", kwargs=key)
    with translation.override(user.locale):
        words = {"user": user, "organisation": get_organisation(), "link": link}
        subject = render_to_string("emails/crm/invitation_subject.txt", words).strip()
        text = render_to_string("emails/crm/invitation.txt", words)
    send_mail(subject, text, None, [user.email])
