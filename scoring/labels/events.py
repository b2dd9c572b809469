"""The words for what comes in: events, and the sentences for what is refused about forms and sites."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import register
from scoring.enums import FormField, NotCounted, SubmissionState

NOT_COUNTED = register(
    "not_counted",
    {
        NotCounted.BOT: _("Not counted: a program did it, by what it calls itself"),
        NotCounted.SCANNER: _("Not counted: a mail scanner, which followed several links within two seconds"),
        NotCounted.PENDING: _("Not counted: nobody has confirmed that it was this person"),
    },
)

FORM_FIELDS = register(
    "form_field",
    {
        FormField.EMAIL: _("E-mail"),
        FormField.FIRST_NAME: _("First name"),
        FormField.LAST_NAME: _("Last name"),
        FormField.COMPANY: _("Company"),
        FormField.JOB_TITLE: _("Job title"),
        FormField.PHONE: _("Phone"),
        FormField.COUNTRY: _("Country"),
        FormField.MESSAGE: _("Message"),
        FormField.CONSENT: _("Consent"),
    },
)
SUBMISSION_STATES = register(
    "submission_state",
    {
        SubmissionState.WAITING: _("Not confirmed"),
        SubmissionState.DONE: _("A lead"),
        SubmissionState.SPAM: _("A robot’s"),
    },
)
EVENT_REFUSALS: dict[str, Any] = {
    "not_an_address_part": _("Use small letters, digits and -, beginning with a letter: demo-request."),
    "email_is_asked": _("The e-mail is always asked: without it nobody can be answered."),
    "required_is_asked": _("Only what is asked can be needed."),
    "consent_says_what": _("Say what they consent to."),
    "mail_needs_both": _("The mail of thanks needs a subject and a text, or neither."),
    "not_an_origin": _("“%(origin)s” is no address of a site. Write it like https://www.example.com."),
    "not_a_country": _("Choose a country of the list."),
    "nothing_to_confirm": _("There is nothing to confirm here."),
    "confirmation_ended": _("This link has ended. Send the form once more."),
}
TYPES = {FormField.EMAIL: "email", FormField.PHONE: "tel"}
AUTOCOMPLETE = {
    FormField.EMAIL: "email", FormField.FIRST_NAME: "given-name", FormField.LAST_NAME: "family-name",
    FormField.COMPANY: "organization", FormField.JOB_TITLE: "organization-title", FormField.PHONE: "tel",
    FormField.COUNTRY: "country",
}  # fmt: skip


def get_questions(
    asked: Sequence[str],
    required: Collection[str],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    countries: Sequence[tuple[str, str]],
) -> list[dict[str, Any]]:
    """Return what a public form asks, with what was typed and what is wrong with it."""
    return [
        {
            "name": name,
            "label": FORM_FIELDS[FormField(name)],
            "type": TYPES.get(FormField(name), "text"),
            "autocomplete": AUTOCOMPLETE.get(FormField(name), "off"),
            "required": name in required or name == FormField.EMAIL,
            "options": countries if name == FormField.COUNTRY else (),
            "value": typed.get(name, ""),
            "error": errors.get(name, ""),
        }
        for name in asked
        if name in set(FormField)
    ]
