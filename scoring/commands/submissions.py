"""What people send in by forms: held until the address is theirs, then a lead, its event and a mail of thanks (S-13)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.policies.contact_details import NotUnderstood, normal_email
from scoring.commands.crossings import route_leads
from scoring.commands.events import confirm_event, record_event
from scoring.commands.form_mails import SEND_CONFIRMATION, SEND_THANKS, ask_mail
from scoring.commands.leads import LeadRefused, create_lead, edit_lead
from scoring.commands.newcomers import make_visitors
from scoring.enums import FormField, LeadStatus, SubmissionState
from scoring.facts import NewEvent
from scoring.models import FormSubmission, Lead, VisitorIdentity, WebForm
from scoring.policies.forms import FormFacts, answer_refusals, clean_answers, may_confirm, of_lead
from scoring.queries.leads import find_by_email
from scoring.queries.reps import get_reps

SUBMITTED = "form_submitted"
A_WEEK = timedelta(days=7)


class SubmissionRefused(CommandRefused):
    """What was typed cannot be taken; each refusal names its field."""


class ConfirmationEnded(CommandRefused):
    """The address was not confirmed in time, or there is nothing to confirm."""


@transaction.atomic
def submit_form(
    *, form: WebForm, answers: Mapping[str, str], visitor: str, key: str, is_robot: bool, base_url: str, at: datetime
) -> FormSubmission:
    """Take what somebody sent in; the same `key` again is the same submission.

    What robots send is kept and goes no further. Where the form asks for a confirmation nothing else happens before it.
    Where it does not, what is sent in a known lead's name is asked for all the same: until then its event does not count.

    :raises SubmissionRefused: a value is missing or cannot be stored
    """
    values = clean_answers(answers, form.asked)
    refused = answer_refusals(answers, FormFacts(tuple(form.asked), frozenset(form.required)))
    email = _read_email(values, refused)
    if refused or not email:
        raise SubmissionRefused(refused)
    state = SubmissionState.SPAM if is_robot else SubmissionState.WAITING
    given = {"form": form, "email": email, "values": values, "visitor": visitor, "state": state, "submitted_at": at}
    submission, is_new = FormSubmission.objects.get_or_create(key=f"{form.pk}:{key}", defaults=given)
    if not is_new or is_robot:
        return submission
    if form.double_opt_in:
        ask_mail(SEND_CONFIRMATION, submission, at, base_url=base_url)
    elif lead_id := _find_somebody_else(submission):
        record_event(event=_event(submission, lead_id, is_pending=True), by=None, at=at)
        ask_mail(SEND_CONFIRMATION, submission, at, base_url=base_url)
    else:
        _take(submission, is_confirmed=False, at=at)
    return submission


@transaction.atomic
def confirm_submission(*, key: str, at: datetime) -> FormSubmission:
    """Take what was sent in, now that the address is known to be its sender's; once more does no harm.

    :raises ConfirmationEnded: that was too long ago
    """
    submission = FormSubmission.objects.select_for_update(of=("self",)).select_related("form").filter(key=key).first()
    if submission is None or submission.state == SubmissionState.SPAM or not submission.email:
        raise ConfirmationEnded(Refusal.of("nothing_to_confirm"))
    if submission.state == SubmissionState.DONE:
        return submission
    if not may_confirm(submission.submitted_at, at=at):
        raise ConfirmationEnded(Refusal.of("confirmation_ended"))
    submission.confirmed_at = at
    _take(submission, is_confirmed=True, at=at)
    return submission


def _read_email(values: Mapping[str, str], refused: list[Refusal]) -> str | None:
    try:
        return normal_email(values.get(FormField.EMAIL))
    except NotUnderstood:
        refused.append(Refusal.of("not_understood", field="email", value=""))
        return None


def _find_somebody_else(submission: FormSubmission) -> int | None:
    """Return the lead whose address was typed, unless the browser is one we know to be theirs."""
    lead_id = find_by_email([submission.email]).get(submission.email)
    if lead_id is None:
        return None
    known = VisitorIdentity.objects.filter(lead_id=lead_id, visitor__key=submission.visitor)
    return None if submission.visitor and known.exists() else lead_id


def _event(submission: FormSubmission, lead_id: int, *, visitor: str = "", is_pending: bool = False) -> NewEvent:
    properties: dict[str, object] = {"form": submission.form.code}
    properties |= {name: submission.values[name] for name in (FormField.MESSAGE,) if name in submission.values}
    if FormField.CONSENT in submission.values:
        properties["consent"] = submission.form.consent_text
    key, at = f"form:{submission.key}", submission.submitted_at
    return NewEvent(key, SUBMITTED, at, lead_id, visitor=visitor, properties=properties, is_pending=is_pending)


def _take(submission: FormSubmission, *, is_confirmed: bool, at: datetime) -> None:
    """Make or find the lead and record what it did; a known lead says more only of what it did not say before."""
    known = find_by_email([submission.email])
    lead_id = known.get(submission.email) or _make_lead(submission, at).pk
    if known and is_confirmed:
        _fill_in(lead_id, submission, at)
    event = _event(submission, lead_id, visitor=submission.visitor)
    if not confirm_event(event=event, by=None, at=at):
        record_event(event=event, by=None, at=at)
    submission.lead_id, submission.state = lead_id, SubmissionState.DONE
    submission.save(update_fields=["lead", "state", "confirmed_at"])
    if submission.form.mail_text:
        ask_mail(SEND_THANKS, submission, at)


def _make_lead(submission: FormSubmission, at: datetime) -> Lead:
    """Make the lead, owned by the form's owner or by whose turn it is.

    A source or an owner that went away meanwhile is no reason to lose somebody who wrote to us.
    """
    form = submission.form
    lead = Lead(email=submission.email, country=submission.values.get("country", ""), account=None)
    owner_id = form.owner_id if form.owner_id and form.owner and form.owner.is_active else None
    if owner_id is None:
        owner_id = _next_rep(lead, at)
    given: dict[str, Any] = of_lead(submission.values)
    given |= {
        "email": submission.email,
        "owner_id": owner_id,
        "source_id": form.source_id,
        "campaign_id": form.campaign_id,
    }
    if form.source:
        given["channel"] = form.source.channel
    try:
        return create_lead(by=None, at=at, **given)
    except LeadRefused:
        return create_lead(by=None, at=at, email=submission.email)


def _next_rep(lead: Lead, at: datetime) -> int | None:
    """Return whose turn it is; what they got by forms this week counts as much as what was handed to them."""
    got = FormSubmission.objects.filter(lead__owner__isnull=False, lead__created_at__gt=at - A_WEEK)
    new = Count("lead", filter=Q(lead__status=LeadStatus.NEW), distinct=True)
    rows = got.order_by().values_list("lead__owner").annotate(new=new, latest=Max("lead__created_at"))
    by_forms = {rep_id: (count, latest) for rep_id, count, latest in rows}
    reps = get_reps(at=at)
    for rep_id in by_forms.keys() & reps.keys():
        rep, (count, latest) = reps[rep_id], by_forms[rep_id]
        last = max(filter(None, (rep.last_assigned_at, latest)))
        reps[rep_id] = replace(rep, open_handoffs=rep.open_handoffs + count, last_assigned_at=last)
    return route_leads([lead], reps=reps, at=at)[lead.pk].rep_id


def _fill_in(lead_id: int, submission: FormSubmission, at: datetime) -> None:
    """Write what the lead did not say before; what is known stays, whoever typed something else."""
    if submission.visitor:  # locked before the lead, as every look at a page does it
        make_visitors(first_seen={submission.visitor: submission.submitted_at})
    lead = Lead.objects.get(pk=lead_id)
    blank = {name: value for name, value in of_lead(submission.values).items() if not getattr(lead, name)}
    if blank:
        edit_lead(lead_id=lead_id, changes=blank, by=None, at=at)
