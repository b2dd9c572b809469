"""What scoring's policies may know: plain values, built by queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from crm.lib.values import Refusal
from scoring.enums import (
    ContributionKind,
    Counting,
    DecayKind,
    EffectKind,
    EventStatus,
    InactivityMode,
    LeadStatus,
    Operator,
    RoutedBy,
    ScorePart,
    WaitingReason,
)


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


@dataclass(frozen=True, slots=True)
class CrossingRecord:
    """A crossing we know of already. It holds the lead in sales' hands from `opened_at` up to `closed_at`.

    Waiting and attached crossings have no handoff: `opened_at` is empty.
    """

    cause: Cause
    crossed_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """What people and commands did with a lead: recorded crossings and changes of status, both by time."""

    crossings: tuple[CrossingRecord, ...] = ()
    statuses: tuple[tuple[datetime, LeadStatus], ...] = ()
    status_before: LeadStatus = LeadStatus.NEW


@dataclass(frozen=True, slots=True)
class NewCrossing:
    """A crossing found by a replay that is not recorded yet."""

    cause: Cause
    at: datetime
    score: float
    attaches: bool
    waiting: WaitingReason | None
    fast_track: bool = False


@dataclass(frozen=True, slots=True)
class RepFacts:
    """A rep who can take a lead: how many handoffs wait for them, and since when they got none."""

    user_id: int
    open_handoffs: int = 0
    last_assigned_at: datetime | None = None
    capacity: int = 1
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TerritoryFacts:
    """Which leads lie in a territory, and who takes them; an empty list takes every lead."""

    id: int
    rep_ids: frozenset[int]
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoutedLead:
    """What of a lead says whose it is; `languages` are those it can be spoken to in."""

    account_owner_id: int | None = None
    owner_id: int | None = None
    country: str = ""
    languages: frozenset[str] = frozenset()
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Who takes a lead, and why; nobody where nobody works."""

    rep_id: int | None
    by: RoutedBy | None = None
    territory_id: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How soon a handoff is answered, and how long before that its rep is reminded, in working minutes."""

    answer_minutes: int = 240
    remind_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """When a handoff is to be answered, and from when its rep is reminded."""

    due_at: datetime
    remind_at: datetime


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it is sent in. Whose it is: `lead_id`, `external_id`, `email` or `visitor`, first given wins;
    a visitor beside one of the others says who the visitor is. `is_pending`: it waits for somebody to say it was them.
    """

    idempotency_key: str
    type: str
    occurred_at: datetime | None
    lead_id: int | None = None
    external_id: str = ""
    email: str = ""
    visitor: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of one event that was sent in; `refusals` say why a rejected one was."""

    idempotency_key: str
    status: EventStatus
    refusals: tuple[Refusal, ...] = ()
    event_id: int | None = None
    lead_id: int | None = None
