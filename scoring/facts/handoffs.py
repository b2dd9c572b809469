"""Crossings, and whose lead it is until when, as values."""

from dataclasses import dataclass
from datetime import datetime

from scoring.enums import LeadStatus, RoutedBy, WaitingReason
from scoring.facts.scores import Cause


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
    pauses_when_away: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """When a handoff is to be answered, and from when its rep is reminded."""

    due_at: datetime
    remind_at: datetime
