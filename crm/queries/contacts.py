"""Contacts as lists, pages and matching need them."""

from django.db.models import QuerySet

from crm.models import Contact, User
from crm.policies.contact_details import NotUnderstood, normal_email
from crm.queries.access import get_access


def contacts_visible_to(user: User) -> QuerySet[Contact]:
    """Return the contacts open to the person: all of the company's, or none (D-3)."""
    return Contact.objects.all() if get_access(user).reads_company else Contact.objects.none()


def open_contacts() -> QuerySet[Contact]:
    """Return the contacts in use: neither archived, merged away nor erased."""
    return Contact.objects.filter(archived_at=None, merged_into=None, erased_at=None)


def match_contact(email: str | None) -> Contact | None:
    """Return the contact with this e-mail, through a merge; None for none."""
    try:
        address = normal_email(email)
    except NotUnderstood:
        return None
    if not address:
        return None
    found = Contact.objects.filter(email=address).select_related("merged_into").first()
    return (found.merged_into or found) if found else None
