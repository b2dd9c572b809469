"""Chance and working hours, both from the seed."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo


class Dice:
    """A seeded source of believable choices; `today` is where history ends."""

    def __init__(self, *, seed: int, today: date, zone: ZoneInfo) -> None:
        self.random = Random(seed)  # noqa: S311  believable, not secret
        self.today, self.zone = today, zone

    def chance(self, probability: float) -> bool:
        """Return True this often."""
        return self.random.random() < probability

    def pick(self, choices):  # type: ignore[no-untyped-def]
        """Return one of the choices."""
        return self.random.choice(choices)

    def weighted(self, weights: Mapping[str, float]) -> str:
        """Return a key, as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def days(self, median: float, spread: float = 0.55) -> int:
        """Return a number of days, at least one, skewed as waiting times are."""
        return max(1, round(self.random.lognormvariate(math.log(median), spread)))

    def moment(self, day: date) -> datetime:
        """Return a quarter of an hour in the working day, on a weekday near `day`."""
        day += timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))
        hour, quarter = self.random.randrange(8, 17), self.random.randrange(4)
        return datetime.combine(day, time(hour, quarter * 15), tzinfo=self.zone)

    def past(self, moment: datetime) -> bool:
        """Whether the moment lies before today."""
        return moment.date() < self.today
