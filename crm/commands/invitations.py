"""The mail that lets an invited person set a password."""

from allauth.account.internal.flows.manage_email import sync_user_email_address
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from crm.models import User
from crm.queries.invitations import get_invitation_link
from crm.queries.organisation import get_organisation


def prepare_invitation(user: User) -> None:
    """Write down the address the link is bound to, so that making the link writes nothing."""
    sync_user_email_address(user)


def send_invitation(*, user_id: int, base_url: str) -> None:
    """Mail the link; it works once, for as long as PASSWORD_RESET_TIMEOUT. Somebody who left gets none."""
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        return
    link = get_invitation_link(user, base_url=base_url)
    with translation.override(user.locale):
        words = {"user": user, "organisation": get_organisation(), "link": link}
        subject = render_to_string("emails/crm/invitation_subject.txt", words).strip()
        text = render_to_string("emails/crm/invitation.txt", words)
    send_mail(subject, text, None, [user.email])
