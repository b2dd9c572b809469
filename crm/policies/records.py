"""Clean what was typed into accounts and contacts, whichever edge it came through (C-3, C-4)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crm.enums import AccountKind, LawfulBasis, Seniority
from crm.lib.values import Money, Refusal
from crm.policies.contact_details import (
    NotUnderstood,
    normal_country,
    normal_domain,
    normal_email,
    normal_text,
)
from crm.policies.money import money_refusal

Cleaned = tuple[dict[str, Any], list[Refusal]]
LARGEST_COUNT = 2_147_483_647
ACCOUNT_LENGTHS = {"name": 300, "registration_number": 100, "industry": 100, "city": 200, "growth_stage": 100}
CONTACT_LENGTHS = {"first_name": 200, "last_name": 200, "job_title": 200, "department": 200, "language": 10}


def clean_account(values: Mapping[str, Any]) -> Cleaned:
    """Return the values as they are stored, and why some cannot be; only the given fields are looked at."""
    cleaned, refusals = _clean(values, ACCOUNT_LENGTHS, {"domain": normal_domain, "country": normal_country})
    if "name" in cleaned and not cleaned["name"]:
        refusals.append(Refusal.of("required", field="name"))
    if "kind" in cleaned:
        _choice(cleaned, refusals, "kind", AccountKind)
    if not 0 <= (cleaned.get("employee_count") or 0) <= LARGEST_COUNT:
        refusals.append(Refusal.of("out_of_range", field="employee_count"))
    revenue = cleaned.get("annual_revenue")
    if isinstance(revenue, Money) and (refusal := money_refusal(revenue, field="annual_revenue")):
        refusals.append(refusal)
    if "technologies" in cleaned:
        named = (normal_text(name)[:100] for name in cleaned["technologies"] or ())
        cleaned["technologies"] = list(dict.fromkeys(name for name in named if name))
    return cleaned, refusals


def clean_contact(values: Mapping[str, Any]) -> Cleaned:
    """Return the values as they are stored, and why some cannot be; the phone waits for its country."""
    cleaned, refusals = _clean(values, CONTACT_LENGTHS, {"email": normal_email, "country": normal_country})
    if cleaned.get("seniority"):
        _choice(cleaned, refusals, "seniority", Seniority)
    if "lawful_basis" in cleaned:
        cleaned["lawful_basis"] = cleaned["lawful_basis"] or LawfulBasis.NONE
        _choice(cleaned, refusals, "lawful_basis", LawfulBasis)
    return cleaned, refusals


def period_refusals(customer_since: date | None, churned_on: date | None) -> list[Refusal]:
    """Return why an account cannot have been a customer between these days."""
    if churned_on and not customer_since:
        return [Refusal.of("churned_never_customer", field="churned_on")]
    if churned_on and customer_since and churned_on < customer_since:
        return [Refusal.of("churned_before_customer", field="churned_on")]
    return []


def identity_refusals(*, first_name: str, last_name: str, job_title: str, email: str | None) -> list[Refusal]:
    """Return why nobody could tell this contact from another: nothing names them."""
    return [] if first_name or last_name or job_title or email else [Refusal.of("nameless", field="last_name")]


def _clean(
    values: Mapping[str, Any], lengths: Mapping[str, int], normals: Mapping[str, Callable[[Any], Any]]
) -> Cleaned:
    cleaned, refusals = dict(values), []
    for name in values:
        if name in lengths:
            cleaned[name] = normal_text(values[name])
            if len(cleaned[name]) > lengths[name]:
                refusals.append(Refusal.of("too_long", field=name, limit=lengths[name]))
        elif name in normals:
            try:
                cleaned[name] = normals[name](values[name])
            except NotUnderstood as error:
                refusals.append(Refusal.of("not_understood", field=name, value=str(error)[:100]))
    return cleaned, refusals


def _choice(cleaned: dict[str, Any], refusals: list[Refusal], name: str, choices: type) -> None:
    if cleaned[name] not in list(choices):  # type: ignore[call-overload]
        refusals.append(Refusal.of("unknown_value", field=name, value=str(cleaned[name])[:100]))
