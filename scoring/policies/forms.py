"""What a form may be, and what may be sent in by one (S-13)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crm.lib.values import Refusal
from crm.policies.contact_details import NotUnderstood, normal_country, normal_phone
from scoring.enums import FormField

CODE = re.compile(r"[a-z][a-z0-9-]{1,98}")
CONFIRM_WITHIN = timedelta(days=7)
LONGEST = {
    FormField.MESSAGE: 2000,
    FormField.PHONE: 40,
    FormField.COUNTRY: 2,
    FormField.COMPANY: 300,
    FormField.EMAIL: 254,
}
LONGEST_OTHER = 200
BROKEN = frozenset({"\0", "\ufffd"})  # what cannot be stored, and what stands for bytes that were no text
VISITOR = re.compile(r"[A-Za-z0-9_-]{8,100}")
# What a lead has of its own; the rest stays with the submission.
OF_LEADS = (
    FormField.FIRST_NAME, FormField.LAST_NAME, FormField.COMPANY, FormField.JOB_TITLE, FormField.PHONE, FormField.COUNTRY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What is asked: the e-mail always, and `required` must be filled in."""

    fields: tuple[str, ...]
    required: frozenset[str]


def form_refusals(values: Mapping[str, Any], *, is_taken: bool) -> list[Refusal]:
    """Return why a form cannot be as its maker wants it."""
    found = [
        Refusal.of("required", field=name) for name in ("name", "thanks") if not str(values.get(name) or "").strip()
    ]
    if not CODE.fullmatch(values["code"]):
        found.append(Refusal.of("not_an_address_part", field="code"))
    elif is_taken:
        found.append(Refusal.of("taken", field="code"))
    asked = values["asked"]
    if FormField.EMAIL not in asked or not set(asked) <= set(FormField):
        found.append(Refusal.of("email_is_asked", field="asked"))
    if not set(values["required"]) <= set(asked):
        found.append(Refusal.of("required_is_asked", field="required"))
    if FormField.CONSENT in asked and not values["consent_text"].strip():
        found.append(Refusal.of("consent_says_what", field="consent_text"))
    if bool(values["mail_subject"].strip()) != bool(values["mail_text"].strip()):
        found.append(Refusal.of("mail_needs_both", field="mail_subject"))
    return [*found, *origin_refusals(values["origins"])]


def origin_refusals(origins: Sequence[str]) -> list[Refusal]:
    """Return which of these are no sites: scheme and host, as a browser names them, and nothing else."""
    wrong = [origin for origin in origins if not _is_origin(origin)]
    return [Refusal.of("not_an_origin", field="origins", origin=wrong[0][:100])] if wrong else []


def _is_origin(origin: str) -> bool:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?", origin):
        return False
    parts = urlsplit(origin)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1")


def answer_refusals(given: Mapping[str, str], form: FormFacts) -> list[Refusal]:
    """Return what is wrong with what was typed into a form; its e-mail is read elsewhere."""
    found = []
    for name in form.fields:
        value = given.get(name, "").strip()
        if not value and (name in form.required or name == FormField.EMAIL):
            found.append(Refusal.of("required", field=name))
        elif len(value) > (longest := LONGEST.get(FormField(name), LONGEST_OTHER)):
            found.append(Refusal.of("too_long", field=name, limit=longest))
        elif BROKEN & set(value):
            found.append(Refusal.of("bad_character", field=name))
        elif name == FormField.COUNTRY and value and not _is_country(value):
            found.append(Refusal.of("not_a_country", field=name))
        elif name == FormField.PHONE and value and not _is_phone(value, given.get(FormField.COUNTRY, "")):
            found.append(Refusal.of("not_understood", field=name, value=""))
    return found


def _is_country(text: str) -> bool:
    try:
        normal_country(text)
    except NotUnderstood:
        return False
    return True


def _is_phone(text: str, country: str) -> bool:
    try:
        normal_phone(text, country=country.strip())
    except NotUnderstood:
        return False
    return True


def clean_answers(given: Mapping[str, str], fields: Collection[str]) -> dict[str, str]:
    """Return what was typed into the fields the form asks, without blanks around it; the rest is left out."""
    typed = {name: given.get(name, "").strip() for name in fields}
    return {name: value.upper() if name == FormField.COUNTRY else value for name, value in typed.items() if value}


def of_lead(values: Mapping[str, str]) -> dict[str, str]:
    """Return what of a submission a lead holds; names and companies are one line of text."""
    return {name: " ".join(values[name].split()) for name in OF_LEADS if values.get(name)}


def read_visitor(text: str) -> str:
    """Return the key of a visitor if it can be one of our script's, else nothing."""
    return text if VISITOR.fullmatch(text) else ""


def may_confirm(submitted_at: datetime, *, at: datetime) -> bool:
    """Whether an address can still be confirmed."""
    return at <= submitted_at + CONFIRM_WITHIN
