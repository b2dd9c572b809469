"""What people did with leads, as the policy on crossings takes it."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from scoring.enums import CrossingState, LeadStatus
from scoring.facts import Cause, CrossingRecord, LeadHistory
from scoring.models import Crossing, Lead, LeadStatusEvent


def get_histories(lead_ids: Collection[int]) -> dict[int, LeadHistory]:
    """Return the recorded crossings and changes of status of some leads, in three queries."""
    crossings, statuses = _crossings(lead_ids), _statuses(lead_ids)
    current = dict(Lead.objects.filter(pk__in=lead_ids).values_list("pk", "status"))
    return {
        lead_id: LeadHistory(
            crossings=tuple(crossings[lead_id]),
            statuses=tuple((at, LeadStatus(new)) for at, _, new in statuses[lead_id]),
            status_before=LeadStatus(_before(statuses[lead_id], status)),
        )
        for lead_id, status in current.items()
    }


def _before(changes: list[tuple[Any, str, str]], current: str) -> str:
    return (changes[0][1] or LeadStatus.NEW) if changes else current


def _crossings(lead_ids: Collection[int]) -> dict[int, list[CrossingRecord]]:
    rows = Crossing.objects.filter(lead_id__in=lead_ids).order_by("crossed_at", "pk")
    columns = ("lead_id", "event_id", "known_id", "crossed_at", "state", "handoff__created_at", "handoff__answered_at")
    found: dict[int, list[CrossingRecord]] = defaultdict(list)
    for lead_id, event_id, known_id, crossed_at, state, created_at, answered_at in rows.values_list(*columns):
        # Handed over at once, it holds the lead from the crossing on, whenever the job came to it.
        opened = crossed_at if created_at and state == CrossingState.HANDED_OVER else created_at
        found[lead_id].append(CrossingRecord(_cause(event_id, known_id), crossed_at, opened, answered_at))
    return found


def _cause(event_id: int | None, known_id: int | None) -> Cause:
    return Cause(event_id) if event_id is not None else Cause(known_id or 0, is_known=True)


def _statuses(lead_ids: Collection[int]) -> dict[int, list[tuple[Any, str, str]]]:
    found: dict[int, list[tuple[Any, str, str]]] = defaultdict(list)
    rows = LeadStatusEvent.objects.filter(lead_id__in=lead_ids).order_by("occurred_at", "pk")
    for lead_id, at, old, new in rows.values_list("lead_id", "occurred_at", "old", "new"):
        found[lead_id].append((at, old, new))
    return found
