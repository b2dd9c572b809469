"""When the time to answer begins to count (D-27)."""

from collections.abc import Collection
from datetime import datetime

from crm.queries.working_hours import get_hours_of
from scoring.models import Handoff
from scoring.policies.sla import clock_starts_at


def get_clock_starts(handoffs: Collection[Handoff]) -> dict[int, datetime]:
    """Return when each handoff somebody has begins to count, by its id; their owners have been read."""
    hours = get_hours_of({handoff.owner for handoff in handoffs if handoff.owner})
    return {
        handoff.pk: clock_starts_at(handoff.assigned_at, hours=hours[handoff.owner_id])
        for handoff in handoffs
        if handoff.assigned_at and handoff.owner_id in hours
    }


def get_clock_start(handoff: Handoff | None) -> datetime | None:
    """Return when this one begins to count; None where nobody has it."""
    return get_clock_starts([handoff]).get(handoff.pk) if handoff else None
