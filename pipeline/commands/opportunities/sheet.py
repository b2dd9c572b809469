"""The facts of the sheet and the move in one transaction: all of it happens or nothing (D-16)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from crm.enums import ActivityKind, ActivityOutcome
from crm.models import User
from pipeline.commands.opportunities.activities import log_deal_activity
from pipeline.commands.opportunities.attesting import attest_criterion
from pipeline.commands.opportunities.editing import edit_opportunity
from pipeline.commands.opportunities.moving import Move, move_opportunity, open_move
from pipeline.commands.opportunities.steps import StepPlan, set_next_step


@dataclass(frozen=True, slots=True)
class GivenAttestation:
    """One attested fact as the sheet took it."""

    criterion_version_id: int
    said_on: date
    note: str
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """What somebody filled in on the sheet; what is empty stays missing."""

    attestations: Sequence[GivenAttestation] = ()
    decision_on: date | None = None
    meeting_at: datetime | None = None
    held_at: datetime | None = None
    step: StepPlan | None = None


@transaction.atomic
def move_with_facts(
    *,
    opportunity_id: int,
    to: int,
    facts: GivenFacts,
    seen_version: int,
    by: User,
    at: datetime,
    override: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Move:
    """Record the facts that were missing, then move. Where the move is refused no fact is kept either.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: carrying what is still missing
    :raises CommandRefused: a fact may not be like this
    """
    _, known = open_move(opportunity_id, to_id=to, seen_version=seen_version, idempotency_key=idempotency_key, by=by)
    if known is not None:
        return known
    raised = _record(opportunity_id, facts, seen_version=seen_version, by=by, at=at)
    return move_opportunity(
        opportunity_id=opportunity_id,
        to=to,
        seen_version=seen_version + raised,
        by=by,
        at=at,
        override=override,
        reason=reason,
        idempotency_key=idempotency_key,
    )


def _record(opportunity_id: int, facts: GivenFacts, *, seen_version: int, by: User, at: datetime) -> int:
    """Record each fact; return by how much that raised the deal's version."""
    raised = 0
    if facts.decision_on is not None:
        changes = {"decision_on": facts.decision_on}
        edited = edit_opportunity(
            opportunity_id=opportunity_id, changes=changes, seen_version=seen_version, by=by, at=at
        )
        raised = edited.version - seen_version
    _log_meetings(opportunity_id, facts, by=by, at=at)
    for given in facts.attestations:
        attest_criterion(opportunity_id=opportunity_id, by=by, at=at, **asdict(given))
    if facts.step is not None:
        set_next_step(opportunity_id=opportunity_id, by=by, at=at, **asdict(facts.step))
    return raised


def _log_meetings(opportunity_id: int, facts: GivenFacts, *, by: User, at: datetime) -> None:
    for moment, held in ((facts.meeting_at, False), (facts.held_at, True)):
        if moment is not None:
            log_deal_activity(
                opportunity_id=opportunity_id,
                kind=ActivityKind.MEETING,
                occurred_at=moment,
                done=held,
                outcome=ActivityOutcome.HELD if held else "",
                by=by,
                at=at,
            )
