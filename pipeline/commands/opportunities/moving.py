"""Moves between setpoints and their undoing (P-3, P-5, D-16, D-17, D-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.history import EventDraft, move_detail, record, setpoint_value
from pipeline.commands.opportunities.refused import MoveRefused, UndoRefused, lock_deal, refuse_missing
from pipeline.events import EventKind
from pipeline.facts import DealFacts, SetpointFacts
from pipeline.models import Opportunity, OpportunityEvent, Setpoint
from pipeline.policies import moves
from pipeline.policies.promises import bars_at
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.promises import get_bars
from pipeline.queries.setpoints import every_criterion, find_setpoint, get_path

# What a move changes of a deal.
STANDING = ("setpoint_id", "setpoint_entered_at", "highest_rank", "version")


@dataclass(frozen=True, slots=True)
class Move:
    """A move that happened: the deal as it stands now and the event that tells it."""

    deal: Opportunity
    event: OpportunityEvent
    from_setpoint_id: int | None


@transaction.atomic
def move_opportunity(
    *,
    opportunity_id: int,
    to: Setpoint | int,
    seen_version: int,
    by: User | None,
    at: datetime,
    override: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Move:
    """Move a deal to a setpoint and record who moved it and why.

    `seen_version` is the version the person saw, so that a double click or a colleague's move is
    noticed; the same `idempotency_key` again gives the move it made. `override` stands in for missing
    facts, `reason` says why a deal goes back.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: carrying every unmet criterion
    :raises NotPermitted: the person may not change the deal
    """
    to_id = to.pk if isinstance(to, Setpoint) else to
    deal, known = open_move(
        opportunity_id, to_id=to_id, seen_version=seen_version, idempotency_key=idempotency_key, by=by
    )
    if known is not None:
        return known
    path = get_path(deal.pipeline_id, held=True)
    setpoint = find_setpoint(path, to_id)
    if setpoint is None:
        raise MoveRefused(Refusal.of("other_pipeline"))
    facts = _facts(deal, path)
    refuse_move(facts, setpoint, by=by, override=override, reason=reason)
    from_id, key = deal.setpoint_id, _own_key(deal, by, idempotency_key)
    draft = stand_at(deal, facts, setpoint, at=at, override=override, reason=reason, key=key)
    deal.save(update_fields=["setpoint", "setpoint_entered_at", "highest_rank", "version"])
    return Move(deal, record(deal, [draft], by=by, at=at)[0], from_id)


def open_move(
    opportunity_id: int, *, to_id: int, seen_version: int, idempotency_key: str | None, by: User | None
) -> tuple[Opportunity, Move | None]:
    """Lock a deal that is to be moved; return it, and the move where the same key made it before.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: the key made another move (D-10)
    """
    deal = lock_deal(opportunity_id, by=by)
    key = _own_key(deal, by, idempotency_key)
    made = OpportunityEvent.objects.filter(idempotency_key=key).first() if key else None
    if made is None:
        deal.require_version(seen_version)
        return deal, None
    if made.new != setpoint_value(to_id):
        raise MoveRefused(Refusal.of("key_used"))
    return deal, Move(deal, made, (made.old or {}).get("setpoint"))


def _own_key(deal: Opportunity, by: User | None, key: str | None) -> str | None:
    """Return a key as events hold it: the same words from another person, or on another deal, are another key."""
    return f"{by.pk if by else ''}:{deal.pk}:{key}" if key else None


def _facts(deal: Opportunity, path: list[SetpointFacts]) -> DealFacts:
    standing = find_setpoint(path, deal.setpoint_id) if deal.setpoint_id else None
    return get_deal_facts(deal, every_criterion(path), rank=standing.rank if standing else None)


def refuse_move(facts: DealFacts, to: SetpointFacts, *, by: User | None, override: str, reason: str) -> None:
    """See that a deal may stand at a setpoint, by its facts or by the reason given.

    :raises MoveRefused: carrying every unmet criterion
    """
    if impossible := moves.obstacles(facts, to=to) + moves.missing_reason(facts, to=to, reason=reason or override):
        raise MoveRefused(impossible, to=to)
    if moves.refusals(facts, to=to):
        refuse_missing(facts, to, by=by, override=override)


def stand_at(
    deal: Opportunity, facts: DealFacts, to: SetpointFacts, *, at: datetime, override: str, reason: str,
    key: str | None = None,
) -> EventDraft:  # fmt: skip
    """Put a locked deal where it may stand and return the event; saving is the caller's."""
    from_id, entered_at = deal.setpoint_id, deal.setpoint_entered_at
    before = {
        "entered_at": entered_at and entered_at.isoformat(), "highest_rank": deal.highest_rank, "version": deal.version,
    }  # fmt: skip
    if moves.is_backward(facts, to=to) or not moves.unmet_criteria(facts, to=to):
        override, reason = "", reason or override  # nothing was missing: what was said is only a reason
    detail = move_detail(facts, to, override=override, reason=reason, before=before)
    deal.setpoint_id, deal.setpoint_entered_at = to.id, at
    deal.highest_rank = max(to.rank, deal.highest_rank or 0)
    deal.version += 1
    return EventDraft(EventKind.SETPOINT, at, setpoint_value(from_id), setpoint_value(to.id), detail, key)


@transaction.atomic
def undo_move(*, opportunity_id: int, seq: int, by: User, at: datetime) -> Move:
    """Take back the deal's latest move as if it had not been; the move stays on record, voided (D-22).

    :raises UndoRefused: something happened since, somebody else moved it, or ten minutes have passed
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    events = list(OpportunityEvent.objects.filter(opportunity_id=deal.pk, seq__gte=seq).order_by("seq")[:2])
    move = events[0] if events and events[0].seq == seq else None
    before = move.detail.get("before") if move else None
    # Imports and reopenings set a setpoint too, without what an exact undo needs.
    if move is None or before is None or move.kind != EventKind.SETPOINT or move.old is None:
        raise UndoRefused(Refusal.of("not_a_move"))
    # An event tells of most changes; a new name or contact only raises the version.
    is_latest = len(events) == 1 and deal.version == before["version"] + 1
    refused = moves.undo_refusals(
        moved_by_id=move.by_id, moved_at=move.recorded_at, is_latest=is_latest, by_id=by.pk, at=at
    )
    refused = refused or bars_undoing(move, get_path(deal.pipeline_id, held=True), get_bars([deal.pk]).get(deal.pk, ()))
    if refused:
        raise UndoRefused(refused)
    moved_to = deal.setpoint_id
    draft = void_move(deal, move, at=at)
    deal.save(update_fields=["setpoint", "setpoint_entered_at", "highest_rank", "version"])
    return Move(deal, record(deal, [draft], by=by, at=at)[0], moved_to)


def void_move(deal: Opportunity, move: OpportunityEvent, *, at: datetime) -> EventDraft:
    """Put a locked deal back where its latest move found it and return the event; saving is the caller's."""
    before, old = move.detail["before"], move.old or {}
    deal.setpoint_id = old["setpoint"]
    deal.setpoint_entered_at = datetime.fromisoformat(before["entered_at"])
    deal.highest_rank = before["highest_rank"]
    deal.version += 1
    return EventDraft(EventKind.MOVE_VOIDED, at, move.new, move.old, {"voids": move.seq})


def bars_undoing(move: OpportunityEvent, path: list[SetpointFacts], bars: Sequence[Refusal]) -> list[Refusal]:
    """Return what bars the setpoint an undone move leads to: it was retired, or is further than approvals allow."""
    back, stands = (find_setpoint(path, (value or {}).get("setpoint", 0)) for value in (move.old, move.new))
    if back is not None and back.is_retired:
        return [Refusal.of("setpoint_retired", setpoint=back.name)]
    if back is None or (stands is not None and back.rank < stands.rank) or not bars_at(back.probability):
        return []
    return list(bars)
