"""Which deals signals are looked at for, and when."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.models import Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.policies.signals import WINDOW_DAYS, Calendar

SOME, RANGE = "= ANY(%(ids)s)", "BETWEEN %(low)s AND %(high)s"


@dataclass(frozen=True, slots=True)
class Span:
    """Deals by their ids: these, or all from one to another."""

    ids: Collection[int] | None = None
    low: int = 0
    high: int = 0

    @property
    def condition(self) -> str:
        """Return what an id has to be, with `parameters`."""
        return RANGE if self.ids is None else SOME

    def parameters(self) -> dict[str, Any]:
        """Return the values of the condition."""
        return {"low": self.low, "high": self.high} if self.ids is None else {"ids": list(self.ids)}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as the organisation's people see it, and the currency sizes are measured in."""

    at: datetime
    zone: str
    currency: str
    calendar: Calendar

    def parameters(self) -> dict[str, Any]:
        """Return what FACTS asks for."""
        zone, today = ZoneInfo(self.zone), self.calendar.today
        return {
            "at": self.at, "known_at": self.at, "zone": self.zone, "report": self.currency, "today": today,
            "midnight": datetime.combine(today, time.min, tzinfo=zone),
            "window": datetime.combine(today - timedelta(days=WINDOW_DAYS), time.min, tzinfo=zone),
        }  # fmt: skip


def get_spans(size: int) -> Iterator[Span]:
    """Give spans of ids that hold so many open deals each, and among them every deal there is."""
    low = 0
    open_ids = Opportunity.objects.filter(OPEN).order_by("pk").values_list("pk", flat=True)
    while ids := list(open_ids.filter(pk__gt=low)[:size]):
        yield Span(low=low + 1, high=ids[-1])
        low = ids[-1]
    yield Span(low=low + 1, high=2**62)
