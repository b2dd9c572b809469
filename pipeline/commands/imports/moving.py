"""Deals that a later import moves: what is known of them and what their row brings decide together (D-17, D-34)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.commands.history import EventDraft, move_detail, setpoint_value
from pipeline.enums import DealType
from pipeline.events import EventKind
from pipeline.facts import CriterionFacts, DealFacts, SetpointFacts
from pipeline.models import Opportunity
from pipeline.policies import moves
from pipeline.policies.imports import by_version
from pipeline.policies.promises import bars_at, bars_outcome
from pipeline.queries.evidence import get_evidence
from pipeline.queries.promises import get_bars

if TYPE_CHECKING:
    from pipeline.commands.imports.deals import DealRow

Paths = Mapping[str, list[SetpointFacts]]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A current deal that was left alone: the codes of the criteria it lacks at the setpoint its row names."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Barred:
    """A current deal that was left alone: the areas whose approval is open or was refused (D-17)."""

    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A move a row asks for: the deal with its evidence as the row was read, and what it lacks there."""

    facts: DealFacts
    to: SetpointFacts
    unmet: tuple[CriterionFacts, ...]
    is_back: bool


def plan_moves(pairs: Sequence[tuple[Opportunity, "DealRow"]], paths: Paths) -> dict[int, PlannedMove]:
    """Return the moves of open deals that their rows ask for, by deal; of a row with an outcome nothing is asked."""
    wanted = [
        (deal, row, row.setpoint)
        for deal, row in pairs
        if row.setpoint is not None and row.setpoint.id != deal.setpoint_id and not deal.outcome
    ]
    ranks = {setpoint.id: setpoint.rank for path in paths.values() for setpoint in path}
    criteria = {each.version_id: each for _, _, to in wanted for each in to.cumulative_criteria}
    stored = get_evidence([deal for deal, _, _ in wanted], criteria.values())
    planned = {}
    for deal, row, to in wanted:
        facts = DealFacts(
            id=deal.pk, owner_id=deal.owner_id, pipeline_id=to.pipeline_id, setpoint_id=deal.setpoint_id,
            rank=ranks.get(deal.setpoint_id or 0), outcome="", is_archived=False, deal_type=DealType(deal.deal_type),
            amount=deal.amount, created_at=deal.created_at, evidence=by_version(to, row.evidence) | stored[deal.pk],
        )  # fmt: skip
        is_back = moves.is_backward(facts, to=to)
        asked = not is_back and row.closing is None
        planned[deal.pk] = PlannedMove(facts, to, tuple(moves.unmet_criteria(facts, to=to)) if asked else (), is_back)
    return planned


def barred_deals(
    pairs: Sequence[tuple[Opportunity, "DealRow"]], planned: Mapping[int, PlannedMove]
) -> dict[int, Barred]:
    """Return the open deals whose row would win them, or move them on, in spite of an approval: no file overrides that."""
    wanted = [
        deal.pk
        for deal, row in pairs
        if not deal.outcome
        and (
            (row.closing is not None and bars_outcome(row.closing.outcome))
            or (
                (plan := planned.get(deal.pk)) is not None
                and row.closing is None
                and not plan.is_back
                and bars_at(plan.to.probability)
            )
        )
    ]
    bars = get_bars(wanted) if wanted else {}
    return {pk: Barred(tuple(dict(each.params)["area"] for each in refused)) for pk, refused in bars.items()}


def move(deal: Opportunity, planned: PlannedMove, *, reason: str, at: datetime) -> EventDraft:
    """Stand a locked deal where its row wants it; `reason` is the file's, kept where facts are missing or it goes back."""
    detail = move_detail(
        planned.facts, planned.to, override=reason if planned.unmet else "", reason=reason if planned.is_back else ""
    )
    old = setpoint_value(deal.setpoint_id)
    deal.setpoint_id, deal.setpoint_entered_at = planned.to.id, at
    deal.highest_rank = max(planned.to.rank, deal.highest_rank or 0)
    return EventDraft(EventKind.SETPOINT, at, old, setpoint_value(planned.to.id), detail)
