"""Where a deal may stand, and who may move it there in spite of missing facts (D-16, D-17, P-3, P-5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crm.facts import Access
from crm.lib.values import Refusal
from pipeline.enums import Gate
from pipeline.facts import CriterionFacts, DealFacts, SetpointFacts
from pipeline.policies.promises import bars_at

REASON_LENGTH = 20
UNDO_WITHIN = timedelta(minutes=10)
UNMET = "criterion_unmet"


def refusals(deal: DealFacts, *, to: SetpointFacts) -> list[Refusal]:
    """Return every reason the deal may not stand at `to`; an empty list means it may."""
    if impossible := obstacles(deal, to=to):
        return impossible
    if is_backward(deal, to=to):
        return []
    return [unmet_refusal(criterion) for criterion in unmet_criteria(deal, to=to)]


def obstacles(deal: DealFacts, *, to: SetpointFacts) -> list[Refusal]:
    """Return what no reason overrides: a closed deal, another pipeline, a retired setpoint, an approval."""
    if deal.is_archived:
        return [Refusal.of("deal_archived")]
    if deal.outcome:
        return [Refusal.of("deal_closed", outcome=deal.outcome)]
    if to.pipeline_id != deal.pipeline_id:
        return [Refusal.of("other_pipeline", setpoint=to.name)]
    if to.is_retired:
        return [Refusal.of("setpoint_retired", setpoint=to.name)]
    if to.id == deal.setpoint_id:
        return [Refusal.of("already_there", setpoint=to.name)]
    return barring(deal, to=to)


def barring(deal: DealFacts, *, to: SetpointFacts) -> list[Refusal]:
    """Return the approvals without which the deal may not stand there; going back needs none (D-17)."""
    return list(deal.barred_by) if bars_at(to.probability) and not is_backward(deal, to=to) else []


def unmet_criteria(deal: DealFacts, *, to: SetpointFacts) -> list[CriterionFacts]:
    """Return the criteria of `to` and of those below without evidence, lowest first."""
    return [criterion for criterion in to.asked_of(deal.deal_type) if not criterion.is_met_by(deal)]


def asked_criteria(deal: DealFacts, *, to: SetpointFacts) -> list[CriterionFacts]:
    """Return what the move to `to` is measured by: what is missing below it, then its own criteria."""
    below = [each for each in unmet_criteria(deal, to=to) if each.setpoint_id != to.id]
    return [*below, *(each for each in to.own_criteria if each.is_asked_of(deal.deal_type))]


def unmet_refusal(criterion: CriterionFacts) -> Refusal:
    """Say that a criterion is missing, as the API and the sheet need it."""
    return Refusal.of(
        UNMET, criterion=criterion.code, text=criterion.text, setpoint=criterion.setpoint_name, gate=criterion.gate
    )


def is_backward(deal: DealFacts, *, to: SetpointFacts) -> bool:
    """Whether the move gives up ground: it asks for a reason and for nothing else."""
    return deal.rank is not None and to.rank < deal.rank


def missing_reason(deal: DealFacts, *, to: SetpointFacts, reason: str) -> list[Refusal]:
    """Return why a backward move without a reason may not be."""
    if is_backward(deal, to=to) and not reason.strip():
        return [Refusal.of("reason_needed", setpoint=to.name)]
    return []


def skipped_setpoints(from_rank: int | None, *, to: SetpointFacts) -> list[int]:
    """Return the setpoints between that count as passed (P-5); none where the deal was created at `to`."""
    if from_rank is None:
        return []
    return [setpoint.id for setpoint in to.below if from_rank < setpoint.rank < to.rank]


def override_refusals(
    access: Access, owner_id: int, unmet: Sequence[CriterionFacts], *, override: str
) -> list[Refusal]:
    """Return why a reason does not carry the move past the missing facts; empty where it does."""
    if not may_override(access, owner_id, gates={criterion.gate for criterion in unmet}):
        return [Refusal.of("manager_needed", gate=Gate.REQUIRE)]
    if len(override.strip()) < REASON_LENGTH:
        return [Refusal.of("reason_too_short", length=REASON_LENGTH)]
    return []


def may_override(access: Access, owner_id: int, *, gates: set[Gate]) -> bool:
    """Whether the person may give a reason instead of the facts: editors at `warn`, managers at `require`."""
    return access.manages(owner_id) or (Gate.REQUIRE not in gates and access.works_with(owner_id))


def undo_refusals(
    *, moved_by_id: int | None, moved_at: datetime, is_latest: bool, by_id: int, at: datetime
) -> list[Refusal]:
    """Return why a move can no longer be undone as if it had not been (D-22)."""
    if not is_latest:
        return [Refusal.of("changed_since")]
    if moved_by_id != by_id:
        return [Refusal.of("moved_by_another")]
    if at - moved_at > UNDO_WITHIN:
        return [Refusal.of("undo_too_late", minutes=int(UNDO_WITHIN.total_seconds() // 60))]
    return []
