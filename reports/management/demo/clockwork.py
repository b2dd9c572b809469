"""Chance and working hours, both from the seed."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
SATURDAY, SUNDAY = 5, 6


class Dice:
    """A seeded source of believable choices; history ends with `now`, which is 00:00 of `today`."""

    def __init__(self, *, seed: int, today: date, zone: ZoneInfo) -> None:
        self.random = Random(seed)  # noqa: S311  believable, not secret
        self.today, self.zone = today, zone
        self.now = datetime.combine(today, time.min, tzinfo=zone)

    def chance(self, probability: float) -> bool:
        """Return True this often."""
        return self.random.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return self.random.choice(choices)

    def weighted(self, weights: Mapping[str, float]) -> str:
        """Return a key, as often as its weight says."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def days(self, median: float, spread: float = 0.55) -> int:
        """Return a number of days, at least one, skewed as waiting times are."""
        return max(1, round(self.random.lognormvariate(math.log(median), spread)))

    def moment(self, day: date) -> datetime:
        """Return a quarter of an hour in the working day, on a weekday near `day`; what was past stays past."""
        hour, quarter = self.random.randrange(8, 17), self.random.randrange(4)
        return datetime.combine(self.workday(day), time(hour, quarter * 15), tzinfo=self.zone)

    def workday(self, day: date) -> date:
        """Return the weekday nearest to `day`."""
        if day.weekday() == SATURDAY:
            return day - timedelta(days=1)
        if day.weekday() != SUNDAY:
            return day
        monday = day + timedelta(days=1)
        return day - timedelta(days=2) if day < self.today <= monday else monday

    def office(self, moment: datetime) -> datetime:
        """Return the first moment from `moment` on at which people are at work."""
        local = moment.astimezone(self.zone)
        if local.weekday() < SATURDAY and 9 <= local.hour < 16:
            return local
        day = local.date() if local.hour < 9 else local.date() + timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return datetime.combine(day, time(9, self.random.randrange(60)), tzinfo=self.zone)

    def past(self, moment: datetime) -> bool:
        """Whether the moment lies before today."""
        return moment < self.now
