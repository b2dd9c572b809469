"""What a row about a current deal proves of the criteria (D-17)."""

from collections.abc import Mapping
from datetime import date

from pipeline.enums import Fact
from pipeline.facts import EvidenceFacts, SetpointFacts


def row_evidence(
    *,
    deal_type: str,
    meeting_on: date | None,
    is_held: bool,
    next_step: str,
    next_step_on: date | None,
    has_amount: bool = False,
    expected_close_on: date | None = None,
) -> dict[str, EvidenceFacts]:
    """Return the evidence a row carries, by code of the fact.

    What must be attested no row can say, nor whom a step was agreed with.
    """
    found = {Fact.DEAL_TYPE_KNOWN: EvidenceFacts(note=deal_type)}
    if meeting_on is not None:
        found[Fact.MEETING_DATED] = EvidenceFacts(on=meeting_on)
        if is_held:
            found[Fact.FIRST_MEETING_HELD] = EvidenceFacts(on=meeting_on)
    if next_step_on is not None:
        found[Fact.CLOSING_STEP_SET] = EvidenceFacts(on=next_step_on, note=next_step)
    if has_amount:
        found[Fact.AMOUNT_KNOWN] = EvidenceFacts()
    if expected_close_on is not None:
        found[Fact.CLOSE_DATE_KNOWN] = EvidenceFacts(on=expected_close_on)
    return {str(code): facts for code, facts in found.items()}


def unmet_codes(setpoint: SetpointFacts, evidence: Mapping[str, EvidenceFacts], *, deal_type: str) -> list[str]:
    """Return the criteria of the setpoint and of those below that the evidence leaves open for a deal of this type."""
    return [each.code for each in setpoint.asked_of(deal_type) if each.proof not in evidence]


def by_version(setpoint: SetpointFacts, evidence: Mapping[str, EvidenceFacts]) -> dict[int, EvidenceFacts]:
    """Return the evidence by criterion version, as moves record it."""
    return {each.version_id: evidence[each.proof] for each in setpoint.cumulative_criteria if each.proof in evidence}
