"""Closed lists of scoring (decisions.md). Their labels live in labels.py."""

from enum import StrEnum


class LeadStatus(StrEnum):
    NEW = "new"
    NURTURING = "nurturing"
    MQL = "mql"
    ACCEPTED = "accepted"
    SQL = "sql"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"
    RECYCLED = "recycled"


# A lead in one of these is never handed over again (D-27).
FINISHED_STATUSES = frozenset({LeadStatus.SQL, LeadStatus.CONVERTED, LeadStatus.DISQUALIFIED})


class ScorePart(StrEnum):
    FIT = "fit"
    BEHAVIOUR = "behaviour"
    ENGAGEMENT = "engagement"


class ModelState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class CrossingState(StrEnum):
    """What became of a crossing: handed over, attached to a handoff still open, or waiting for a person."""

    HANDED_OVER = "handed_over"
    ATTACHED = "attached"
    WAITING = "waiting"
    RELEASED = "released"


class WaitingReason(StrEnum):
    LATE = "late"
    IMPORTED = "imported"
    PUBLISHED = "published"


class HandoffAnswer(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class EventStatus(StrEnum):
    """The answer to one event sent in."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class ContributionKind(StrEnum):
    """Where a row of "why this score" comes from; `floor` makes up for what fell below the lowest score."""

    EVENT = "event"
    INACTIVITY = "inactivity"
    FLOOR = "floor"
