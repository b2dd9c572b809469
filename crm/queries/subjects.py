"""Accounts and contacts as records that activities and timelines belong to."""

from django.urls import reverse

from crm.facts import SubjectFacts
from crm.models import User
from crm.queries.accounts import accounts_visible_to
from crm.queries.contacts import contacts_visible_to


def find_account(record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the account, if the person may see it."""
    account = accounts_visible_to(user).filter(pk=record_id).first()
    if account is None:
        return None
    return SubjectFacts(
        "account", account.pk, str(account), reverse("crm:account_detail", args=[account.pk]), account.pk
    )


def find_contact(record_id: int, *, user: User) -> SubjectFacts | None:
    """Return the contact, if the person may see it."""
    contact = contacts_visible_to(user).filter(pk=record_id).first()
    if contact is None:
        return None
    url = reverse("crm:contact_detail", args=[contact.pk])
    return SubjectFacts("contact", contact.pk, str(contact), url, contact.account_id, contact.pk)
