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


class Counting(StrEnum):
    """What a rule gives points for: each event, the first one only, or as long as its conditions hold."""

    EACH = "each"
    FIRST = "first"
    WHILE = "while"


class DecayKind(StrEnum):
    """How points of an event fade with its age in local days (math.md B23 "Schemes")."""

    NONE = "none"
    LINEAR = "linear"
    HALF_LIFE = "half_life"
    STEP = "step"
    WINDOW = "window"


class InactivityMode(StrEnum):
    """Whether every full period of silence takes points, or only the first of each silence."""

    EACH = "each"
    ONCE = "once"


class Operator(StrEnum):
    """How a condition compares a field with its value."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    KNOWN = "known"
    UNKNOWN = "unknown"


class FieldKind(StrEnum):
    """How a field can be compared; `any` is a property of an event, of which nobody knows what it holds."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    ANY = "any"


class ModelState(StrEnum):
    """A challenger is never changed again, as what was published, and scores a share of the leads beside it."""

    DRAFT = "draft"
    CHALLENGER = "challenger"
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


class RoutedBy(StrEnum):
    """Why a handoff is whose it is."""

    ACCOUNT_OWNER = "account_owner"
    LEAD_OWNER = "lead_owner"
    TERRITORY = "territory"
    TURN = "turn"
    PERSON = "person"


class NoticeKind(StrEnum):
    """What somebody is told of a handoff: its rep that it runs out, their manager that it ran out."""

    REMINDER = "reminder"
    ESCALATION = "escalation"


class TrialAnswer(StrEnum):
    """What became of a lead that was drawn to be called."""

    TAKEN = "taken"
    PASSED = "passed"
    ENDED = "ended"


class NotCounted(StrEnum):
    """Why an event gives no points and ends no silence: no person did it, or nobody said yet that it was the lead."""

    BOT = "bot"
    SCANNER = "scanner"
    PENDING = "pending"


class EventStatus(StrEnum):
    """The answer to one event sent in."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class ContributionKind(StrEnum):
    """Where a row of "why this score" comes from.

    `cap` takes away, or gives, what a rule or a group brought beyond its limits, `ceiling` what the score did;
    `floor` makes up for what fell below the lowest score.
    """

    EVENT = "event"
    STATE = "state"
    CAP = "cap"
    INACTIVITY = "inactivity"
    FLOOR = "floor"
    CEILING = "ceiling"


class EffectKind(StrEnum):
    """What made a score rise or fall.

    `began` and `ended` tell of conditions that hold, or hold no more, `fade` of age; the others are as in
    `ContributionKind`.
    """

    EVENT = "event"
    BEGAN = "began"
    ENDED = "ended"
    FADE = "fade"
    CAP = "cap"
    INACTIVITY = "inactivity"
    FLOOR = "floor"
    CEILING = "ceiling"


class FormField(StrEnum):
    """What a form on a website may ask."""

    EMAIL = "email"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    COMPANY = "company"
    JOB_TITLE = "job_title"
    PHONE = "phone"
    COUNTRY = "country"
    MESSAGE = "message"
    CONSENT = "consent"


class SubmissionState(StrEnum):
    """What became of what was sent in: held for its sender to confirm the address, a lead's, or a robot's."""

    WAITING = "waiting"
    DONE = "done"
    SPAM = "spam"


class AgreedTerm(StrEnum):
    """The words marketing and sales share, in the order a lead meets them."""

    LEAD = "lead"
    THRESHOLD = "threshold"
    HANDED_OVER = "handed_over"
    ANSWER_TIME = "answer_time"
    ACCEPTED = "accepted"
    QUALIFIED = "qualified"
    SENT_BACK = "sent_back"


class AgreeingSide(StrEnum):
    """Who agrees to what a word means."""

    MARKETING = "marketing"
    SALES = "sales"


class GoalMeasure(StrEnum):
    """The figures both teams may set a goal for, by their slugs."""

    MQL_TO_SQL = "mql-to-sql"
    SLA = "sla"
    LEAD_VELOCITY = "lead-velocity"


class ChallengeMetric(StrEnum):
    """By what champion and challenger are compared, fixed before the first lead (B29)."""

    QUALIFIED_OF_ASSIGNED = "qualified_of_assigned"
    QUALIFIED_OF_HANDED_OVER = "qualified_of_handed_over"


class ChallengeEnd(StrEnum):
    """Which of the two rules is in force from then on."""

    KEPT = "kept"
    REPLACED = "replaced"


class Verdict(StrEnum):
    """What a comparison says: nothing below the smallest sample, nor while the interval holds no difference (B29)."""

    TOO_FEW = "too_few"
    NOT_DECIDED = "not_decided"
    CHAMPION = "champion"
    CHALLENGER = "challenger"
