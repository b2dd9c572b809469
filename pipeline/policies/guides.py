"""Which message guide fits whom, and what of it is said to them (TR-036, TR-044)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.enums import Seniority
from crm.lib.values import Refusal
from crm.policies.contact_details import normal_lines

EXECUTIVE = frozenset({Seniority.OWNER, Seniority.C_LEVEL, Seniority.VP})
LEVELS = tuple(level for level in Seniority if level != Seniority.UNKNOWN)
TEXTS = ("concern", "business_terms", "message", "questions", "proof", "avoid")
WHOM = ("seniority", "persona_id", "competitor_id")
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """A guide in force: for whom it is, with names to show, and what it says by field."""

    id: int
    seniority: str
    persona_id: int | None
    competitor_id: int | None
    persona: str
    competitor: str
    texts: Mapping[str, str]


def is_executive(seniority: str) -> bool:
    """Whether a level hears of its business, not of our product."""
    return seniority in EXECUTIVE


def clean_guide(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as they are stored; only the given fields are looked at."""
    return {name: normal_lines(value) if name in TEXTS else value for name, value in values.items()}


def guide_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return why the whole guide may not stand: for nobody, says nothing, or not in an executive's terms."""
    refused = []
    if values["seniority"] and values["seniority"] not in LEVELS:
        refused.append(Refusal.of("unknown_value", field="seniority", value=str(values["seniority"])[:100]))
    if not any(values[name] for name in WHOM):
        refused.append(Refusal.of("guide_for_nobody", field="seniority"))
    refused += [
        Refusal.of("too_long", field=name, limit=LONGEST_TEXT) for name in TEXTS if len(values[name]) > LONGEST_TEXT
    ]
    if is_executive(values["seniority"]) and not values["business_terms"]:
        refused.append(Refusal.of("executives_in_business_terms", field="business_terms"))
    elif not any(values[name] for name in TEXTS):
        refused.append(Refusal.of("guide_says_nothing", field="message"))
    return refused


def fitting(
    guides: Iterable[GuideFacts], *, seniority: str, persona_id: int | None, competitor_ids: Collection[int] = ()
) -> list[GuideFacts]:
    """Return the guides for somebody of this level and persona, in a deal with these competitors; the closest first."""
    return sorted(
        (each for each in guides if _fits(each, seniority, persona_id, competitor_ids)),
        key=lambda each: (-sum(map(bool, (each.seniority, each.persona_id, each.competitor_id))), each.id),
    )


def said_to(guide: GuideFacts, seniority: str) -> list[tuple[str, str]]:
    """Return the fields to show for somebody of a level: to executives what is said in their terms stands in for ours."""
    left_out = "message" if is_executive(seniority) and guide.texts["business_terms"] else ""
    return [(name, guide.texts[name]) for name in TEXTS if guide.texts[name] and name != left_out]


def _fits(guide: GuideFacts, seniority: str, persona_id: int | None, competitor_ids: Collection[int]) -> bool:
    return (
        guide.seniority in ("", seniority)
        and guide.persona_id in (None, persona_id)
        and (guide.competitor_id is None or guide.competitor_id in competitor_ids)
    )
