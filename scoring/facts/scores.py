"""What leads did, and the scores it comes to, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from scoring.enums import ContributionKind, EffectKind


class Moment(NamedTuple):
    """Something a lead did. `key` orders what happened at one instant, whenever we were told of it.

    A customer action of an activity has no event and no points: `event_id` 0, `type` empty. What becomes known of
    the lead has the type `KNOWN`, the number of its row as `event_id`, and all that is known then as `details`;
    an event's `details` are its properties, or None where no rule asks for them.
    """

    at: datetime
    key: str
    type: str
    event_id: int
    url: str = ""
    details: Mapping[str, Any] | None = None


KNOWN = "="  # no type of event may be called so


class Cause(NamedTuple):
    """What can bring a lead over the threshold: an event, or with `is_known` something that became known of it."""

    id: int
    is_known: bool = False


class Step(NamedTuple):
    """The score just before and just after a moment. `fast_track` asks to go to sales whatever the score."""

    at: datetime
    cause: Cause
    before: float
    after: float
    fast_track: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of "why this score"; all rows of a score sum to it.

    `at` is when it took effect and `given` what it brought then. `uncounted` says how many further events of the
    rule gave nothing, because of its cap or as a repeat of the same page; it stands on the rule's last row.
    """

    kind: ContributionKind
    part: str
    points: float
    at: datetime
    rule: str = ""
    name: str = ""
    event_id: int | None = None
    event_type: str = ""
    uncounted: int = 0
    given: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A score as of a moment. `fit + behaviour + engagement + inactivity == score`.

    Points are whole where no rule fades, else exact to a millionth. It holds until `next_change_at` unless something
    happens; `next_score` is what it becomes then.
    """

    score: float
    fit: float
    behaviour: float
    engagement: float
    inactivity: float
    last_activity_at: datetime | None
    next_change_at: datetime | None
    next_score: float | None
    steps: tuple[Step, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """One cause of a rise or fall, with its points; `name` is the rule's, or the group's whose limit it is."""

    kind: EffectKind
    points: float
    part: str = ""
    rule: str = ""
    name: str = ""
    event_id: int | None = None
    event_type: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A rise or fall: `before` and the points of its effects sum to `after`.

    One by age or silence takes effect at a midnight; a row of them one after another ends at `until`.
    """

    at: datetime
    before: float
    after: float
    effects: tuple[Effect, ...]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A score over time: `begin` before anything happened, then every shift; what the last led to is the score.

    `ahead` is how it goes on if nothing happens, `next_fall` the first of it that takes points away.
    """

    begin: float
    shifts: tuple[Shift, ...]
    ahead: tuple[Shift, ...] = ()
    next_fall: Shift | None = None
