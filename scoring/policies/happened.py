"""What a lead did, as far as rules ask how often it happened lately (S-3)."""

from bisect import insort
from collections.abc import Mapping
from typing import Any

from scoring.policies.conditions import hold
from scoring.policies.plan import EVER, Watch

NOTHING: Mapping[str, Any] = {}


class Happened:
    """On which local days what each watch asks for happened, in order."""

    __slots__ = ("_days", "_watched")

    def __init__(self, watched: Mapping[str, tuple[Watch, ...]]) -> None:
        self._watched = watched
        self._days: dict[Watch, list[int]] = {}

    def take(self, type: str, day: int, properties: Mapping[str, Any]) -> bool:
        """Keep an event for whatever asks for it; return whether anything does."""
        is_asked_for = False
        for watch in self._watched[type]:
            if not watch.where or hold(watch.where, known=NOTHING, properties=properties):
                # Where the zone moved west a later event can have an earlier day.
                insort(self._days.setdefault(watch, []), day)
                is_asked_for = True
        return is_asked_for

    def holds(self, watch: Watch, day: int) -> bool:
        """Return whether it happened as often as is asked for, or not at all where that is."""
        return (self._oldest(watch, day) is None) is watch.is_never

    def turns_on(self, watch: Watch, day: int) -> int | None:
        """Return the first local day after `day` from which it holds no longer, or holds again, if nothing happens."""
        oldest = self._oldest(watch, day)
        return None if oldest is None or watch.days == EVER else oldest + watch.days

    def _oldest(self, watch: Watch, day: int) -> int | None:
        """Return the day of the last event but so many that it takes; None where too few are so late."""
        days = self._days.get(watch, ())
        if len(days) < watch.times or days[-watch.times] <= day - watch.days:
            return None
        return days[-watch.times]
