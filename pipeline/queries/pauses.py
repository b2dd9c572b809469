"""When a deal waited because its customer asked (B24)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm.queries.organisation import get_zone
from pipeline.events import EventKind
from pipeline.models import OpportunityEvent
from pipeline.policies.signals import Pause


def get_pauses(deal_id: int, *, at: datetime) -> list[Pause]:
    """Return the pauses of a deal, earliest first; one that was ended or changed ends where the next one begins."""
    zone = get_zone(at.date())
    events = OpportunityEvent.objects.filter(opportunity_id=deal_id, kind=EventKind.PAUSE, occurred_at__lte=at)
    rows = list(events.order_by("occurred_at", "seq").values_list("occurred_at", "new"))
    ends = [*(_day(moment, zone) for moment, _ in rows[1:]), date.max]
    return [
        Pause(_day(moment, zone), min(date.fromisoformat(new["until"]), end))
        for (moment, new), end in zip(rows, ends, strict=False)
        if new
    ]


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
