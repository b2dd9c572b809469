"""The mails of forms: one that asks whose the address is, and one of thanks (S-13)."""

import smtplib
import socket
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from crm.commands.jobs import enqueue_job
from crm.lib.sharing import sign_key
from crm.queries.organisation import get_organisation
from scoring.enums import SubmissionState
from scoring.models import FormSubmission

SEND_CONFIRMATION = "scoring.send_form_confirmation"
SEND_THANKS = "scoring.send_form_thanks"
CONFIRMING = "form-submission"
# Nobody can have a stranger's mailbox filled by us.
MOST_MAILS, MAILS_WITHIN = 3, timedelta(days=1)
# A mail server that was not reached, or said no: nothing went.
NOT_SENT = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ConnectionRefusedError, socket.gaierror)


def ask_mail(task: str, submission: FormSubmission, at: datetime, **given: str) -> None:
    """Ask for a mail, unless its address got several within a day."""
    lately = FormSubmission.objects.filter(email=submission.email, submitted_at__gt=at - MAILS_WITHIN)
    if lately.exclude(state=SubmissionState.SPAM).count() <= MOST_MAILS:
        kwargs = {"submission_id": submission.pk, **given}
        enqueue_job(task=task, kwargs=kwargs, at=at, key=f"{task}:{submission.pk}")


@transaction.atomic
def send_confirmation(*, submission_id: int, base_url: str) -> None:
    """Mail the link that confirms an address."""
    submission = FormSubmission.objects.select_related("form").get(pk=submission_id)
    if submission.state != SubmissionState.WAITING:
        return
    link = f"{base_url.rstrip('/')}/forms/confirm/{sign_key(submission.key, what=CONFIRMING)}/"
    words = {"form": submission.form, "organisation": get_organisation(), "link": link}
    subject = render_to_string("emails/scoring/confirmation_subject.txt", words)
    send_mail(_one_line(subject), render_to_string("emails/scoring/confirmation.txt", words), None, [submission.email])


def send_thanks(*, submission_id: int, at: datetime) -> bool:
    """Mail the form's thanks, at most once; return whether this was the once. Not within a transaction.

    That it is being sent is written down first. Cut off after that, nobody knows whether it went, and it is not sent
    again; what the mail server refused is free for the next attempt. Nothing somebody typed stands in it.
    """
    submission = _begin_thanks(submission_id, at)
    if submission is None:
        return False
    try:
        send_mail(_one_line(submission.form.mail_subject), submission.form.mail_text, None, [submission.email])
    except NOT_SENT:
        _take_back_thanks(submission_id)
        raise
    return True


def _one_line(subject: str) -> str:
    """Return a subject that mail can carry: a second line would be a header, and is refused."""
    return " ".join(subject.split())


@transaction.atomic
def _begin_thanks(submission_id: int, at: datetime) -> FormSubmission | None:
    submission = FormSubmission.objects.select_for_update(of=("self",)).select_related("form").get(pk=submission_id)
    if submission.thanked_at is not None or not submission.email:
        return None
    submission.thanked_at = at
    submission.save(update_fields=["thanked_at"])
    return submission


@transaction.atomic
def _take_back_thanks(submission_id: int) -> None:
    FormSubmission.objects.filter(pk=submission_id).update(thanked_at=None)
