"""What each part of a quarter review keeps, one frozen dataclass a part (R-2, D-13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.queries.biggest import DealLine
from reports.policies.findings import Finding
from scoring.queries.handoff_results import HandoffResults

Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MonthResult:
    """What a month of the quarter brought, and its target where there is one."""

    month: str
    won: Decimal
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class ResultPart:
    """Won against target, with the quarter before; people by id."""

    attainment: Frozen
    won: Frozen
    average: Frozen
    win_rate: Frozen
    cycle: Frozen
    won_before: Frozen
    win_rate_before: Frozen
    cycle_before: Frozen
    months: tuple[MonthResult, ...]
    people: tuple[Frozen, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class PipelinePart:
    """The pipeline per setpoint at the end and at the start, how it moved, and what went on."""

    now: tuple[Frozen, ...]
    start: tuple[Frozen, ...]
    before: tuple[Frozen, ...]
    conversion: tuple[Frozen, ...]
    open_value: Frozen


@dataclass(frozen=True, slots=True)
class KeyDealsPart:
    """The largest deals that closed, and the largest still open."""

    closed: tuple[DealLine, ...]
    open: tuple[DealLine, ...]


@dataclass(frozen=True, slots=True)
class LostDealsPart:
    """Why deals were not won, to whom, and which."""

    reasons: tuple[Frozen, ...]
    deals: tuple[DealLine, ...]


@dataclass(frozen=True, slots=True)
class SectorsPart:
    """Won value and win rate by sector."""

    sectors: tuple[Frozen, ...]


@dataclass(frozen=True, slots=True)
class LeadsPart:
    """Leads of the quarter by source, and what became of handovers."""

    leads: Frozen
    before: Frozen
    sources: tuple[Frozen, ...]
    handoffs: HandoffResults


@dataclass(frozen=True, slots=True)
class LastAction:
    """An action the quarter before left, and whether it was done by the moment of the review (D-21)."""

    text: str
    owner_id: int | None
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ActionsPart:
    """What was found, what it suggests, and what became of the last plan."""

    causes: tuple[Finding, ...]
    suggestions: tuple[Finding, ...]
    last: tuple[LastAction, ...]
