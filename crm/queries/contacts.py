"""Contacts as lists, pages and matching need them."""

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from crm.lib.sql import Fold
from crm.models import Contact, User
from crm.policies.contact_details import NotUnderstood, normal_email, normal_text
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


def search_contacts(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """Return the contacts whose name or e-mail has the words, forgiving accents, case and slips of the keys."""
    words = normal_text(text)
    if not words:
        return contacts
    full_name = Fold(Concat("first_name", Value(" "), "last_name"))
    named = Q(folded__contains=Fold(Value(words))) | Q(folded__trigram_word_similar=Fold(Value(words)))
    found = Q(pk__in=Contact.objects.annotate(folded=full_name).filter(named).values("pk"))
    return contacts.filter(found | Q(email__startswith=words.lower()))
