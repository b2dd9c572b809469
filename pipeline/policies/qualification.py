"""How sure one may be of an element of a deal, by who said it and when (P-9, P-21)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from crm.lib.values import Refusal
from pipeline.enums import QUALIFICATION, Element, Level
from pipeline.facts import AssessmentFacts

# From here on an element counts as known: somebody at the customer's told us (D-24).
KNOWN_FROM = Level.TOLD


def assessment_refusals(
    *, element: Element, level: Level, applies: bool, said_on: date, today: date, is_archived: bool, has_contact: bool,
    note: str,
) -> list[Refusal]:  # fmt: skip
    """Return every reason an element may not be assessed like this; days are local."""
    refused = [Refusal.of("deal_archived")] if is_archived else []
    if not applies and element in QUALIFICATION:
        refused.append(Refusal.of("always_applies", field="level"))
    elif not applies and not note.strip():
        refused.append(Refusal.of("say_why_not_applicable", field="note"))
    if said_on > today:
        refused.append(Refusal.of("said_in_future", field="said_on"))
    if level == Level.TOLD and not has_contact:
        refused.append(Refusal.of("told_by_whom", field="contact"))
    if level == Level.CONFIRMED and not has_contact and not note.strip():
        refused.append(Refusal.of("confirmed_by_what", field="contact"))
    return refused


def is_known(assessment: AssessmentFacts | None) -> bool:
    """Whether somebody at the customer's told us; age alone never makes it unknown."""
    return assessment is not None and assessment.level >= KNOWN_FROM


def unassessed(found: Iterable[Element], *, of: Iterable[Element]) -> list[Element]:
    """Return the elements nobody has looked at yet, be it to say that they are unknown."""
    seen = set(found)
    return [element for element in of if element not in seen]


def weakest(found: Mapping[Element, AssessmentFacts], *, of: Sequence[Element], today: date) -> Element | None:
    """Return the element we are least sure of, age counted in, which is what the deal is worth (A9); None where all are sure."""
    levels = {each: found[each].counted_level(today) if each in found else 0 for each in of}
    lowest = min(of, key=levels.__getitem__)
    return None if levels[lowest] == Level.CONFIRMED else lowest
