"""What a proposal and a point of negotiation must say (LT-051, LT-052, FI-014, FI-016)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.lib.values import Refusal
from pipeline.enums import NegotiationState, NegotiationTopic, Package

MOST_LINES = 20
CHALLENGE_LENGTH, SOLUTION_LENGTH, NOTE_LENGTH, TEXT_LENGTH = 300, 500, 1000, 500


@dataclass(frozen=True, slots=True)
class SolutionLine:
    """What the customer struggles with, and how we solve it."""

    challenge: str
    solution: str

    def stripped(self) -> "SolutionLine":
        """Return the line without blanks around its texts."""
        return SolutionLine(self.challenge.strip(), self.solution.strip())


def proposal_refusals(*, package: str, lines: Sequence[SolutionLine], note: str) -> list[Refusal]:
    """Return why a proposal may not say this; a line says both halves or is none."""
    refused = []
    if package not in set(Package):
        refused.append(Refusal.of("unknown_value", field="package", value=package))
    if len(note) > NOTE_LENGTH:
        refused.append(Refusal.of("too_long", field="note", limit=NOTE_LENGTH))
    if len(lines) > MOST_LINES:
        refused.append(Refusal.of("too_many_lines", field="lines", limit=MOST_LINES))
    for index, line in enumerate(lines):
        if not line.challenge or not line.solution:
            refused.append(Refusal.of("line_half", field=f"{index}-{'solution' if line.challenge else 'challenge'}"))
        if len(line.challenge) > CHALLENGE_LENGTH:
            refused.append(Refusal.of("too_long", field=f"{index}-challenge", limit=CHALLENGE_LENGTH))
        if len(line.solution) > SOLUTION_LENGTH:
            refused.append(Refusal.of("too_long", field=f"{index}-solution", limit=SOLUTION_LENGTH))
    return refused


def sending_refusals(*, lines: int, package: str, sent_on: date, began_on: date, today: date) -> list[Refusal]:
    """Return why a proposal cannot have been sent: a standard package speaks for itself, a custom one says what it solves."""
    refused = []
    if not began_on <= sent_on <= today:
        refused.append(Refusal.of("sent_when", field="sent_on"))
    if package == Package.CUSTOM and not lines:
        refused.append(Refusal.of("proposal_empty"))
    return refused


def point_refusals(*, topic: str, asked: str, asked_on: date, today: date) -> list[Refusal]:
    """Return why a point of negotiation may not be noted like this."""
    refused = []
    if topic not in set(NegotiationTopic):
        refused.append(Refusal.of("unknown_value", field="topic", value=topic))
    if not asked:
        refused.append(Refusal.of("required", field="asked"))
    if len(asked) > TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="asked", limit=TEXT_LENGTH))
    if asked_on > today:
        refused.append(Refusal.of("asked_when", field="asked_on"))
    return refused


def settling_refusals(
    state: str, *, current: str, answer: str, settled_on: date, asked_on: date, today: date
) -> list[Refusal]:
    """Return why a point cannot have been settled like this."""
    if current != NegotiationState.OPEN:
        return [Refusal.of("negotiation_settled")]
    refused = []
    if state not in {NegotiationState.AGREED, NegotiationState.DECLINED}:
        refused.append(Refusal.of("settled_how", field="state"))
    if len(answer) > TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="answer", limit=TEXT_LENGTH))
    if not asked_on <= settled_on <= today:
        refused.append(Refusal.of("asked_when", field="settled_on"))
    return refused
