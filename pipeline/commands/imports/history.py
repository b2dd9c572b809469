"""The history of deals in bulk (D-21, D-23): past values take the place of what the deal's own import assumed.

A deal that was imported without history has its present values as if they had always stood; those events say
`backfilled`. They are the one exception to append-only: the first history of a field replaces its assumption, in
the transaction that brings the history, so that nobody ever reads both.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.imports import save_records
from crm.enums import Via
from crm.models import User
from pipeline.commands.derived import refresh_derived
from pipeline.commands.history import EventDraft
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.commands.imports.standing import bring_in_line
from pipeline.commands.open_steps import drop_open_steps
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityEvent

FIELD_KINDS: dict[str, tuple[EventKind, ...]] = {
    "setpoint": (EventKind.SETPOINT,),
    "amount": (EventKind.AMOUNT,),
    "expected_close_on": (EventKind.EXPECTED_CLOSE_ON,),
    "owner": (EventKind.OWNER,),
    "outcome": (EventKind.CLOSED, EventKind.REOPENED),
}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One past value: `value` as events hold it, None for nothing; an outcome of None reopened the deal.

    `reason` is why a deal moved to a setpoint.
    """

    opportunity_id: int
    field: str
    occurred_at: datetime
    value: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HistoryResult:
    """The deal a row belongs to and whether it said anything new; `refused` where another value holds that moment."""

    opportunity_id: int
    is_new: bool
    refused: bool = False


@transaction.atomic
def import_history(
    *, rows: Sequence[HistoryRow], references: Collection[str], by: User | None, at: datetime
) -> list[HistoryResult]:
    """Record past values and bring the deals in line with what their events now say.

    The first history of a field is recorded when it occurred, later history at `at` (D-21). What came by the
    imports in `references` is one load: this import, and those of the same file that were cut off.
    """
    ids = sorted({row.opportunity_id for row in rows})
    deals = {
        deal.pk: deal for deal in Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    events = _read(ids)
    results = [_settle(row, events[row.opportunity_id]) for row in rows]
    new = [row for row, result in zip(rows, results, strict=True) if result.is_new]
    by_deal: dict[int, list[HistoryRow]] = defaultdict(list)
    for row in new:
        by_deal[row.opportunity_id].append(row)
    first = {deal_id: _first_loads(events[deal_id], references) for deal_id in by_deal}
    _drop_assumptions(by_deal, events)
    drafts = {
        deal_id: _drafts(deals[deal_id], of_deal, events[deal_id], first[deal_id])
        for deal_id, of_deal in by_deal.items()
    }
    record_all(drafts, by=by, recorded_at=dict.fromkeys(drafts, at), at=at)
    bring_in_line([deals[deal_id] for deal_id in by_deal])
    _drop_steps([deals[deal_id] for deal_id in by_deal if deals[deal_id].outcome], by=by, at=at)
    refresh_derived(list(by_deal), at=at)
    return results


def _drop_steps(deals: Sequence[Opportunity], *, by: User | None, at: datetime) -> None:
    ended = [deal for deal in deals if deal.current_step_id is not None]
    dropped = drop_open_steps(ended, at=at)
    record_all(dropped, by=by, recorded_at=dict.fromkeys(dropped, at), at=at)
    save_records(Opportunity, ended, ("current_step_id", "next_step_on"))


def _read(deal_ids: Sequence[int]) -> dict[int, list[OpportunityEvent]]:
    kinds = [EventKind.CREATED, *(kind for of_field in FIELD_KINDS.values() for kind in of_field)]
    found: dict[int, list[OpportunityEvent]] = {deal_id: [] for deal_id in deal_ids}
    rows = OpportunityEvent.objects.filter(opportunity_id__in=deal_ids, kind__in=kinds).order_by("occurred_at", "seq")
    for event in rows:
        found[event.opportunity_id].append(event)
    return found


def _is_assumption(event: OpportunityEvent) -> bool:
    return bool(event.detail.get("backfilled"))


def _first_loads(events: Sequence[OpportunityEvent], references: Collection[str]) -> set[EventKind]:
    """Return the kinds of events of an imported deal of which nothing is known but what this load brought or replaces."""
    created = next(event for event in events if event.kind == EventKind.CREATED)
    if created.via != Via.IMPORT:
        return set()
    told = {event.kind for event in events}
    replaced = {event.kind for event in events if _is_assumption(event)}
    brought = {event.kind for event in events if event.via == Via.IMPORT and event.reference in references}
    return {
        kind
        for kinds in FIELD_KINDS.values()
        if not told.intersection(kinds) or (replaced | brought).intersection(kinds)
        for kind in kinds
    }


def _settle(row: HistoryRow, events: Sequence[OpportunityEvent]) -> HistoryResult:
    """Say whether a row is new. What the import assumed takes no moment; a closing that it knew does."""
    same = [event for event in events if event.kind in FIELD_KINDS[row.field] and event.occurred_at == row.occurred_at]
    known = [event for event in same if event.kind == EventKind.CLOSED or not _is_assumption(event)]
    if not known:
        return HistoryResult(row.opportunity_id, is_new=True)
    equal = any(_says(event, row) for event in known)
    return HistoryResult(row.opportunity_id, is_new=False, refused=not equal)


def _says(event: OpportunityEvent, row: HistoryRow) -> bool:
    if row.field == "outcome":
        return (event.new or {}).get("outcome") == (row.value or {}).get("outcome")
    return event.new == row.value


def _drop_assumptions(by_deal: dict[int, list[HistoryRow]], events: dict[int, list[OpportunityEvent]]) -> None:
    """Take away what the import assumed of fields whose history has come; closings were told, not assumed."""
    gone = []
    for deal_id, rows in by_deal.items():
        fields = {row.field for row in rows} - {"outcome"}
        kinds = {kind for name in fields for kind in FIELD_KINDS[name]}
        gone += [event for event in events[deal_id] if event.kind in kinds and _is_assumption(event)]
        if "setpoint" in fields:
            gone += [event for event in events[deal_id] if event.kind == EventKind.CLOSED and _is_assumption(event)]
    gone_ids = {event.pk for event in gone}
    OpportunityEvent.objects.filter(pk__in=gone_ids).delete()
    # With its setpoints known a closed deal is no longer backfilled, and neither is its closing (D-23).
    for deal_id in by_deal:
        events[deal_id] = [
            event for event in events[deal_id] if event.pk not in gone_ids or event.kind == EventKind.CLOSED
        ]


def _drafts(
    deal: Opportunity, rows: list[HistoryRow], events: list[OpportunityEvent], first: Collection[EventKind]
) -> Drafts:
    drafts: Drafts = []
    for name in FIELD_KINDS:
        own = sorted((row for row in rows if row.field == name), key=lambda row: row.occurred_at)
        if own:
            drafts += _outcomes(deal, own, events) if name == "outcome" else _values(deal, name, own, events)
    drafts = [replace(draft, recorded_at=draft.occurred_at) if draft.kind in first else draft for draft in drafts]
    drafts += _retold(deal, events, {row.field for row in rows})
    return sorted(drafts, key=lambda draft: draft.occurred_at)


def _values(deal: Opportunity, name: str, rows: list[HistoryRow], events: list[OpportunityEvent]) -> Drafts:
    kind = FIELD_KINDS[name][0]
    told = [(event.occurred_at, event.new) for event in events if event.kind == kind]
    if name == "owner" and not told and rows[0].occurred_at > deal.created_at:
        # Somebody owned it from the start; the first we know of is the nearest to the truth.
        rows = [HistoryRow(deal.pk, name, deal.created_at, rows[0].value), *rows]
    moments = sorted([*told, *((row.occurred_at, row.value) for row in rows)], key=lambda moment: moment[0])
    drafts: Drafts = []
    for row in rows:
        before = [value for moment, value in moments if moment < row.occurred_at]
        old = before[-1] if before else None
        if row.value != old:
            is_move = name == "setpoint"
            detail = {"criteria": [], "override": "", "reason": row.reason, "skipped": []} if is_move else {}
            drafts.append(EventDraft(kind, row.occurred_at, old, row.value, detail))
    return drafts


def _outcomes(deal: Opportunity, rows: list[HistoryRow], events: list[OpportunityEvent]) -> Drafts:
    drafts: Drafts = []
    told = {event.occurred_at: event.new or {} for event in events if event.kind in FIELD_KINDS["outcome"]}
    for row in rows:
        if row.value is None:
            detail = {"cycle_no": deal.cycle_no, "voids_outcome": True}
            told[row.occurred_at] = {}
            drafts.append(EventDraft(EventKind.REOPENED, row.occurred_at, {}, {}, detail))
        else:
            before = told[max(earlier)] if (earlier := [at for at in told if at < row.occurred_at]) else {}
            told[row.occurred_at] = ending = _with_known(row.value, before)
            drafts.append(EventDraft(EventKind.CLOSED, row.occurred_at, None, ending, {"note": ""}))
    return drafts


def _with_known(ending: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return an ending with why and to whom the deal was closed alike before it, which history does not tell."""
    if before.get("outcome") != ending["outcome"]:
        return ending
    return ending | {name: before[name] for name in ("reason", "competitor", "revisit_on") if before.get(name)}


def _retold(deal: Opportunity, events: list[OpportunityEvent], fields: set[str]) -> Drafts:
    """Say again how the deal closed, now that the setpoint it closed from is known."""
    if "setpoint" not in fields:
        return []
    closings = [event for event in events if event.kind == EventKind.CLOSED and _is_assumption(event)]
    return [
        EventDraft(
            EventKind.CLOSED, event.occurred_at, event.old, event.new, {**event.detail, "backfilled": False},
            recorded_at=event.recorded_at,
        )
        for event in closings
    ]  # fmt: skip
