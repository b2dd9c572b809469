"""What may be said of a deal's economics: lines, costs, hours, potential, strategic value, assumptions (P-13)."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from crm.facts import Access
from crm.lib.values import Money, Refusal
from crm.policies.money import LARGEST, money_refusal
from pipeline.enums import Billing, CostKind, EffortKind, ExpansionKind, StrategicKind

DESCRIPTION_LENGTH, NOTE_LENGTH, JUSTIFICATION_LENGTH = 300, 300, 1000
JUSTIFIED = 20  # characters; less is no reason
MOST_MONTHS = 600
MOST_PIECES = Decimal("999999999.999")
MOST_MINUTES = 24 * 60
LATEST_LOGGED = timedelta(days=366)


def line_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return why a line may not be like this; `values` are all it has, by column."""
    refused = _number(values["quantity"], "quantity", least=Decimal("0.001"), most=MOST_PIECES, places=3)
    refused += _number(values["discount"], "discount", least=Decimal(0), most=Decimal(1), places=4)
    refused += [found for name in ("price", "cost") if (found := _money(values[name], name))]
    if values["product_id"] is None and not values["description"]:
        refused.append(Refusal.of("line_names_something", field="description"))
    refused += _text(values["description"], "description", DESCRIPTION_LENGTH)
    if values["billing"] not in set(Billing):
        refused.append(Refusal.of("unknown_value", field="billing", value=str(values["billing"])[:50]))
    elif values["billing"] == Billing.ONE_OFF and values["months"] is not None:
        refused.append(Refusal.of("line_billed_once", field="months"))
    elif values["billing"] != Billing.ONE_OFF and not 1 <= (values["months"] or 0) <= MOST_MONTHS:
        refused.append(Refusal.of("line_needs_term", field="months", most=MOST_MONTHS))
    return refused or _total(values)


def discount_given(*, price: Money | None, discount: Decimal, list_price: Money | None) -> Decimal:
    """Return which share of the list price a line gives away: its discount, and what its price lies below the list.

    A list in another currency says nothing of a price.
    """
    if price is None or list_price is None or price.currency != list_price.currency or list_price.amount <= 0:
        return discount
    return max(discount, round(1 - price.amount * (1 - discount) / list_price.amount, 4))


def cost_refusals(*, kind: str, amount: Money | None, note: str) -> list[Refusal]:
    """Return why a direct cost may not be like this."""
    refused = [] if kind in set(CostKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    refused += [found] if (found := _money(amount, "amount")) else []
    return refused + _text(note, "note", NOTE_LENGTH)


def effort_refusals(*, kind: str, minutes: int, on: date, note: str, today: date) -> list[Refusal]:
    """Return why hours may not be logged like this: none, more than a day has, still to come, or too long ago."""
    refused = [] if kind in set(EffortKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    if not 1 <= minutes <= MOST_MINUTES:
        refused.append(Refusal.of("effort_minutes", field="minutes"))
    if not today - LATEST_LOGGED <= on <= today:
        refused.append(Refusal.of("effort_day", field="on"))
    return refused + _text(note, "note", NOTE_LENGTH)


def expansion_refusals(*, kind: str, yearly: Money | None, note: str) -> list[Refusal]:
    """Return why a potential may not be like this."""
    refused = [] if kind in set(ExpansionKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    if yearly is None:
        refused.append(Refusal.of("required", field="yearly"))
    elif found := _money(yearly, "yearly"):
        refused.append(found)
    return refused + _text(note, "note", NOTE_LENGTH)


def strategic_refusals(*, kind: str, weight: int, value: Money | None, justification: str) -> list[Refusal]:
    """Return why a strategic value may not be claimed like this; without a reason in writing it is none (EE-060)."""
    refused = [] if kind in set(StrategicKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    if not 1 <= weight <= 3:
        refused.append(Refusal.of("out_of_range", field="weight"))
    refused += [found] if (found := _money(value, "value")) else []
    if len(justification) < JUSTIFIED:
        refused.append(Refusal.of("reason_too_short", field="justification", length=JUSTIFIED))
    return refused + _text(justification, "justification", JUSTIFICATION_LENGTH)


def approve_refusals(
    access: Access, *, owner_id: int, claimed_by_id: int | None, is_approved: bool, reason: str
) -> list[Refusal]:
    """Return why somebody may not let a strategic value count: who manages the owner may, with a reason (EE-061).

    Nobody approves what they claimed themselves.
    """
    if not access.manages(owner_id):
        return [Refusal.of("may_not_approve_strategic")]
    if access.user_id == claimed_by_id:
        return [Refusal.of("approval_own", field="reason")]
    if is_approved:
        return [Refusal.of("approval_decided", field="reason")]
    if len(reason) < JUSTIFIED:
        return [Refusal.of("reason_too_short", field="reason", length=JUSTIFIED)]
    return _text(reason, "reason", JUSTIFICATION_LENGTH)


def assumption_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return why the organisation cannot assume this; shares are between 0 and 1, times in months."""
    refused = []
    for name in ("margin_floor", "churn"):
        if values[name] is not None:
            refused += _number(values[name], name, least=Decimal(0), most=Decimal(1), places=4)
    for name, needed in (("horizon_months", True), ("payback_limit_months", False)):
        value = values[name]
        if (value is None and needed) or (value is not None and not 1 <= value <= MOST_MONTHS):
            refused.append(Refusal.of("out_of_range", field=name))
    refused += [found for name in ("onboarding", "lead", "pursuit") if (found := _money(values[name], name))]
    return refused + _text(values["source_name"], "source_name", 200)


def product_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return why a product cannot stand on the price list like this."""
    refused = [] if values["name"] else [Refusal.of("required", field="name")]
    refused += [found for name in ("price", "cost") if (found := _money(values[name], name))]
    for name, limit in (("name", 300), ("code", 100), ("family", 100)):
        refused += _text(values[name], name, limit)
    return refused


def rate_refusals(*, kind: str, hourly: Money | None) -> list[Refusal]:
    """Return why an hour of a kind cannot cost this."""
    refused = [] if kind in set(EffortKind) else [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    if hourly is None:
        return [*refused, Refusal.of("required", field="hourly")]
    return refused + ([found] if (found := _money(hourly, "hourly")) else [])


def _money(value: Money | None, field: str) -> Refusal | None:
    return None if value is None else money_refusal(value, field=field)


def _text(value: str, field: str, limit: int) -> list[Refusal]:
    return [Refusal.of("too_long", field=field, limit=limit)] if len(value) > limit else []


def _number(value: Decimal | None, field: str, *, least: Decimal, most: Decimal, places: int) -> list[Refusal]:
    fits = value is not None and value.is_finite() and least <= value <= most and value == round(value, places)
    return [] if fits else [Refusal.of("out_of_range", field=field)]


def _total(values: Mapping[str, Any]) -> list[Refusal]:
    """A line whose term costs more than any amount can be is a slip of the hand."""
    times = values["quantity"] * (values["months"] or 1)
    if any(money is not None and money.amount * times > LARGEST for money in (values["price"], values["cost"])):
        return [Refusal.of("amount_too_large", field="price")]
    return []
