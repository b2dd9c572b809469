"""What a kind of buyer may say of itself (LT-031 to LT-036)."""

from collections.abc import Mapping
from typing import Any

from crm.lib.values import Refusal
from crm.policies.contact_details import normal_lines, normal_text

LINES = {"name": 100, "position": 200}
TEXTS = ("responsibilities", "goals", "challenges", "channels", "decision_criteria")
LONGEST_TEXT = 2000


def clean_persona(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values as they are stored, and why some cannot be; only the given fields are looked at."""
    cleaned, refusals = dict(values), []
    for name in values:
        if name in LINES:
            cleaned[name] = normal_text(values[name])
        elif name in TEXTS:
            cleaned[name] = normal_lines(values[name])
        else:
            refusals.append(Refusal.of("not_editable", field=name))
            continue
        limit = LINES.get(name, LONGEST_TEXT)
        if len(cleaned[name]) > limit:
            refusals.append(Refusal.of("too_long", field=name, limit=limit))
    if "name" in cleaned and not cleaned["name"]:
        refusals.append(Refusal.of("required", field="name"))
    return cleaned, refusals
