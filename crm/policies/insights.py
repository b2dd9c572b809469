"""What may be noted of a company before a call (TR-037, TR-038, TR-045)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.enums import Burner, InsightKind
from crm.lib.moments import EARLIEST, LATEST
from crm.lib.values import Refusal
from crm.policies.contact_details import normal_text

LONGEST_TEXT = 500
DATED = frozenset({InsightKind.EVENT, InsightKind.CHANGE})


def clean_insight(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are stored: what is no goal is on no burner."""
    cleaned = {**values, "text": normal_text(values["text"])}
    if values["kind"] != InsightKind.GOAL:
        cleaned["burner"] = ""
    return cleaned


def insight_refusals(values: Mapping[str, Any], *, today: date) -> list[Refusal]:
    """Return why the whole insight may not stand; an event took place, a change may have."""
    kind, on, text = values["kind"], values["on"], values["text"]
    refused = []
    if kind not in list(InsightKind):
        return [Refusal.of("unknown_value", field="kind", value=str(kind)[:100])]
    if not text:
        refused.append(Refusal.of("required", field="text"))
    if len(text) > LONGEST_TEXT:
        refused.append(Refusal.of("too_long", field="text", limit=LONGEST_TEXT))
    if kind == InsightKind.GOAL and values["burner"] not in list(Burner):
        refused.append(Refusal.of("goal_needs_burner", field="burner"))
    if kind in DATED and on is None:
        refused.append(Refusal.of("insight_needs_day", field="on"))
    if on is not None and not EARLIEST <= on <= LATEST:
        refused.append(Refusal.of("out_of_range", field="on"))
    if kind == InsightKind.EVENT and on is not None and on > today:
        refused.append(Refusal.of("event_in_future", field="on"))
    return refused
