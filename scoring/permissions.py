"""Who may do what with leads and rules (D-3, D-49). What may not even be seen is a matter of the querysets."""

from crm.facts import Access
from scoring.models import Handoff, Lead, Trial


def can_create_leads(access: Access) -> bool:
    """Whether the person may add leads and events: reps, managers, marketing, administrators."""
    return access.sells or access.is_marketing


def can_see_leads(access: Access) -> bool:
    """Whether leads are open to the person at all; which ones is `leads_visible_to`."""
    return access.sells or access.is_marketing


def can_edit_lead(access: Access, lead: Lead, handoff: Handoff | None) -> bool:
    """Whether the person may change what is known of the lead: marketing, and whoever works with who holds it."""
    if access.is_marketing or access.is_admin:
        return True
    holders = [owner_id for owner_id in (lead.owner_id, handoff.owner_id if handoff else None) if owner_id]
    return access.sells and any(access.works_with(owner_id) for owner_id in holders)


def can_decide(access: Access, lead: Lead, handoff: Handoff | None) -> bool:
    """Whether the person may accept, send back or convert: the lead's owner (D-49), who was handed it (D-27), their
    managers, administrators.
    """
    if access.is_admin:
        return True
    concerned = {lead.owner_id, handoff.owner_id if handoff else None} - {None}
    return access.sells and any(holder == access.user_id or access.manages(holder) for holder in concerned if holder)


def can_answer_trial(access: Access, trial: Trial) -> bool:
    """Whether the person may take or pass a lead offered to try: whom it was offered to, who manages them."""
    return access.is_admin or (access.sells and (trial.owner_id == access.user_id or access.manages(trial.owner_id)))


def can_release(access: Access) -> bool:
    """Whether the person may hand over what waits on the release list: marketing and administrators."""
    return access.is_marketing or access.is_admin


def can_give(access: Access, lead: Lead, handoff: Handoff | None) -> bool:
    """Whether the person may say who answers a lead: marketing, and whoever decides about it.

    Who has it sends it back or answers it, but does not pass it on: a new clock would start.
    """
    if can_release(access):
        return True
    holder = handoff.owner_id if handoff else None
    return can_decide(access, lead, handoff) and (holder is None or access.manages(holder))


def can_give_to(access: Access, owner_id: int) -> bool:
    """Whether the person may give leads to this one: marketing to anybody, others within their own reach."""
    return can_release(access) or access.works_with(owner_id)


def can_read_rules(access: Access) -> bool:
    """Whether the rules are open to the person: everybody who sells or markets."""
    return access.sells or access.is_marketing


def can_edit_rules(access: Access) -> bool:
    """Whether the person may change and publish the rules: marketing and administrators."""
    return access.is_marketing or access.is_admin
