"""Which local day an instant falls on where the organisation's zone is dated (D-1, D-26)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.lib.periods import start_of_day

EPOCH = date(1970, 1, 1)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1) // timedelta.resolution


class Zones:
    """The organisation's zones, each from 00:00 of a local date on by its own clock; the first holds before, too.

    Days are counted by `date.toordinal()`. A day in which the zone changes may be longer or shorter than others.
    """

    __slots__ = ("_midnights", "_spells", "_starts", "_turns")

    def __init__(self, dated: Iterable[tuple[date, ZoneInfo]]) -> None:
        # Of a UTC date: the instant its local day ends, that day and the next; None where that is not all there is to it.
        self._midnights: dict[int, tuple[datetime, int, int] | None] = {}
        self._turns: dict[int, tuple[int, int, int] | None] = {}
        self._starts: dict[int, datetime] = {}
        self._spells = [
            (start_of_day(valid_from, zone), valid_from.toordinal(), zone)
            for valid_from, zone in sorted(dated, key=_first)
        ]
        if not self._spells:
            raise ValueError("an organisation has a zone")

    @classmethod
    def always(cls, zone: ZoneInfo) -> "Zones":
        """Return one zone for all time."""
        return cls([(EPOCH, zone)])

    def day(self, at: datetime) -> int:
        """Return the local day of an instant; in UTC it is looked up, for a replay asks a million times."""
        if at.tzinfo is not UTC:
            return self._day(at)
        utc_day = at.toordinal()
        if utc_day not in self._midnights:
            self._midnights[utc_day] = self._midnight(at)
        found = self._midnights[utc_day]
        if found is None:
            return self._day(at)
        return found[1] if at < found[0] else found[2]

    def day_at(self, instant: int) -> int:
        """Return the local day of an instant in microseconds since 1970."""
        utc_day = instant // DAY
        if utc_day not in self._turns:
            found = self._midnight(BEGINNING + timedelta(days=utc_day))
            self._turns[utc_day] = found and ((found[0] - BEGINNING) // timedelta.resolution, *found[1:])
        turn = self._turns[utc_day]
        if turn is None:
            return self._day(BEGINNING + timedelta(microseconds=instant))
        return turn[1] if instant < turn[0] else turn[2]

    def _midnight(self, at: datetime) -> tuple[datetime, int, int] | None:
        begins = at.replace(hour=0, minute=0, second=0, microsecond=0)
        ends = begins + timedelta(days=1) - timedelta.resolution
        first, last = self._day(begins), self._day(ends)
        if first == last:
            return begins, first, last
        turns = self.start(last).astimezone(UTC)
        is_plain = last == first + 1 and self._day(turns) == last and self._day(turns - timedelta.resolution) == first
        return (turns, first, last) if is_plain else None

    def _day(self, at: datetime) -> int:
        spells = self._spells
        if len(spells) == 1:
            return at.astimezone(spells[0][2]).toordinal()
        number = next((n for n in range(len(spells) - 1, 0, -1) if spells[n][0] <= at), 0)
        day = at.astimezone(spells[number][2]).toordinal()
        # What the old zone's clock already calls the first day of the new zone is still the day before.
        return min(day, spells[number + 1][1] - 1) if number + 1 < len(spells) else day

    def start(self, day: int) -> datetime:
        """Return when a local day begins."""
        if day not in self._starts:
            self._starts[day] = start_of_day(date.fromordinal(day), self.zone(day))
        return self._starts[day]

    def zone(self, day: int) -> ZoneInfo:
        """Return the zone by whose clock a local day begins."""
        return next((zone for _, first, zone in reversed(self._spells) if first <= day), self._spells[0][2])


def _first(spell: tuple[date, ZoneInfo]) -> date:
    return spell[0]
