"""Contacts as lists, pages and matching need them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat

from crm.enums import Seniority
from crm.lib.sql import Fold
from crm.models import Contact, User
from crm.policies.contact_details import NotUnderstood, normal_email, normal_text
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to
from crm.queries.lists import filter_owner, ordering

RANKS = [When(seniority=level, then=Value(rank)) for rank, level in enumerate(Seniority)]
SORTS = {
    "name": Fold("last_name"),
    "job_title": Fold("job_title"),
    "account": Fold("account__name"),
    "owner": Fold("owner__name"),
    "touched": "last_activity_at",
    "created": "created_at",
}


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
    return contacts.alias(folded=full_name).filter(named | Q(email__startswith=words.lower()))


def list_contacts(user: User, filters: Mapping[str, Any]) -> QuerySet[Contact]:
    """Return the list a person asked for, with what its rows show.

    `filters`: `q`, `owner` (id, me, none), `seniority`, `account`, `archived`; `sort` is one of `SORTS`, names by
    default, and `-` in front turns it round.
    """
    contacts = contacts_visible_to(user).filter(
        merged_into=None, erased_at=None, archived_at__isnull=not filters.get("archived", False)
    )
    contacts = filter_owner(contacts, filters.get("owner", ""), user_id=user.pk)
    for name, column in (("seniority", "seniority"), ("account", "account_id")):
        if value := filters.get(name):
            contacts = contacts.filter(**{column: value})
    found = _with_columns(search_contacts(contacts, filters.get("q", "")), user=user)
    return found.order_by(*ordering(SORTS, filters.get("sort", "")), "pk")


def _with_columns(contacts: QuerySet[Contact], *, user: User) -> QuerySet[Contact]:
    """Add company, owner, and when the last thing happened the person may know of."""
    touched = activities_visible_to(user).filter(contact=OuterRef("pk"), archived_at=None).exclude(done_at=None)
    return contacts.select_related("owner", "account").annotate(
        last_activity_at=Subquery(touched.order_by("-occurred_at").values("occurred_at")[:1])
    )


def get_contacts_of(account_id: int, *, limit: int = 50) -> list[Contact]:
    """Return the people of a company, those who decide first."""
    people = open_contacts().filter(account_id=account_id).select_related("owner")
    ranked = people.annotate(rank=Case(*RANKS, default=Value(len(RANKS))))
    return list(ranked.order_by("rank", Fold("last_name"), "pk")[:limit])
