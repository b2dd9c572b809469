"""Versions of the rules, as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoring.enums import Counting, DecayKind, InactivityMode, Operator, ScorePart


@dataclass(frozen=True, slots=True)
class Decay:
    """How points fade. `days` is the half-life or the window, `percent` what is lost a full 30 days (linear).

    `steps` are (up to this age in days, this percent is left); what is older is worth nothing.
    """

    kind: DecayKind = DecayKind.NONE
    days: int = 30
    percent: int = 0
    steps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value: `lead.`, `account.` or `contact.` and its name, or `property.` of the event."""

    field: str
    operator: Operator
    value: Any = None


@dataclass(frozen=True, slots=True)
class EventCondition:
    """At least `times` events of these types within the last `days` local days, today included.

    With 0 times there is none of them, with 0 days it does not matter when. Only events whose property is as `where`
    asks are counted.
    """

    types: frozenset[str]
    times: int = 1
    days: int = 30
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Points for an event; at most `cap_count` counted events in `cap_days` local days, 0 meaning no cap.

    All `conditions` must hold. What the rule brings together is never below `least` or above `most`. Without a
    `decay` of its own it has its group's. `fast_track` hands the lead over whatever its score.
    """

    code: str
    name: str
    part: ScorePart
    event_types: frozenset[str]
    points: int
    cap_count: int = 3
    cap_days: int = 30
    counting: Counting = Counting.EACH
    conditions: tuple[Condition | EventCondition, ...] = ()
    decay: Decay | None = None
    least: int | None = None
    most: int | None = None
    group: str = ""
    fast_track: bool = False


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """Rules that share a part, a decay and the limits of what they bring together."""

    code: str
    name: str
    part: ScorePart
    decay: Decay | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One version of the rules. `silent_types` are events that do not end a spell of silence (D-47).

    `fades_twice` says that silence is meant to take points where events fade as well.
    """

    id: int
    number: int
    rules: tuple[RuleFacts, ...]
    threshold: int = 50
    rearm_margin: int = 10
    inactivity_points: int = 10
    inactivity_days: int = 30
    inactivity_mode: InactivityMode = InactivityMode.EACH
    floor: int = 0
    ceiling: int | None = None
    fit_limits: tuple[int, ...] = ()
    interest_limits: tuple[int, ...] = ()
    groups: tuple[GroupFacts, ...] = ()
    fades_twice: bool = False
    silent_types: frozenset[str] = frozenset()
    published_at: datetime | None = None

    def __hash__(self) -> int:
        """Return a number that costs little: a plan is looked up with every replay."""
        return hash((self.id, self.number, self.threshold))

    @property
    def rearm_at(self) -> int:
        """Return the score at or below which a lead is armed again."""
        return self.threshold - self.rearm_margin
