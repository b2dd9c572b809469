"""Writing contacts (C-4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from crm.commands.edits import archive_record, store_record, taken, tell_facts_changed
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Account, Contact, User
from crm.permissions import can_create_account, can_edit_contact
from crm.policies.contact_details import NotUnderstood, normal_phone
from crm.policies.records import clean_contact, identity_refusals
from crm.policies.seniority import seniority_of
from crm.queries.access import get_access
from crm.queries.contacts import match_contact
from crm.queries.people import may_hold
from crm.queries.personas import open_personas

__all__ = ["ContactRefused", "archive_contact", "create_contact", "edit_contact", "match_contact", "restore_contact"]


class ContactRefused(CommandRefused):
    """The contact was not written; each refusal names its field."""


class ContactFields(TypedDict, total=False):
    """What a contact may be told; an empty `seniority` is read from the job title."""

    first_name: str
    last_name: str
    job_title: str
    seniority: str
    department: str
    persona_id: int | None
    email: str | None
    phone: str
    country: str
    language: str
    consent: bool | None
    lawful_basis: str


@transaction.atomic
def create_contact(
    *,
    by: User | None,
    at: datetime,
    account_id: int | None = None,
    owner_id: int | None = None,
    external_id: str | None = None,
    created_at: datetime | None = None,
    **fields: Unpack[ContactFields],
) -> Contact:
    """Add a person; the phone is read as one of the contact's or the account's country. `by` None: the system.

    :raises NotPermitted: the person may not add contacts
    :raises ContactRefused: a value cannot be stored, or the e-mail belongs to another contact
    """
    if by is not None and not can_create_account(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_create_contact"))
    wanted = {"account_id": account_id, "owner_id": owner_id, "job_title": "", "seniority": "", **fields}
    values = _cleaned(Contact(), wanted, at=at)
    contact = Contact(external_id=external_id, created_at=created_at or at, recorded_at=at, **values)
    _save(contact)
    return contact


@transaction.atomic
def edit_contact(
    *,
    contact_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Contact:
    """Change fields of a contact; a page gives `seen`, the values it showed, an API client `seen_version`.

    :raises NotPermitted: the contact is not theirs to change
    :raises ContactRefused: a value cannot be stored
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    contact = _lock(contact_id, by=by)
    values = _cleaned(contact, dict(changes), at=at)
    _save(contact, values, seen=seen, seen_version=seen_version)
    tell_facts_changed(contact_id=contact.pk, fields=values, by=by, at=at)
    return contact


@transaction.atomic
def archive_contact(*, contact_id: int, seen_version: int | None = None, by: User | None, at: datetime) -> Contact:
    """Take a contact out of lists; what hangs on it stays. Archived already: nothing happens.

    :raises NotPermitted: the contact is not theirs to change
    """
    contact = _lock(contact_id, by=by)
    archive_record(contact, at=at, seen_version=seen_version)
    return contact


@transaction.atomic
def restore_contact(*, contact_id: int, seen_version: int | None = None, by: User | None, at: datetime) -> Contact:
    """Put an archived contact back into lists.

    :raises NotPermitted: the contact is not theirs to change
    """
    contact = _lock(contact_id, by=by)
    archive_record(contact, at=None, seen_version=seen_version)
    return contact


def _lock(contact_id: int, *, by: User | None) -> Contact:
    contact = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("account").get(pk=contact_id)
    if by is not None and not can_edit_contact(get_access(by), contact):
        raise NotPermitted(Refusal.of("may_not_edit_contact"))
    if contact.merged_into_id is not None:
        raise ContactRefused(Refusal.of("merged", into=contact.merged_into_id))
    if contact.erased_at is not None:
        raise ContactRefused(Refusal.of("erased"))
    return contact


def _cleaned(contact: Contact, wanted: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    values, refusals = clean_contact(wanted)
    stands = {
        name: values.get(name, getattr(contact, name)) for name in ("first_name", "last_name", "job_title", "email")
    }
    refusals += identity_refusals(**stands)
    if "phone" in values:
        try:
            values["phone"] = normal_phone(values["phone"], country=_country(contact, values))
        except NotUnderstood as error:
            refusals.append(Refusal.of("not_understood", field="phone", value=str(error)[:100]))
    owner_id = values.get("owner_id")
    if owner_id and owner_id != contact.owner_id and not may_hold(owner_id):
        refusals.append(Refusal.of("owner_cannot_hold", field="owner_id"))
    persona_id = values.get("persona_id")
    if persona_id and persona_id != contact.persona_id and not open_personas().filter(pk=persona_id).exists():
        refusals.append(Refusal.of("unknown_persona", field="persona_id"))
    if refusals:
        raise ContactRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    _derive(contact, values, at=at)
    return values


def _derive(contact: Contact, values: dict[str, Any], *, at: datetime) -> None:
    """Read the level from the title unless somebody set it, and date a consent that was just given."""
    if "seniority" in values:
        values["seniority_is_set"] = bool(values["seniority"])
    if "seniority" in values or "job_title" in values:
        is_set = values.get("seniority_is_set", contact.seniority_is_set)
        if not is_set:
            values["seniority"] = seniority_of(values.get("job_title", contact.job_title))
    if values.get("consent") and not contact.consent:
        values["consented_at"] = at


def _country(contact: Contact, values: Mapping[str, Any]) -> str:
    if own := values.get("country", contact.country):
        return str(own)
    account_id = values.get("account_id", contact.account_id)
    return Account.objects.filter(pk=account_id).values_list("country", flat=True).first() or ""


def _save(contact: Contact, values: Mapping[str, Any] | None = None, **seen: Any) -> None:
    store_record(contact, values, unique=taken("email", "external_id"), refused=ContactRefused, **seen)
