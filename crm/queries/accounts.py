"""Accounts as lists, pages and matching need them."""

from django.db import connection
from django.db.models import Q, QuerySet, Value

from crm.lib.sql import Fold
from crm.models import Account, User
from crm.policies.contact_details import NotUnderstood, normal_domain, normal_text
from crm.queries.access import get_access

ANCESTORS = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM crm_account WHERE id = %s
    UNION
    SELECT account.id, account.parent_id FROM crm_account account JOIN above ON account.id = above.parent_id
)
SELECT id FROM above
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
    found = Q(pk__in=Account.objects.annotate(folded=Fold("name")).filter(named).values("pk"))
    return accounts.filter(found | Q(domain__startswith=words.lower()))


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
