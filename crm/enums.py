"""Closed lists (decisions.md). Their labels live in labels.py."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the company; the last five are contributors, who see what is addressed to them."""

    REP = "rep"
    MANAGER = "manager"
    MARKETING = "marketing"
    ADMIN = "admin"
    CONTRIBUTOR = "contributor"
    OPERATIONS = "operations"
    PRODUCT = "product"
    DELIVERY = "delivery"
    FINANCE = "finance"


SALES_ROLES = frozenset({Role.REP, Role.MANAGER, Role.ADMIN})


class AccountKind(StrEnum):
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    FORMER_CUSTOMER = "former_customer"
    PARTNER = "partner"


class Seniority(StrEnum):
    """Level of a contact, from the job title unless somebody set it."""

    OWNER = "owner"
    C_LEVEL = "c_level"
    VP = "vp"
    DIRECTOR = "director"
    MANAGER = "manager"
    INDIVIDUAL = "individual"
    UNKNOWN = "unknown"


class InsightKind(StrEnum):
    """What is worth knowing of a company before talking to it (TR-038)."""

    AIM = "aim"
    GOAL = "goal"
    EVENT = "event"
    CHANGE = "change"


class Burner(StrEnum):
    """How much a goal matters to the customer now (TR-045)."""

    FRONT = "front"
    BACK = "back"
    FREEZER = "freezer"


class ActivityKind(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    NOTE = "note"
    TASK = "task"
    DEMO = "demo"


class ActivityOutcome(StrEnum):
    NO_ANSWER = "no_answer"
    CONVERSATION = "conversation"
    APPOINTMENT_SET = "appointment_set"
    HELD = "held"
    NO_SHOW = "no_show"
    MOVED = "moved"
    SENT = "sent"
    REPLIED = "replied"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class ActivityChannel(StrEnum):
    """By what we reached each other (FI-009); an API client or an import may write others."""

    PHONE = "phone"
    EMAIL = "email"
    LINKEDIN = "linkedin"
    VIDEO = "video"
    IN_PERSON = "in_person"
    OTHER = "other"


class Obstacle(StrEnum):
    """What stood in the way of a conversation or an appointment (FI-007); an API client may write others."""

    NOT_REACHED = "not_reached"
    GATEKEEPER = "gatekeeper"
    WRONG_PERSON = "wrong_person"
    NO_TIME = "no_time"
    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    HAS_SUPPLIER = "has_supplier"
    SEND_INFORMATION = "send_information"


class Channel(StrEnum):
    """Whether interest came to us or we went out for it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Approach(StrEnum):
    TOP_DOWN = "top_down"
    BOTTOM_UP = "bottom_up"
    INBOUND = "inbound"


class ContentType(StrEnum):
    """What a source or campaign is made of (D-41)."""

    SEO = "seo"
    ARTICLE = "article"
    WEBINAR = "webinar"
    EBOOK = "ebook"
    WHITE_PAPER = "white_paper"
    CASE_STUDY = "case_study"
    TUTORIAL = "tutorial"
    CONFERENCE = "conference"
    PARTNER = "partner"
    REFERRAL = "referral"
    WEB_SEARCH = "web_search"
    TARGETED_EMAIL = "targeted_email"
    COLD_CALL = "cold_call"
    LINKEDIN = "linkedin"
    OTHER = "other"


class LawfulBasis(StrEnum):
    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTEREST = "legitimate_interest"
    NONE = "none"


class ReasonKind(StrEnum):
    LOST = "lost"
    NO_DECISION = "no_decision"
    DECLINED = "declined"
    WON = "won"
    LEAD_REJECTED = "lead_rejected"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    QUARANTINED = "quarantined"


class RateKind(StrEnum):
    """Plan rates value the open pipeline and targets, booking rates what was won (B0)."""

    PLAN = "plan"
    BOOKING = "booking"


class TokenScope(StrEnum):
    READ = "read"
    WRITE = "write"
    EVENTS_WRITE = "events:write"
    REPORTS_READ = "reports:read"
    ADMIN = "admin"


class MeetingEvent(StrEnum):
    """What can happen to one meeting; a reschedule is `moved` and counts once."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Via(StrEnum):
    PAGE = "page"
    API = "api"
    IMPORT = "import"
    JOB = "job"
    COMMAND = "command"


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"
