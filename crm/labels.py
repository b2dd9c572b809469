"""The words for this app's codes, and the sentences for its refusals (D-6, DESIGN.md 8)."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.enums import (
    AccountKind,
    ActivityChannel,
    ActivityKind,
    ActivityOutcome,
    Channel,
    Direction,
    LawfulBasis,
    MeetingEvent,
    Obstacle,
    Role,
    Seniority,
    Theme,
    TokenScope,
    Via,
)
from crm.lib.labels import label, register
from crm.lib.values import Refusal

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
FIELDS = register(
    "field",
    {
        "name": _("Name"),
        "domain": _("Domain"),
        "registration_number": _("Registration number"),
        "industry": _("Industry"),
        "employee_count": _("People"),
        "annual_revenue": _("Annual revenue"),
        "country": _("Country"),
        "city": _("City"),
        "growth_stage": _("Growth stage"),
        "technologies": _("Technologies"),
        "parent": _("Parent account"),
        "kind": _("Kind"),
        "owner": _("Owner"),
        "source": _("Source"),
        "customer_since": _("Customer since"),
        "churned_on": _("Left on"),
        "account": _("Account"),
        "contact": _("Contact"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "job_title": _("Job title"),
        "seniority": _("Seniority"),
        "seniority_is_set": _("Seniority set by hand"),
        "department": _("Department"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "language": _("Language"),
        "locale": _("Language"),
        "consent": _("Consent"),
        "lawful_basis": _("Lawful basis"),
        "consented_at": _("Consent given"),
        "time_zone": _("Time zone"),
        "theme": _("Theme"),
        "uses_shortcuts": _("Shortcuts"),
        "is_active": _("May sign in"),
        "deactivated_at": _("Left"),
        "role": _("Role"),
        "team": _("Team"),
        "user": _("Person"),
        "granted_at": _("Granted"),
        "revoked_at": _("Revoked"),
        "granted_by": _("Granted by"),
        "revoked_by": _("Revoked by"),
        "from_on": _("From"),
        "until_on": _("Until"),
        "created_at": _("Since"),
        "archived_at": _("Archived"),
        "external_id": _("External id"),
        "merged_into": _("Merged into"),
        "subject": _("Subject"),
        "note": _("Note"),
        "occurred_at": _("When"),
        "due_at": _("Due"),
        "done_at": _("Done"),
        "outcome": _("Outcome"),
        "direction": _("Direction"),
        "by_customer": _("By the customer"),
        "is_customer_action": _("Customer action"),
        "currency": _("Currency"),
        "fiscal_year_start_month": _("Fiscal year starts in"),
        "working_days": _("Working days"),
        "evidence_qualifies": _("Qualified by evidence"),
        "zone": _("Time zone"),
        "valid_from": _("From"),
        "scopes": _("Scopes"),
        "amount": _("Amount"),
    },
)
MODELS = register(
    "model",
    {
        "crm.Account": _("Account"),
        "crm.Activity": _("Activity"),
        "crm.ApiToken": _("API token"),
        "crm.Campaign": _("Campaign"),
        "crm.Contact": _("Contact"),
        "crm.CustomerPeriod": _("Customer period"),
        "crm.ExchangeRate": _("Exchange rate"),
        "crm.FeatureSwitch": _("Module"),
        "crm.Organisation": _("Organisation"),
        "crm.OrganisationTimeZone": _("Time zone"),
        "crm.Reason": _("Reason"),
        "crm.RoleGrant": _("Role"),
        "crm.Source": _("Source"),
        "crm.Team": _("Team"),
        "crm.TeamMembership": _("Team membership"),
        "crm.User": _("Person"),
    },
)
REFUSALS: dict[str, Any] = {
    "required": _("This is needed."),
    "too_long": _("Use %(limit)s characters at most."),
    "out_of_range": _("This number is out of range."),
    "unknown_value": _("“%(value)s” is not one of the choices."),
    "choose_offered": _("Choose one of the entries offered."),
    "not_editable": _("This cannot be changed here."),
    "taken": _("Another record has this already."),
    "idempotency_key_reused": _("This Idempotency-Key stands for another request. Use a new key."),
    "merged": _("This record was merged into another one, which now holds everything."),
    "erased": _("This person was erased on request."),
    "nameless": _("Give a name, a job title or an e-mail, so that others can tell who this is."),
    "owner_cannot_hold": _("This person cannot own records. Choose somebody active in sales or marketing."),
    "parent_is_below": _("This one already stands below it."),
    "churned_never_customer": _("Say first since when they were a customer."),
    "churned_before_customer": _("They cannot have left before they came."),
    "unknown_currency": _("“%(value)s” is no currency. Write a code such as EUR."),
    "amount_too_large": _("This amount is too large."),
    "amount_negative": _("An amount cannot be below zero here."),
    "too_many_decimals": _("%(currency)s has %(decimals)s decimals at most."),
    "unreadable": _("This is no amount. Write it like 48000 or 48k."),
    "ambiguous": _("This could mean two amounts. Write it without separators, like 48000."),
    "outcome_of_other_kind": _("That outcome does not belong to this kind of activity."),
    "outcome_before_done": _("Only what is done has an outcome."),
    "outcome_needed": _("Say how it went: held or no show."),
    "done_in_future": _("This lies ahead, so it cannot be done yet."),
    "done_already": _("This was completed already."),
    "stale_record": _("Somebody changed this since you opened it."),
    "administrators_only": _("Only an administrator can do this."),
    "administrator_exists": _("There is an administrator already, who can invite you."),
    "last_administrator": _("This is the last administrator. Make somebody else one first."),
    "not_yourself": _("Ask another administrator to do this for you."),
    "person_left": _("This person left. Let them sign in again first."),
    "manager_needs_team": _("Choose the team this person manages."),
    "role_has_no_team": _("Only a manager's role names a team."),
    "team_has_manager": _("This team has a manager. Take the role from them first."),
    "team_in_use": _("People or teams still belong to it. Move them first."),
    "team_gone": _("This team is archived. Choose another one."),
    "archived": _("This was taken back. Log it anew."),
    "membership_starts_later": _("They join a team on %(on)s; choose that day or a later one."),
    "may_not_have_token": _("Tokens are for people who work with the company's records."),
    "scope_above_rights": _("A token cannot do more than you can."),
    "expired_already": _("Choose a day that lies ahead."),
    "password_too_short": _("Use 10 characters or more."),
    "password_too_common": _("This password is used too often elsewhere."),
    "password_too_similar": _("This password resembles the name or e-mail."),
}
NOT_UNDERSTOOD: dict[str, Any] = {
    "domain": _("“%(value)s” is no domain. Write it like example.com."),
    "email": _("“%(value)s” is no e-mail address."),
    "phone": _("“%(value)s” is no phone number there. Write it with its country, like +370 612 34567."),
    "country": _("“%(value)s” is no country. Write its two letters, like LT."),
}


def refusal_sentence(refusal: Refusal) -> str:
    """Return the sentence for a refusal: what happened and what to do."""
    params = dict(refusal.params)
    if refusal.code == "not_understood":
        pattern = NOT_UNDERSTOOD.get(params.get("field", ""), _("“%(value)s” was not understood."))
    else:
        # The apps above put the words for their own refusals beside these.
        shared = label("refusal", refusal.code)
        only_look = refusal.code.startswith("may_not_")
        general = _("You may look at this, but not change it.") if only_look else _("This was refused (%(code)s).")
        pattern = REFUSALS.get(refusal.code, shared if shared != refusal.code else general)
    return str(pattern) % {"code": refusal.code, **params}


def field_label(name: str, *, model: str = "") -> str:
    """Return the word for a field, by the app's own words where it has some: kind `field.<model label>`."""
    own = label(f"field.{model}", name)
    known = own if own != name else label("field", name)
    return known if known != name else gettext(name.replace("_", " ").capitalize())


def model_label(name: str) -> str:
    """Return the word for a model label such as `crm.Account`; one nobody named is shown by its own name."""
    known = label("model", name)
    return known if known != name else gettext(str(apps.get_model(name)._meta.verbose_name).capitalize())


def choices(words: Any, *, empty: Any = None) -> list[tuple[str, Any]]:
    """Return the words of a kind as choices of a form field, with an empty one in front where it has a name."""
    return ([("", empty)] if empty is not None else []) + [(str(code), word) for code, word in words.items()]
