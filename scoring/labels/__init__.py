"""The words for scoring's codes, and the sentences for its refusals (D-6, D-29, DESIGN.md 8)."""

from django.utils.translation import gettext_lazy as _

from crm.labels import refusal_sentence
from crm.lib.labels import extend, register
from crm.lib.values import Refusal
from scoring.enums import CrossingState, EventStatus, HandoffAnswer, LeadStatus, ModelState, ScorePart, WaitingReason
from scoring.labels import agreements, challenges, handoffs, simulations  # noqa: F401  # registers its words
from scoring.labels.events import EVENT_REFUSALS
from scoring.labels.refusals import LEAD_REFUSALS
from scoring.labels.rules import RULE_REFUSALS

LEAD_STATUSES = register(
    "lead_status",
    {
        LeadStatus.NEW: _("New"),
        LeadStatus.NURTURING: _("Nurturing"),
        LeadStatus.MQL: _("Handed over"),
        LeadStatus.ACCEPTED: _("Accepted"),
        LeadStatus.SQL: _("Qualified"),
        LeadStatus.CONVERTED: _("Became a deal"),
        LeadStatus.DISQUALIFIED: _("Disqualified"),
        LeadStatus.RECYCLED: _("Sent back, may come again"),
    },
)
LEAD_STATUS_TONES = register(
    "lead_status_tone",
    dict.fromkeys(LeadStatus, "")
    | {LeadStatus.MQL: "accent", LeadStatus.ACCEPTED: "ok", LeadStatus.SQL: "ok", LeadStatus.CONVERTED: "ok"},
)
MODEL_STATES = register(
    "model_state",
    {
        ModelState.DRAFT: _("Draft"),
        ModelState.CHALLENGER: _("Challenger"),
        ModelState.PUBLISHED: _("Published"),
        ModelState.RETIRED: _("Retired"),
    },
)
MODEL_TONES = register(
    "model_state_tone",
    {ModelState.DRAFT: "accent", ModelState.CHALLENGER: "warn", ModelState.PUBLISHED: "ok", ModelState.RETIRED: ""},
)
SCORE_PARTS = register(
    "score_part",
    {
        ScorePart.FIT: _("Who they are"),
        ScorePart.BEHAVIOUR: _("What they did"),
        ScorePart.ENGAGEMENT: _("How they respond"),
    },
)
CROSSING_STATES = register(
    "crossing_state",
    {
        CrossingState.HANDED_OVER: _("Handed over"),
        CrossingState.ATTACHED: _("Added to the open handoff"),
        CrossingState.WAITING: _("Waiting for release"),
        CrossingState.RELEASED: _("Released and handed over"),
    },
)
WAITING_REASONS = register(
    "waiting_reason",
    {
        WaitingReason.LATE: _("Found late"),
        WaitingReason.IMPORTED: _("Imported"),
        WaitingReason.PUBLISHED: _("New rules"),
    },
)
HANDOFF_ANSWERS = register(
    "handoff_answer", {HandoffAnswer.ACCEPTED: _("Accepted"), HandoffAnswer.REJECTED: _("Sent back")}
)
EVENT_STATUSES = register(
    "event_status",
    {
        EventStatus.ACCEPTED: _("Accepted"),
        EventStatus.DUPLICATE: _("Known already"),
        EventStatus.REJECTED: _("Rejected"),
    },
)
FIELD_NAMES = register(
    "field.scoring.lead",
    {
        "company": _("Company"),
        "channel": _("Channel"),
        "campaign": _("Campaign"),
        "source": _("Source"),
        "employee_count": _("People"),
        "account": _("Account"),
        "status": _("Status"),
    },
)
REFUSALS = LEAD_REFUSALS | RULE_REFUSALS | EVENT_REFUSALS
extend("refusal", REFUSALS)


def sentence(refusal: Refusal) -> str:
    """Return the sentence for a refusal: what happened and what to do."""
    words = REFUSALS.get(refusal.code)
    return str(words) % dict(refusal.params) if words else refusal_sentence(refusal)
