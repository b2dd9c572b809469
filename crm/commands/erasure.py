"""Erasing a person on request: the figures stay, the person goes (C-4, D-8)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crm.commands.blanking import blank, blank_texts, get_identity, replace_words
from crm.enums import LawfulBasis
from crm.facts import Identity
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import AccountInsight, Activity, Contact, Erasure, IdempotencyKey, ImportedRow, User
from crm.permissions import can_erase
from crm.policies.contact_details import normal_text
from crm.policies.erasure import LONGEST_REASON, NAME, find_pattern, names_person, rare_words
from crm.queries.access import get_access
from crm.registries import erasures


class ErasureRefused(CommandRefused):
    """Nobody was erased."""


@transaction.atomic
def erase_person(*, contact_id: int, reason: str, by: User, at: datetime, seen_version: int | None = None) -> Contact:
    """Take a person out of everything that is kept, in every app and its history. Erased already: nothing happens.

    The row stays, with its account, level and persona, and so does every event, so that all figures stay what they were.

    :raises NotPermitted: the person may not erase anybody
    :raises ErasureRefused: the contact was merged away, or the reason is missing or names the person
    :raises StaleRecord: the contact changed since it was seen
    """
    if not can_erase(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_erase"))
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    if contact.merged_into_id is not None:
        raise ErasureRefused(Refusal.of("merged", into=contact.merged_into_id))
    if contact.erased_at is not None:
        return contact
    if seen_version is not None:
        contact.require_version(seen_version)
    ids = _with_merged(contact_id)
    known = get_identity(Contact, ids)
    Erasure.objects.create(contact=contact, reason=_clean_reason(reason, known), by=by, at=at)
    emails = frozenset(Contact.objects.filter(pk__in=ids).exclude(email=None).values_list("email", flat=True))
    _blank_own(ids, at=at)
    for eraser in erasures.values():
        known |= eraser.erase(contact_ids=ids, emails=emails)
    theirs = _only_theirs(known, ids)
    if pattern := find_pattern(theirs):
        replace_words(pattern, rare_words(theirs))
    _blank_answers(known)
    contact.refresh_from_db()
    return contact


def _with_merged(contact_id: int) -> list[int]:
    """Return the contact and those merged into it, whose rows still say who it was."""
    ids, fresh = [contact_id], [contact_id]
    while fresh:
        fresh = list(Contact.objects.filter(merged_into__in=fresh).exclude(pk__in=ids).values_list("pk", flat=True))
        ids += fresh
    return ids


def _clean_reason(reason: str, known: Identity) -> str:
    cleaned = normal_text(reason)
    if not cleaned:
        refusal = Refusal.of("required", field="reason")
    elif len(cleaned) > LONGEST_REASON:
        refusal = Refusal.of("too_long", field="reason", limit=LONGEST_REASON)
    elif names_person(cleaned, known):
        refusal = Refusal.of("names_erased", field="reason")
    else:
        return cleaned
    raise ErasureRefused(refusal, field="reason")


def _only_theirs(known: Identity, ids: list[int]) -> Identity:
    """Leave out what somebody else bears today: a shared telephone, an address once given to the wrong person."""
    others = Contact.objects.exclude(pk__in=ids)
    emails = others.filter(email__in=known.emails).values_list("email", flat=True)
    phones = others.filter(phone__in=known.phones).values_list("phone", flat=True)
    return Identity(known.names, known.emails - set(emails), known.phones - set(phones))


def _blank_own(ids: list[int], *, at: datetime) -> None:
    """Take the person out of this app: their row, what was said with them, and the notes of imports.

    Where they were one of several at a meeting, only their names are taken out of what was written, as everywhere.
    """
    ImportedRow.objects.filter(kind="contacts", record_id__in=ids).delete()
    blank_texts(Activity, Q(contact__in=ids), "subject", "note", "stated_reason")
    blank_texts(AccountInsight, Q(told_by__in=ids), "text")
    blank(
        Contact, Q(pk__in=ids), also={"erased_at": at}, external_id=None, first_name="", last_name=NAME, job_title="",
        department="", email=None, phone="", country="", language="", consent=None, lawful_basis=LawfulBasis.NONE,
        consented_at=None,
    )  # fmt: skip


def _blank_answers(known: Identity) -> None:
    """Empty the kept answers of the API that hold a name in parts; their keys stay, so that nothing is done twice."""
    holds = Q(body__email__in=known.emails) | Q(body__phone__in=known.phones)
    for name in known.names:
        words = name.split()
        for cut in range(len(words) + 1):
            holds |= Q(body__first_name=" ".join(words[:cut]), body__last_name=" ".join(words[cut:]))
    IdempotencyKey.objects.filter(holds).update(body={}, headers={})
