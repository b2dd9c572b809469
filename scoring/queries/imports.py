"""What an import asks about leads, a batch at a time."""

from collections.abc import Collection
from typing import Any

from crm.models import Account, Contact
from scoring.models import Conversion, Lead, LeadEvent, LeadEventType


def get_event_types() -> list[str]:
    """Return the codes of the events this installation takes."""
    return sorted(LeadEventType.objects.filter(retired_at=None).values_list("code", flat=True))


def get_events_by_key(keys: Collection[str]) -> dict[str, LeadEvent]:
    """Return the events already recorded under these keys."""
    return {event.idempotency_key: event for event in LeadEvent.objects.filter(idempotency_key__in=keys)}


def get_leads_by_id(lead_ids: Collection[int]) -> dict[int, Lead]:
    """Return leads by id."""
    return Lead.objects.in_bulk(lead_ids)


def get_conversions(lead_ids: Collection[int]) -> dict[int, int | None]:
    """Return the deal each converted lead became."""
    return dict(Conversion.objects.filter(lead_id__in=lead_ids).values_list("lead_id", "opportunity_id"))


def get_people(contact_ids: Collection[int], account_ids: Collection[int]) -> tuple[dict[int, Any], dict[int, Any]]:
    """Return contacts and accounts by id, for what a lead's row leaves out."""
    return Contact.objects.in_bulk(contact_ids), Account.objects.in_bulk(account_ids)
