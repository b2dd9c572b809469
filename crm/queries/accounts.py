"""Accounts as lists, pages and matching need them."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value

from crm.lib.sql import Fold
from crm.models import Account, Contact, User
from crm.policies.contact_details import NotUnderstood, normal_domain, normal_text
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to
from crm.queries.lists import filter_owner, ordering

SORTS = {
    "name": Fold("name"),
    "industry": "industry",
    "city": "city",
    "employees": "employee_count",
    "owner": Fold("owner__name"),
    "touched": "last_activity_at",
    "created": "created_at",
}

ANCESTORS = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM crm_account WHERE id = %s
    UNION
    SELECT account.id, account.parent_id FROM crm_account account JOIN above ON account.id = above.parent_id
)
SELECT id FROM above
"""

# From each industry to the next by the index, however many accounts there are of each.
INDUSTRIES = """
WITH RECURSIVE used AS (
    SELECT min(industry) AS name FROM crm_account
    WHERE archived_at IS NULL AND merged_into_id IS NULL AND industry > ''
    UNION ALL
    SELECT (SELECT min(industry) FROM crm_account
            WHERE archived_at IS NULL AND merged_into_id IS NULL AND industry > used.name)
    FROM used WHERE used.name IS NOT NULL
)
SELECT name FROM used WHERE name IS NOT NULL LIMIT 200
"""


def accounts_visible_to(user: User) -> QuerySet[Account]:
    """Return the accounts open to the person: all of the company's, or none (D-3)."""
    return Account.objects.all() if get_access(user).reads_company else Account.objects.none()


def open_accounts() -> QuerySet[Account]:
    """Return the accounts in use: neither archived nor merged away."""
    return Account.objects.filter(archived_at=None, merged_into=None)


def search_accounts(accounts: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Return the accounts whose name or domain has the words, forgiving accents, case and slips of the keys."""
    words = normal_text(text)
    if not words:
        return accounts
    named = Q(folded__contains=Fold(Value(words))) | Q(folded__trigram_word_similar=Fold(Value(words)))
    return accounts.alias(folded=Fold("name")).filter(named | Q(domain__startswith=words.lower()))


def get_ancestor_ids(account_id: int) -> frozenset[int]:
    """Return the account and every company above it."""
    with connection.cursor() as cursor:
        cursor.execute(ANCESTORS, [account_id])
        return frozenset(row[0] for row in cursor.fetchall())


def match_account(domain: str | None = None, name: str = "") -> Account | None:
    """Return the account with this domain, else the oldest of this name whose domain does not speak against it."""
    try:
        host = normal_domain(domain)
    except NotUnderstood:
        host = None
    if host and (found := Account.objects.filter(domain=host).select_related("merged_into").first()):
        return found.merged_into or found
    if not normal_text(name):
        return None
    named = open_accounts().annotate(folded=Fold("name")).filter(folded=Fold(Value(normal_text(name))))
    if host:
        named = named.filter(domain=None)
    return named.order_by("pk").first()


def list_accounts(user: User, filters: Mapping[str, Any]) -> QuerySet[Account]:
    """Return the list a person asked for, with what its rows show.

    `filters`: `q`, `owner` (id, me, none), `kind`, `industry`, `country`, `archived`; `sort` is one of `SORTS`, names
    by default, and `-` in front turns it round.
    """
    accounts = accounts_visible_to(user).filter(
        merged_into=None, archived_at__isnull=not filters.get("archived", False)
    )
    accounts = filter_owner(accounts, filters.get("owner", ""), user_id=user.pk)
    for name in ("kind", "industry", "country"):
        if value := filters.get(name):
            accounts = accounts.filter(**{name: value.upper() if name == "country" else value})
    found = _with_columns(search_accounts(accounts, filters.get("q", "")), user=user)
    return found.order_by(*ordering(SORTS, filters.get("sort", "")), "pk")


def _with_columns(accounts: QuerySet[Account], *, user: User) -> QuerySet[Account]:
    """Add how many people are there, and when the last thing happened the person may know of."""
    people = Contact.objects.filter(account=OuterRef("pk"), archived_at=None, merged_into=None, erased_at=None)
    touched = activities_visible_to(user).filter(account=OuterRef("pk"), archived_at=None).exclude(done_at=None)
    return accounts.select_related("owner").annotate(
        contact_count=Subquery(people.order_by().values("account").annotate(n=Count("pk")).values("n")[:1]),
        last_activity_at=Subquery(touched.order_by("-occurred_at").values("occurred_at")[:1]),
    )


def get_industries() -> list[str]:
    """Return the industries in use, for the filter."""
    with connection.cursor() as cursor:
        cursor.execute(INDUSTRIES)
        return [row[0] for row in cursor.fetchall()]
