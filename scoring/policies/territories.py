"""What may be written about how leads find their rep (S-9)."""

import re
from collections.abc import Mapping
from typing import Any

from crm.lib.values import Refusal
from crm.policies.contact_details import normal_text

LISTS = {"countries": r"[A-Z]{2}", "languages": r"[a-z]{2,3}", "industries": r".{1,100}"}
LONGEST_NAME, LONGEST_LIST = 100, 200
HIGHEST_ORDER, HIGHEST_CAPACITY = 999, 10
ANSWER_MINUTES, HIGHEST_PERCENT = (15, 4800), 50


def clean_territory(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refusal]]:
    """Return the values as they are stored, and why some cannot be; only the given ones are looked at."""
    cleaned, refusals = dict(values), []
    if "name" in values:
        cleaned["name"] = normal_text(values["name"])
        if not 0 < len(cleaned["name"]) <= LONGEST_NAME:
            refusals.append(Refusal.of("required", field="name"))
    for name in LISTS.keys() & values.keys():
        cleaned[name], wrong = clean_list(name, values[name])
        refusals += wrong
    if not 0 <= values.get("order", 0) <= HIGHEST_ORDER:
        refusals.append(Refusal.of("out_of_range", field="order"))
    return cleaned, refusals


def clean_list(name: str, given: list[str]) -> tuple[list[str], list[Refusal]]:
    """Return codes or names as they are stored, each once, and those that are none."""
    cases = {"countries": str.upper, "languages": str.lower}
    found = [cases.get(name, str)(normal_text(text)) for text in given]
    found = list(dict.fromkeys(text for text in found if text))
    wrong = next((text for text in found if not re.fullmatch(LISTS[name], text)), None)
    if wrong is not None or len(found) > LONGEST_LIST:
        code = "unknown_language" if name == "languages" else "unknown_value"
        return found, [Refusal.of(code, field=name, value=(wrong or "")[:20])]
    return found, []


def owner_refusals(*, team_id: int | None, rep_id: int | None) -> list[Refusal]:
    """Return why a territory cannot be theirs: it is one team's or one rep's."""
    return [] if (team_id is None) != (rep_id is None) else [Refusal.of("team_or_rep", field="team_id")]


def share_refusals(*, capacity: int) -> list[Refusal]:
    """Return why a rep cannot take such a share."""
    return [] if 0 <= capacity <= HIGHEST_CAPACITY else [Refusal.of("out_of_range", field="capacity")]


def terms_refusals(*, answer_minutes: int, remind_minutes: int, trial_percent: int) -> list[Refusal]:
    """Return why marketing and sales cannot agree on this."""
    refusals = []
    if not ANSWER_MINUTES[0] <= answer_minutes <= ANSWER_MINUTES[1]:
        refusals.append(Refusal.of("out_of_range", field="answer_minutes"))
    if not 0 <= remind_minutes < answer_minutes:
        refusals.append(Refusal.of("remind_before_due", field="remind_minutes"))
    if not 0 <= trial_percent <= HIGHEST_PERCENT:
        refusals.append(Refusal.of("out_of_range", field="trial_percent"))
    return refusals
