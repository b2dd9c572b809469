"""Who may do what with records of this app (D-3, D-49). What may not even be seen is a matter of the querysets."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from crm.facts import Access
from crm.models import Account, AccountInsight, Activity, Contact


def can_read_company(access: Access) -> bool:
    """Whether accounts, contacts and their activities are open to the person."""
    return access.reads_company


def can_create_account(access: Access) -> bool:
    """Whether the person may add accounts and contacts."""
    return access.sells


def can_edit_account(access: Access, account: Account) -> bool:
    """Whether the person owns the account, manages its owner, administers, or sells and nobody owns it."""
    return _can_edit_owned(access, account.owner_id)


def can_edit_contact(access: Access, contact: Contact) -> bool:
    """Whether the person may change the contact; a contact without an owner follows its account."""
    owner_id = contact.owner_id
    if owner_id is None and contact.account is not None:
        owner_id = contact.account.owner_id
    return _can_edit_owned(access, owner_id)


def can_log_activity(access: Access) -> bool:
    """Whether the person may log what was done: everybody who reads the company's records."""
    return access.reads_company


def can_edit_activity(access: Access, activity: Activity) -> bool:
    """Whether the person may complete or move the activity: its owner, who manages them, an administrator."""
    return access.reads_company and (activity.owner_id == access.user_id or access.manages(activity.owner_id))


def can_add_insight(access: Access) -> bool:
    """Whether the person may note what they learned of a company: everybody who sells, whoever owns the account."""
    return access.sells


def can_edit_insight(access: Access, insight: AccountInsight) -> bool:
    """Whether the person may put it right: who noted it, and who may change the account."""
    return access.sells and (insight.by_id == access.user_id or can_edit_account(access, insight.account))


def can_edit_origins(access: Access) -> bool:
    """Whether the person may change sources and campaigns: marketing and administrators."""
    return access.is_marketing or access.is_admin


def can_edit_playbook(access: Access) -> bool:
    """Whether the person may change personas and message guides: marketing and administrators."""
    return access.is_marketing or access.is_admin


def can_note_absence(access: Access, user_id: int) -> bool:
    """Whether the person may say that somebody is away: of themselves, of whom they manage, administrators of all."""
    return access.is_admin or (access.reads_company and (user_id == access.user_id or access.manages(user_id)))


def can_administer(access: Access) -> bool:
    """Whether people, teams, the organisation and the audit are open to the person."""
    return access.is_admin


def can_erase(access: Access) -> bool:
    """Whether the person may erase somebody who asked for it: administrators."""
    return access.is_admin


def hide_unless(allowed: bool) -> None:
    """Answer 404: there is nothing here for this person.

    :raises Http404: it is not allowed
    """
    if not allowed:
        raise Http404


def refuse_unless(allowed: bool) -> None:
    """Answer 403: the person may look, but not do this.

    :raises PermissionDenied: it is not allowed
    """
    if not allowed:
        raise PermissionDenied


def _can_edit_owned(access: Access, owner_id: int | None) -> bool:
    if owner_id is None:
        return access.sells
    return access.sells and (owner_id == access.user_id or access.manages(owner_id))
