"""Who may do what with a deal they can see (D-3, D-49)."""

from crm.facts import Access
from pipeline.models import Opportunity


def can_create_deals(access: Access) -> bool:
    """Whether the person may add deals at all: reps, managers, administrators."""
    return access.sells


def can_edit(access: Access, deal: Opportunity) -> bool:
    """Whether the person may change the deal: its owner's team, its managers, administrators; marketing only reads."""
    return access.sells and access.works_with(deal.owner_id)


def can_give_to(access: Access, owner_id: int) -> bool:
    """Whether the person may make somebody the owner: themselves, a team mate, somebody they manage."""
    return access.sells and access.works_with(owner_id)


def can_word_templates(access: Access) -> bool:
    """Whether the person may word the templates of proposals and contracts: managers and administrators."""
    return access.is_admin or access.is_manager
