"""What the organisation's settings may hold (D-1)."""

from collections.abc import Collection, Mapping
from typing import Any

from crm.lib.values import Refusal
from crm.policies.money import CURRENCIES

EDITABLE = frozenset({"name", "currency", "fiscal_year_start_month", "language", "working_days", "evidence_qualifies"})


def organisation_refusals(changes: Mapping[str, Any], *, languages: Collection[str]) -> list[Refusal]:
    """Return why the settings cannot be changed like this, field by field."""
    refusals = [Refusal.of("not_editable", field=name) for name in changes if name not in EDITABLE]
    if "name" in changes and not 0 < len(changes["name"]) <= 200:
        refusals.append(Refusal.of("required", field="name"))
    if "currency" in changes and changes["currency"] not in CURRENCIES:
        refusals.append(Refusal.of("unknown_currency", field="currency", value=str(changes["currency"])[:10]))
    if "fiscal_year_start_month" in changes and changes["fiscal_year_start_month"] not in range(1, 13):
        refusals.append(Refusal.of("out_of_range", field="fiscal_year_start_month"))
    if "language" in changes and changes["language"] not in languages:
        refusals.append(Refusal.of("unknown_value", field="language", value=str(changes["language"])[:20]))
    days = changes.get("working_days", [1])
    if not days or not set(days) <= set(range(1, 8)):
        refusals.append(Refusal.of("required", field="working_days"))
    return refusals
