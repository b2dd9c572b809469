"""What may be written down of a meeting (LT-050, FI-011)."""

from collections.abc import Mapping
from datetime import datetime

from crm.enums import ActivityOutcome
from crm.lib.values import Refusal
from crm.policies.activities import CLOCKS_DIFFER, MEETINGS
from crm.policies.contact_details import normal_lines

SECTIONS = ("present_state", "challenges", "goals")
LONGEST_SECTION = 4000


def clean_sections(values: Mapping[str, str]) -> dict[str, str]:
    """Return the given sections as they are stored, their lines kept."""
    return {name: normal_lines(values[name]) for name in SECTIONS if name in values}


def section_refusals(sections: Mapping[str, str]) -> list[Refusal]:
    """Return why the whole record may not stand: a section is too long, or nothing is written."""
    refused = [
        Refusal.of("too_long", field=name, limit=LONGEST_SECTION)
        for name, text in sections.items()
        if len(text) > LONGEST_SECTION
    ]
    if not any(sections.values()):
        refused.append(Refusal.of("meeting_says_nothing", field=SECTIONS[0]))
    return refused


def meeting_refusals(
    *, kind: str, outcome: str, is_archived: bool, occurred_at: datetime, at: datetime
) -> list[Refusal]:
    """Return why nothing can be written of an activity: it is no meeting, nobody came, or it lies ahead."""
    if kind not in MEETINGS:
        return [Refusal.of("no_meeting")]
    if is_archived or outcome == ActivityOutcome.NO_SHOW:
        return [Refusal.of("meeting_not_held")]
    if occurred_at > at + CLOCKS_DIFFER:
        return [Refusal.of("meeting_ahead")]
    return []


def filled(sections: Mapping[str, str]) -> str:
    """Return the codes of the sections that say something, in their order, between commas; events hold no more."""
    return ",".join(name for name in SECTIONS if sections.get(name))
