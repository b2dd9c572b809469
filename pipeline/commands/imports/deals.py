"""Deals in bulk: made as a first load, changed as anybody would (D-17, D-21, D-23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.commands.imports import Written, copy_instances
from crm.lib.bulk import reserve_ids
from crm.models import User
from pipeline.commands.history import closing_draft, creation_drafts, move_detail
from pipeline.commands.imports.around import add_surroundings, plan_steps, set_lines, write_steps
from pipeline.commands.imports.changes import change_deals
from pipeline.commands.imports.moving import Barred, Paths, Unmet
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.enums import DealType, Outcome
from pipeline.facts import Closing, DealFacts, EvidenceFacts, SetpointFacts
from pipeline.models import Opportunity
from pipeline.policies.imports import by_version, unmet_codes


@dataclass(frozen=True, slots=True)
class DealRow:
    """What a row wants a deal to be. Without `record_id` it is made; `values` are by attribute name.

    A row with `closing` is history, one without is current. `evidence` is by code of the fact.
    """

    record_id: int | None
    values: Mapping[str, Any]
    setpoint: SetpointFacts | None = None
    closing: Closing | None = None
    closed_at: datetime | None = None
    reason_id: int | None = None
    competitor_id: int | None = None
    first_meeting_at: datetime | None = None
    next_step: str = ""
    next_step_on: date | None = None
    product_id: int | None = None
    evidence: Mapping[str, EvidenceFacts] = field(default_factory=dict)

    @property
    def lost_to_id(self) -> int | None:
        """Return the competitor a deal that ended was lost to; one it was won against is in the deal's list alone."""
        return None if self.closing is None or self.closing.outcome == Outcome.WON else self.competitor_id


@transaction.atomic
def import_deals(
    *, deals: Sequence[DealRow], reason: str, is_strict: bool = False, paths: Paths, by: User | None, at: datetime
) -> list[Written | Unmet | Barred | None]:
    """Write deals. `reason` stands for the facts current deals lack, or, where `is_strict`, these are left alone.

    History is exempt and marked. None stands for a row whose closing lies before the one recorded.
    """
    new = [deal for deal in deals if deal.record_id is None]
    lacking = [_lacks(deal) if is_strict else () for deal in new]
    complete = [deal for deal, codes in zip(new, lacking, strict=True) if not codes]
    made = iter(_make(complete, reason=reason, by=by, at=at))
    answers = iter([Unmet(codes) if codes else next(made) for codes in lacking])
    known = [deal for deal in deals if deal.record_id is not None]
    changed = change_deals(known, reason=reason, is_strict=is_strict, paths=paths, by=by, at=at)
    return [next(answers) if deal.record_id is None else changed.get(deal.record_id) for deal in deals]


def _lacks(row: DealRow) -> tuple[str, ...]:
    """Return the criteria a new current deal leaves open where it is to stand; of history nothing is asked."""
    if row.setpoint is None or row.closing is not None:
        return ()
    return tuple(unmet_codes(row.setpoint, row.evidence, deal_type=row.values["deal_type"]))


def _make(rows: Sequence[DealRow], *, reason: str, by: User | None, at: datetime) -> list[Written]:
    if not rows:
        return []
    deals = [_deal(row, at) for row in rows]
    for deal, pk in zip(deals, reserve_ids(Opportunity, len(deals)), strict=True):
        deal.pk = pk
    pairs = list(zip(deals, rows, strict=True))
    planned = plan_steps([(deal, row) for deal, row in pairs if row.closing is None], by=by, at=at)
    copy_instances(Opportunity, deals)
    add_surroundings(pairs, by=by, at=at)
    steps, lines = write_steps(planned, at=at), set_lines(pairs, at=None)
    drafts: dict[int, Drafts] = {
        deal.pk: _drafts(deal, row, [around[deal.pk] for around in (lines, steps) if deal.pk in around], reason)
        for deal, row in pairs
    }
    record_all(drafts, by=by, recorded_at={}, at=at)
    return [Written(deal.pk, True, frozenset(row.values)) for deal, row in zip(deals, rows, strict=True)]


def _deal(row: DealRow, at: datetime) -> Opportunity:
    deal = Opportunity(**{"recorded_at": at, "backfilled": True, **row.values})
    if row.setpoint is not None:
        deal.setpoint_id, deal.setpoint_entered_at = row.setpoint.id, deal.created_at
        deal.highest_rank = row.setpoint.rank
    if row.closing is not None:
        deal.outcome, deal.closed_at = row.closing.outcome, row.closed_at
        deal.close_reason_id, deal.competitor_id = row.reason_id, row.lost_to_id
        deal.close_note, deal.revisit_on = row.closing.note, row.closing.revisit_on
    return deal


def _drafts(deal: Opportunity, row: DealRow, around: Drafts, reason: str) -> Drafts:
    """Return a first load: what stands in the row, as if it had always been so, and marked as that."""
    detail = {}
    if row.setpoint is not None:
        facts = deal_facts(deal, row)
        override = reason if _lacks(row) else ""
        # Nobody moved it past the setpoints below: it was found standing here.
        detail = move_detail(facts, row.setpoint, override=override, reason="") | {"skipped": []}
    drafts = creation_drafts(deal, setpoint=detail, backfilled=True)
    drafts += around
    if row.closing is not None and row.closed_at is not None:
        drafts.append(
            closing_draft(
                row.closing, closed_at=row.closed_at, setpoint_id=deal.setpoint_id, competitor_id=row.lost_to_id,
                amount=deal.amount, backfilled=True,
            )
        )  # fmt: skip
    return drafts


def deal_facts(deal: Opportunity, row: DealRow) -> DealFacts:
    """Return a new deal as policies see it before it stands anywhere."""
    evidence = by_version(row.setpoint, row.evidence) if row.setpoint else {}
    return DealFacts(
        id=deal.pk, owner_id=deal.owner_id, pipeline_id=deal.pipeline_id, setpoint_id=None, rank=None, outcome="",
        is_archived=False, deal_type=DealType(deal.deal_type), amount=deal.amount, created_at=deal.created_at, evidence=evidence,
    )  # fmt: skip
