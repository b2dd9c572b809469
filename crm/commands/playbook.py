"""What writing an entry of the playbook begins with: personas, and the guides of the app above."""

from typing import TypeVar

from crm.lib.errors import NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.models.base import Record
from crm.permissions import can_edit_playbook
from crm.queries.access import get_access

R = TypeVar("R", bound=Record)


def require_playbook_editor(by: User | None) -> None:
    """Let marketing, administrators and the system pass.

    :raises NotPermitted: everybody else reads the playbook
    """
    if by is not None and not can_edit_playbook(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_playbook"))


def lock_entry(model: type[R], entry_id: int, *, by: User | None) -> R:
    """Return an entry that nobody else changes until the transaction ends.

    :raises NotPermitted: only marketing and administrators may change it
    """
    require_playbook_editor(by)
    found: R = model._default_manager.select_for_update(of=("self",)).get(pk=entry_id)
    return found
