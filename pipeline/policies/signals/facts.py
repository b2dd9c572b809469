"""What the rules of signals look at, and what they find."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pipeline.enums import Severity, SignalCode


@dataclass(frozen=True, slots=True)
class Pause:
    """Days `[start, until)` on which a customer asked us to wait."""

    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The local day, and which weekdays are worked, as `date.isoweekday()` counts them."""

    today: date
    working_days: Collection[int] = (1, 2, 3, 4, 5)

    def calm_until(self, start: date, days: int) -> date:
        """Return the last of so many days after `start`; where nobody works on it, the next day somebody does."""
        day = start + timedelta(days=days)
        while self.working_days and day.isoweekday() not in self.working_days:
            day += timedelta(days=1)
        return day


@dataclass(frozen=True, slots=True)
class DealSignalFacts:
    """What the rules may know of an open deal. Days are local; amounts are in the deal's present currency.

    `moved` is None where the history is not known. `typical_days` is the third quartile of what deals won of the same
    size and type stayed here, from `typical_wins` of them. `step_on` is the earliest open next step, `agreed_on` the
    earliest day ahead that the customer agreed to. `amount_before` is the most it was worth for a day or longer within
    the window. `evidenced_rank` is -1 where not even the first setpoint is evidenced. `margin` is the gross margin as a
    share of the net price, None where it is incomplete; `margin_floor` the lowest that is assumed to do.
    """

    id: int
    rank: int
    probability: Decimal
    is_last: bool
    created_on: date
    entered_on: date
    active_on: date
    stall_limit_days: int | None = None
    typical_days: Decimal | None = None
    typical_wins: int = 0
    moved: bool | None = True
    step_on: date | None = None
    agreed_on: date | None = None
    closes_on: date | None = None
    pushes: int = 0
    pushed_on: date | None = None
    evidenced_rank: int = -1
    deciders: int = 0
    contacts: int = 0
    amount: Decimal | None = None
    amount_before: Decimal | None = None
    activities: int = 0
    progressed_on: date | None = None
    margin: Decimal | None = None
    margin_floor: Decimal | None = None
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A signal that speaks; `detail` holds the parameters of its reason, none of which changes by the day alone."""

    code: SignalCode
    severity: Severity
    since: date | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
