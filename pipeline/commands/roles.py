"""What part people have in buying (P-10)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.enums import StakeholderRole
from pipeline.events import EventKind
from pipeline.models import Stakeholder


class StakeholderRefused(CommandRefused):
    """The person may not stand on the deal like this; the refusals name the fields."""


@transaction.atomic
def name_stakeholder(
    *,
    opportunity_id: int,
    contact_id: int,
    role: StakeholderRole | str,
    met_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Stakeholder:
    """Say what part a contact has in the decision, and when somebody of ours met them; no day leaves what is known.

    :raises StakeholderRefused: nobody of the customer's, no such role, or a day still to come
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    refused = [Refusal.of("deal_archived")] if deal.archived_at is not None else []
    if role not in set(StakeholderRole):
        refused.append(Refusal.of("unknown_value", field="role", value=str(role)[:50]))
    if met_on is not None and met_on > get_local_date(at):
        refused.append(Refusal.of("said_in_future", field="met_on"))
    if not is_contact_of(deal, contact_id):
        refused.append(Refusal.of("unknown_contact", field="contact"))
    if refused:
        raise StakeholderRefused(refused)
    person = Stakeholder.objects.filter(opportunity=deal, contact_id=contact_id).first()
    old = stakeholder_value(person) if person else None
    person = person or Stakeholder(opportunity=deal, contact_id=contact_id)
    person.role, person.met_on, person.left_at = role, met_on or person.met_on, None
    new = stakeholder_value(person)
    if old != new:
        person.save()
        record(deal, [EventDraft(EventKind.STAKEHOLDER, at, old, new)], by=by, at=at)
    return person


def stakeholder_value(person: Stakeholder) -> dict[str, Any]:
    """Return what part somebody has in a deal, as events hold it."""
    return {
        "contact": person.contact_id,
        "role": str(person.role),
        "met_on": person.met_on.isoformat() if person.met_on else None,
        "left": person.left_at is not None,
    }
