"""Hours people spent on a deal, which are what pursuing it costs (EE-037, EE-038)."""

from datetime import date, datetime

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.economics.refused import EconomicsRefused, refuse
from pipeline.commands.economics.rows import lock_for_economics, lock_row, take_away, tell
from pipeline.commands.history import Value
from pipeline.models import Effort
from pipeline.policies.economics import effort_refusals


@transaction.atomic
def log_effort(
    *,
    opportunity_id: int,
    user_id: int,
    kind: str,
    minutes: int,
    on: date,
    by: User | None,
    at: datetime,
    note: str = "",
) -> Effort:
    """Log minutes somebody spent on a deal on a day; a colleague's may be logged for them.

    :raises EconomicsRefused: not so many minutes, not that day, or nobody who works here
    :raises NotPermitted: the person may not change the deal
    """
    deal, note = lock_for_economics(opportunity_id, by=by), note.strip()
    refuse(effort_refusals(kind=kind, minutes=minutes, on=on, note=note, today=get_local_date(at)))
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        raise EconomicsRefused(Refusal.of("choose_offered", field="user"))
    effort = Effort.objects.create(
        opportunity=deal, user_id=user_id, kind=kind, minutes=minutes, on=on, note=note, recorded_at=at
    )
    tell(deal, None, effort_value(effort), by=by, at=at)
    return effort


@transaction.atomic
def remove_effort(*, effort_id: int, by: User | None, at: datetime) -> Effort:
    """Take logged hours back; taken back already: nothing happens.

    :raises EconomicsRefused: the deal is archived
    :raises NotPermitted: the person may not change the deal
    """
    deal, effort = lock_row(Effort, effort_id, by=by)
    take_away(deal, effort, effort_value, by=by, at=at)
    return effort


def effort_value(effort: Effort) -> Value:
    """Return logged hours as events hold them; `owner` is who spent them."""
    return {
        "effort": effort.pk,
        "kind": str(effort.kind),
        "minutes": effort.minutes,
        "on": effort.on.isoformat(),
        "owner": effort.user_id,
        "removed": effort.removed_at is not None,
    }
