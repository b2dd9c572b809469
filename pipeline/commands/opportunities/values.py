"""What may stand in the fields of a deal, whoever sends it: pages, API, conversion and new cycles ask here."""

from collections.abc import Mapping
from typing import Any

from crm.enums import Approach
from crm.lib.values import Money, Refusal
from crm.models import Contact
from pipeline.commands.opportunities.refused import EditRefused
from pipeline.enums import DealType, ForecastCategory
from pipeline.models import Opportunity
from pipeline.policies.stages import stage_refusals
from pipeline.queries.opportunities import contacts_of, is_possible_owner
from pipeline.queries.setpoints import find_setpoint, get_path

RESULTS_LENGTH = 1000
CHOICES: Mapping[str, frozenset[str]] = {
    "deal_type": frozenset(DealType),
    "category": frozenset(ForecastCategory),
    "approach": frozenset({"", *Approach}),
}


def refuse_wrong_values(values: Mapping[str, Any]) -> None:
    """Look at the fields that are given and differ from what stands.

    :raises EditRefused: naming the first field whose value may not stand in it
    """
    if not values.get("name", "-").strip():
        raise EditRefused(Refusal.of("name_needed"), field="name")
    if len(values.get("required_results", "")) > RESULTS_LENGTH:
        raise EditRefused(Refusal.of("too_long", limit=RESULTS_LENGTH), field="required_results")
    amount = values.get("amount")
    if isinstance(amount, Money) and amount.amount < 0:
        raise EditRefused(Refusal.of("amount_negative"), field="amount")
    for name, allowed in CHOICES.items():
        if name in values and values[name] not in allowed:
            raise EditRefused(Refusal.of("unknown_value", value=values[name]), field=name)
    if "owner_id" in values and not is_possible_owner(values["owner_id"]):
        raise EditRefused(Refusal.of("owner_cannot_sell"), field="owner_id")
    if not is_contact(values.get("contact_id")):
        raise EditRefused(Refusal.of("unknown_contact"), field="contact_id")


def refuse_wrong_stage(deal: Opportunity, stage_id: int | None) -> None:
    """See that a deal stands where the stage is one of.

    :raises EditRefused: it is closed, or its setpoint has no such stage in use
    """
    setpoint = find_setpoint(get_path(deal.pipeline_id), deal.setpoint_id or 0)
    if refused := stage_refusals(setpoint, stage_id, is_open=deal.is_open):
        raise EditRefused(refused, field="stage_id")


def is_contact(contact_id: int | None) -> bool:
    """Whether the contact, where one is named, is there and in use."""
    return contact_id is None or Contact.objects.filter(pk=contact_id, archived_at=None).exists()


def is_contact_of(deal: Opportunity, contact_id: int | None) -> bool:
    """Whether the contact, where one is named, can speak for the customer of this deal."""
    return contact_id is None or contacts_of(deal).filter(pk=contact_id).exists()
