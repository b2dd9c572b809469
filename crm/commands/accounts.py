"""Writing accounts (C-3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from crm.commands.customer_periods import keep_customer_periods
from crm.commands.edits import archive_record, store_record, taken, tell_facts_changed, wait_turn
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Money, Refusal
from crm.models import Account, User
from crm.permissions import can_create_account, can_edit_account
from crm.policies.records import clean_account, period_refusals
from crm.queries.access import get_access
from crm.queries.accounts import get_ancestor_ids, match_account
from crm.queries.people import may_hold

__all__ = ["AccountRefused", "archive_account", "create_account", "edit_account", "match_account", "restore_account"]


class AccountRefused(CommandRefused):
    """The account was not written; each refusal names its field."""


class AccountFields(TypedDict, total=False):
    """What an account may be told besides its name."""

    domain: str | None
    registration_number: str
    industry: str
    employee_count: int | None
    annual_revenue: Money | None
    country: str
    city: str
    growth_stage: str
    technologies: list[str]
    parent_id: int | None
    kind: str
    source_id: int | None
    customer_since: date | None
    churned_on: date | None


@transaction.atomic
def create_account(
    *,
    name: str,
    by: User | None,
    at: datetime,
    owner_id: int | None = None,
    external_id: str | None = None,
    created_at: datetime | None = None,
    **fields: Unpack[AccountFields],
) -> Account:
    """Add a company; `created_at` where it came to be before we were told. `by` is None for the system itself.

    :raises NotPermitted: the person may not add accounts
    :raises AccountRefused: a value cannot be stored, or the domain belongs to another account
    """
    if by is not None and not can_create_account(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_create_account"))
    values = _cleaned(Account(), {"name": name, "owner_id": owner_id, **fields})
    account = Account(external_id=external_id, created_at=created_at or at, recorded_at=at, **values)
    _save(account)
    _keep_periods(account, values)
    return account


@transaction.atomic
def edit_account(
    *,
    account_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Account:
    """Change fields of an account; a page gives `seen`, the values it showed, an API client `seen_version`.

    :raises NotPermitted: the account is not theirs to change
    :raises AccountRefused: a value cannot be stored
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    account = _lock(account_id, by=by)
    values = _cleaned(account, dict(changes))
    _save(account, values, seen=seen, seen_version=seen_version)
    _keep_periods(account, values)
    tell_facts_changed(account_id=account.pk, fields=values, by=by, at=at)
    return account


@transaction.atomic
def archive_account(*, account_id: int, seen_version: int | None = None, by: User | None, at: datetime) -> Account:
    """Take an account out of lists; what hangs on it stays. Archived already: nothing happens.

    :raises NotPermitted: the account is not theirs to change
    """
    account = _lock(account_id, by=by)
    archive_record(account, at=at, seen_version=seen_version)
    return account


@transaction.atomic
def restore_account(*, account_id: int, seen_version: int | None = None, by: User | None, at: datetime) -> Account:
    """Put an archived account back into lists.

    :raises NotPermitted: the account is not theirs to change
    """
    account = _lock(account_id, by=by)
    archive_record(account, at=None, seen_version=seen_version)
    return account


def _lock(account_id: int, *, by: User | None) -> Account:
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)
    if by is not None and not can_edit_account(get_access(by), account):
        raise NotPermitted(Refusal.of("may_not_edit_account"))
    if account.merged_into_id is not None:
        raise AccountRefused(Refusal.of("merged", into=account.merged_into_id))
    return account


def _cleaned(account: Account, wanted: dict[str, Any]) -> dict[str, Any]:
    values, refusals = clean_account(wanted)
    if "customer_since" in values or "churned_on" in values:
        since = values.get("customer_since", account.customer_since)
        refusals += period_refusals(since, values.get("churned_on", account.churned_on))
    parent_id = values.get("parent_id")
    if parent_id and account.pk:
        # Two at once could hang each account below the other.
        wait_turn("account_tree")
        if account.pk in get_ancestor_ids(parent_id):
            refusals.append(Refusal.of("parent_is_below", field="parent_id"))
    owner_id = values.get("owner_id")
    if owner_id and owner_id != account.owner_id and not may_hold(owner_id):
        refusals.append(Refusal.of("owner_cannot_hold", field="owner_id"))
    if refusals:
        raise AccountRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    return values


def _save(account: Account, values: Mapping[str, Any] | None = None, **seen: Any) -> None:
    store_record(account, values, unique=taken("domain", "external_id"), refused=AccountRefused, **seen)


def _keep_periods(account: Account, values: Mapping[str, Any]) -> None:
    """Keep the customer periods in step with the two dates people type (D-44)."""
    if {"customer_since", "churned_on"} & set(values):
        keep_customer_periods(account_ids=[account.pk])
