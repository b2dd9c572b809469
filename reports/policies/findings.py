"""What a report says first, and what it suggests to do (DESIGN.md 1: say the finding, then the number)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

FEWER = Decimal("0.8")
CLEARLY = Decimal("0.05")
MOSTLY = Decimal("0.3")
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth saying: a code with its numbers. Edges make the sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """What the findings of a quarter rest on; None where a figure has no value or too little behind it."""

    win_rate: Decimal | None = None
    win_rate_before: Decimal | None = None
    meetings: int = 0
    meetings_before: int = 0
    top_reason: str = ""
    top_reason_count: int = 0
    not_won: int = 0
    overdue: int = 0
    without_step: int = 0
    late_handoffs: int = 0


def causes(facts: QuarterFacts) -> list[Finding]:
    """Return what most likely made the quarter what it was, the strongest first."""
    found = []
    if facts.meetings_before >= ENOUGH and facts.meetings < facts.meetings_before * FEWER:
        found.append(Finding("fewer_meetings", {"now": str(facts.meetings), "before": str(facts.meetings_before)}))
    if facts.win_rate is not None and facts.win_rate_before is not None:
        change = facts.win_rate - facts.win_rate_before
        if abs(change) >= CLEARLY:
            points = str((abs(change) * 100).quantize(Decimal(1)))
            found.append(Finding("win_rate_up" if change > 0 else "win_rate_down", {"points": points}))
    if facts.top_reason and facts.not_won >= ENOUGH and facts.top_reason_count >= facts.not_won * MOSTLY:
        params = {"reason": facts.top_reason, "count": str(facts.top_reason_count), "of": str(facts.not_won)}
        found.append(Finding("one_reason", params))
    return found


def suggestions(facts: QuarterFacts) -> list[Finding]:
    """Return actions for the next quarter that the numbers ask for; people edit or drop them."""
    found = []
    if facts.meetings_before >= ENOUGH and facts.meetings < facts.meetings_before * FEWER:
        found.append(Finding("more_meetings", {"before": str(facts.meetings_before)}))
    if facts.top_reason and facts.top_reason_count >= 2:
        found.append(Finding("look_into_reason", {"reason": facts.top_reason, "count": str(facts.top_reason_count)}))
    if facts.overdue:
        found.append(Finding("fix_close_dates", {"count": str(facts.overdue)}))
    if facts.without_step:
        found.append(Finding("agree_next_steps", {"count": str(facts.without_step)}))
    if facts.late_handoffs:
        found.append(Finding("answer_leads", {"count": str(facts.late_handoffs)}))
    return found
