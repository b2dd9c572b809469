"""Accounts and contacts: what their pages have in common takes from here in what they differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from crm.commands import accounts as account_commands
from crm.commands import contacts as contact_commands
from crm.facts import Access
from crm.forms.lists import AccountListForm, ContactListForm, ListForm
from crm.forms.records import AccountForm, ContactForm, RecordForm
from crm.models import Account, Contact, User
from crm.permissions import can_edit_account, can_edit_contact
from crm.queries import accounts, contacts
from crm.queries.access import get_access
from crm.views.facts import Fact, Record, get_fact

Listed = Callable[[User, Mapping[str, Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What the pages of one kind of record need; the templates find the record under the kind's name too."""

    name: str
    model: type[Model]
    list_template: str
    detail_template: str
    new_template: str
    form: type[RecordForm]
    list_form: type[ListForm]
    visible_to: Callable[[User], QuerySet[Any]]
    listed: Listed
    list_context: Callable[[User, Mapping[str, Any]], dict[str, Any]]
    detail_context: Callable[[Any], dict[str, Any]]
    can_edit: Callable[[Access, Any], bool]
    create: Callable[..., Record]
    edit: Callable[..., Record]
    archive: Callable[..., Record]
    restore: Callable[..., Record]
    related: tuple[str, ...]
    shown: tuple[str, ...]
    asked: tuple[str, ...]


def _filtering_account(user: User, filters: Mapping[str, Any]) -> dict[str, Any]:
    account_id = filters.get("account")
    return {"account": accounts.accounts_visible_to(user).filter(pk=account_id).first() if account_id else None}


KINDS = {
    "account": RecordKind(
        name="account",
        model=Account,
        list_template="crm/account_list.html",
        detail_template="crm/account_detail.html",
        new_template="crm/account_new.html",
        form=AccountForm,
        list_form=AccountListForm,
        visible_to=accounts.accounts_visible_to,
        listed=accounts.list_accounts,
        list_context=lambda user, filters: {"industries": accounts.get_industries()},
        detail_context=lambda account: {"contacts": contacts.get_contacts_of(account.pk)},
        can_edit=can_edit_account,
        create=account_commands.create_account,
        edit=account_commands.edit_account,
        archive=account_commands.archive_account,
        restore=account_commands.restore_account,
        related=("owner", "parent", "source"),
        shown=("name", "domain", "kind", "industry", "employee_count", "annual_revenue", "country", "city",
               "growth_stage", "technologies", "registration_number", "parent_id", "owner_id", "source_id",
               "customer_since", "churned_on"),
        asked=("name", "domain", "kind", "industry", "employee_count", "country", "city", "owner_id"),
    ),
    "contact": RecordKind(
        name="contact",
        model=Contact,
        list_template="crm/contact_list.html",
        detail_template="crm/contact_detail.html",
        new_template="crm/contact_new.html",
        form=ContactForm,
        list_form=ContactListForm,
        visible_to=contacts.contacts_visible_to,
        listed=contacts.list_contacts,
        list_context=_filtering_account,
        detail_context=lambda contact: {},
        can_edit=can_edit_contact,
        create=contact_commands.create_contact,
        edit=contact_commands.edit_contact,
        archive=contact_commands.archive_contact,
        restore=contact_commands.restore_contact,
        related=("owner", "account", "persona"),
        shown=("first_name", "last_name", "job_title", "seniority", "persona_id", "department", "account_id", "email",
               "phone", "country", "language", "owner_id", "consent", "lawful_basis"),
        asked=("first_name", "last_name", "job_title", "account_id", "email", "phone", "owner_id"),
    ),
}  # fmt: skip


def get_facts(kind: str, record: Record, *, editable: bool) -> list[Fact]:
    """Return every field of a record as its page shows it."""
    return [get_fact(kind, record, field, editable=editable) for field in KINDS[kind].shown]


def find_record(request: HttpRequest, kind: str, pk: int) -> Any:
    """Return the record with what its facts name, or 404 where the person may not see it."""
    known = KINDS[kind]
    return get_object_or_404(known.visible_to(request.user).select_related(*known.related), pk=pk)


def may_edit(request: HttpRequest, kind: str, record: Record) -> bool:
    """Whether the person may change this record, which a merge or an erasure closes."""
    closed = record.merged_into_id or getattr(record, "erased_at", None)
    return closed is None and KINDS[kind].can_edit(get_access(request.user), record)
