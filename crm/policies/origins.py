"""What may be said of sources and campaigns (D-41)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.enums import Channel, ContentType
from crm.lib.values import Refusal
from crm.policies.contact_details import normal_text

LONGEST_NAME = 200
LISTS: dict[str, frozenset[str]] = {"channel": frozenset(Channel), "content_type": frozenset(ContentType)}


def clean_origin(values: Mapping[str, Any], *, fields: frozenset[str]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values as they are stored, and why some cannot be; only the given fields are looked at."""
    cleaned = dict(values)
    refusals = [Refusal.of("not_editable", field=name) for name in values if name not in fields]
    if "name" in values:
        cleaned["name"] = normal_text(values["name"])
        if not cleaned["name"]:
            refusals.append(Refusal.of("required", field="name"))
        elif len(cleaned["name"]) > LONGEST_NAME:
            refusals.append(Refusal.of("too_long", field="name", limit=LONGEST_NAME))
    refusals += [
        Refusal.of("unknown_value", field=name, value=str(values[name])[:50])
        for name, known in LISTS.items()
        if name in values and values[name] not in known
    ]
    return cleaned, refusals


def days_refusals(starts_on: date | None, ends_on: date | None) -> list[Refusal]:
    """Return why a campaign cannot last so."""
    if starts_on and ends_on and ends_on < starts_on:
        return [Refusal.of("ends_before_it_starts", field="ends_on")]
    return []
