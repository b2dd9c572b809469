"""What scoring's policies may know: plain values, built by queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from crm.lib.values import Refusal
from scoring.enums import ContributionKind, EventStatus, LeadStatus, ScorePart, WaitingReason


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """Points for an event; at most `cap_count` counted events in `cap_days` local days, 0 meaning no cap."""

    code: str
    name: str
    part: ScorePart
    event_types: frozenset[str]
    points: int
    cap_count: int = 3
    cap_days: int = 30


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One version of the rules. `silent_types` are events that do not end a spell of silence (D-47)."""

    id: int
    number: int
    rules: tuple[RuleFacts, ...]
    threshold: int = 50
    rearm_margin: int = 10
    inactivity_points: int = 10
    inactivity_days: int = 30
    floor: int = 0
    silent_types: frozenset[str] = frozenset()
    published_at: datetime | None = None

    @property
    def rearm_at(self) -> int:
        """Return the score at or below which a lead is armed again."""
        return self.threshold - self.rearm_margin


class Moment(NamedTuple):
    """Something a lead did. `key` orders what happened at one instant, whenever we were told of it.

    A customer action of an activity has no event and no points: `event_id` 0, `type` empty.
    """

    at: datetime
    key: str
    type: str
    event_id: int
    url: str = ""


class Step(NamedTuple):
    """The score just before and just after a moment."""

    at: datetime
    event_id: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of "why this score"; all rows of a score sum to it.

    `at` is when it took effect. `uncounted` says how many further events of the rule gave nothing, because
    of its cap or as a repeat of the same page; it stands on the rule's last row.
    """

    kind: ContributionKind
    part: str
    points: int
    at: datetime
    rule: str = ""
    name: str = ""
    event_id: int | None = None
    event_type: str = ""
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """A score as of a moment. `fit + behaviour + engagement + inactivity == score`.

    It holds until `next_change_at` unless something happens; `next_score` is what it becomes then.
    """

    score: int
    fit: int
    behaviour: int
    engagement: int
    inactivity: int
    last_activity_at: datetime | None
    next_change_at: datetime | None
    next_score: int | None
    steps: tuple[Step, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class CrossingRecord:
    """A crossing we know of already. It holds the lead in sales' hands from `opened_at` up to `closed_at`.

    Waiting and attached crossings have no handoff: `opened_at` is empty.
    """

    event_id: int
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

    event_id: int
    at: datetime
    score: int
    attaches: bool
    waiting: WaitingReason | None


@dataclass(frozen=True, slots=True)
class RepFacts:
    """A rep who can take a lead: how many handoffs wait for them, and since when they got none."""

    user_id: int
    open_handoffs: int = 0
    last_assigned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it is sent in. Whose it is: `lead_id`, `external_id`, `email` or `visitor`, first given wins;
    a visitor beside one of the others says who the visitor is.
    """

    idempotency_key: str
    type: str
    occurred_at: datetime | None
    lead_id: int | None = None
    external_id: str = ""
    email: str = ""
    visitor: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of one event that was sent in; `refusals` say why a rejected one was."""

    idempotency_key: str
    status: EventStatus
    refusals: tuple[Refusal, ...] = ()
    event_id: int | None = None
    lead_id: int | None = None
