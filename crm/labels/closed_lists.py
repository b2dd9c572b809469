"""The words for this app's closed lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.enums import (
    AccountKind,
    ActivityChannel,
    ActivityKind,
    ActivityOutcome,
    Burner,
    Channel,
    ContentType,
    Direction,
    InsightKind,
    LawfulBasis,
    MeetingEvent,
    Obstacle,
    Role,
    Seniority,
    Theme,
    TokenScope,
    Via,
)
from crm.lib.labels import register

ROLES = register(
    "role",
    {
        Role.REP: _("Rep"),
        Role.MANAGER: _("Manager"),
        Role.MARKETING: _("Marketing"),
        Role.ADMIN: _("Administrator"),
        Role.CONTRIBUTOR: _("Contributor"),
        Role.OPERATIONS: _("Operations"),
        Role.PRODUCT: _("Product"),
        Role.DELIVERY: _("Delivery"),
        Role.FINANCE: _("Finance"),
    },
)
ACCOUNT_KINDS = register(
    "account_kind",
    {
        AccountKind.PROSPECT: _("Prospect"),
        AccountKind.CUSTOMER: _("Customer"),
        AccountKind.FORMER_CUSTOMER: _("Former customer"),
        AccountKind.PARTNER: _("Partner"),
    },
)
SENIORITIES = register(
    "seniority",
    {
        Seniority.OWNER: _("Owner"),
        Seniority.C_LEVEL: _("Top management"),
        Seniority.VP: _("Vice president"),
        Seniority.DIRECTOR: _("Director"),
        Seniority.MANAGER: _("Manager"),
        Seniority.INDIVIDUAL: _("Individual contributor"),
        Seniority.UNKNOWN: _("Unknown"),
    },
)
INSIGHT_KINDS = register(
    "insight_kind",
    {
        InsightKind.AIM: _("Strategic aim"),
        InsightKind.GOAL: _("Goal"),
        InsightKind.EVENT: _("Recent event"),
        InsightKind.CHANGE: _("Coming change"),
    },
)
INSIGHT_LISTS = register(
    "insight_list",
    {
        InsightKind.AIM: _("Strategic aims"),
        InsightKind.GOAL: _("Goals"),
        InsightKind.EVENT: _("Recent events"),
        InsightKind.CHANGE: _("Coming changes"),
    },
)
BURNERS = register(
    "burner",
    {
        Burner.FRONT: _("Front burner"),
        Burner.BACK: _("Back burner"),
        Burner.FREEZER: _("Freezer"),
    },
)
ACTIVITY_KINDS = register(
    "activity_kind",
    {
        ActivityKind.CALL: _("Call"),
        ActivityKind.EMAIL: _("E-mail"),
        ActivityKind.MEETING: _("Meeting"),
        ActivityKind.DEMO: _("Demo"),
        ActivityKind.NOTE: _("Note"),
        ActivityKind.TASK: _("Task"),
    },
)
ACTIVITY_OUTCOMES = register(
    "activity_outcome",
    {
        ActivityOutcome.NO_ANSWER: _("No answer"),
        ActivityOutcome.CONVERSATION: _("We talked"),
        ActivityOutcome.APPOINTMENT_SET: _("Appointment set"),
        ActivityOutcome.HELD: _("Held"),
        ActivityOutcome.NO_SHOW: _("No show"),
        ActivityOutcome.MOVED: _("Moved"),
        ActivityOutcome.SENT: pgettext_lazy("e-mail", "Sent"),
        ActivityOutcome.REPLIED: _("Replied"),
    },
)
ACTIVITY_ICONS = register(
    "activity_icon",
    {
        ActivityKind.CALL: "phone",
        ActivityKind.EMAIL: "mail",
        ActivityKind.MEETING: "users",
        ActivityKind.DEMO: "presentation",
        ActivityKind.NOTE: "file-text",
        ActivityKind.TASK: "circle-check",
    },
)
DIRECTIONS = register("direction", {Direction.INBOUND: _("From the customer"), Direction.OUTBOUND: _("From us")})
CHANNELS = register("channel", {Channel.INBOUND: _("Inbound"), Channel.OUTBOUND: _("Outbound")})
CONTENT_TYPES = register(
    "content_type",
    {
        ContentType.SEO: _("Search engine optimisation"),
        ContentType.ARTICLE: _("Article"),
        ContentType.WEBINAR: _("Webinar"),
        ContentType.EBOOK: _("E-book"),
        ContentType.WHITE_PAPER: _("White paper"),
        ContentType.CASE_STUDY: _("Case study"),
        ContentType.TUTORIAL: _("Training video or tutorial"),
        ContentType.CONFERENCE: _("Conference or exhibition"),
        ContentType.PARTNER: _("Partner programme"),
        ContentType.REFERRAL: _("Referral"),
        ContentType.WEB_SEARCH: _("Found on the web"),
        ContentType.TARGETED_EMAIL: _("Targeted e-mail"),
        ContentType.COLD_CALL: _("Cold call"),
        ContentType.LINKEDIN: _("LinkedIn"),
        ContentType.OTHER: _("Other"),
    },
)
ACTIVITY_CHANNELS = register(
    "activity_channel",
    {
        ActivityChannel.PHONE: _("Phone"),
        ActivityChannel.EMAIL: _("E-mail"),
        ActivityChannel.LINKEDIN: _("LinkedIn"),
        ActivityChannel.VIDEO: _("Video"),
        ActivityChannel.IN_PERSON: _("In person"),
        ActivityChannel.OTHER: _("Another way"),
    },
)
OBSTACLES = register(
    "obstacle",
    {
        Obstacle.NOT_REACHED: _("Could not be reached"),
        Obstacle.GATEKEEPER: _("Not put through"),
        Obstacle.WRONG_PERSON: _("Somebody else decides"),
        Obstacle.NO_TIME: _("No time now"),
        Obstacle.NO_NEED: _("Sees no need"),
        Obstacle.NO_BUDGET: _("No money for it"),
        Obstacle.HAS_SUPPLIER: _("Has a supplier"),
        Obstacle.SEND_INFORMATION: _("Wants something to read first"),
    },
)
MEETING_EVENTS = register(
    "meeting_event",
    {
        MeetingEvent.SCHEDULED: _("Scheduled"),
        MeetingEvent.MOVED: _("Moved"),
        MeetingEvent.HELD: _("Held"),
        MeetingEvent.NO_SHOW: _("No show"),
        MeetingEvent.CANCELLED: _("Cancelled"),
    },
)
LAWFUL_BASES = register(
    "lawful_basis",
    {
        LawfulBasis.CONSENT: _("Consent"),
        LawfulBasis.CONTRACT: _("Contract"),
        LawfulBasis.LEGITIMATE_INTEREST: _("Legitimate interest"),
        LawfulBasis.NONE: _("None recorded"),
    },
)
THEMES = register("theme", {Theme.SYSTEM: _("As the system"), Theme.LIGHT: _("Light"), Theme.DARK: _("Dark")})
TOKEN_SCOPES = register(
    "token_scope",
    {
        TokenScope.READ: _("Read records and reports"),
        TokenScope.WRITE: _("Change records"),
        TokenScope.EVENTS_WRITE: _("Send lead events"),
        TokenScope.REPORTS_READ: _("Read reports only"),
        TokenScope.ADMIN: _("Administer"),
    },
)
VIAS = register(
    "via",
    {
        Via.PAGE: _("page"),
        Via.API: _("API"),
        Via.IMPORT: _("import"),
        Via.JOB: _("job"),
        Via.COMMAND: _("command line"),
    },
)
AUDIT_ACTIONS = register("audit_action", {"insert": _("Added"), "update": _("Changed"), "delete": _("Removed")})
TIMELINE_KINDS = register(
    "timeline_kind",
    {
        "activity": _("Activity"),
        "email": _("E-mails"),
        "change": _("Changes"),
        "move": _("Moves"),
        "score": _("Score"),
    },
)
WEEKDAYS = register(
    "weekday",
    {
        1: _("Monday"),
        2: _("Tuesday"),
        3: _("Wednesday"),
        4: _("Thursday"),
        5: _("Friday"),
        6: _("Saturday"),
        7: _("Sunday"),
    },
)


def choices(words: Any, *, empty: Any = None) -> list[tuple[str, Any]]:
    """Return the words of a kind as choices of a form field, with an empty one in front where it has a name."""
    return ([("", empty)] if empty is not None else []) + [(str(code), word) for code, word in words.items()]
