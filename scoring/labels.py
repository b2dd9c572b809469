"""The words for scoring's codes, and the sentences for its refusals (D-6, D-29, DESIGN.md 8)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.labels import refusal_sentence
from crm.lib.labels import extend, register
from crm.lib.values import Refusal
from scoring.enums import CrossingState, EventStatus, HandoffAnswer, LeadStatus, ModelState, ScorePart, WaitingReason

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
    {ModelState.DRAFT: _("Draft"), ModelState.PUBLISHED: _("Published"), ModelState.RETIRED: _("Retired")},
)
MODEL_TONES = register(
    "model_state_tone", {ModelState.DRAFT: "accent", ModelState.PUBLISHED: "ok", ModelState.RETIRED: ""}
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
REFUSALS: dict[str, Any] = {
    "missing_key": _("Give the event a key of its own, so that sending it twice counts once."),
    "key_too_long": _("The key is too long. Use %(longest)s characters at most."),
    "bad_character": _("There is a character in it that cannot be stored."),
    "unknown_type": _("There is no event type “%(type)s” here."),
    "missing_time": _("Say when it happened."),
    "in_future": _("This lies in the future. Check the clock or the time zone of what sent it."),
    "too_long_ago": _("This lies too far in the past. Check the date."),
    "bad_properties": _("The properties must be a JSON object."),
    "properties_too_long": _("The properties are too long. Use %(longest)s characters at most."),
    "missing_lead": _("Say whose event it is: an e-mail, an id, an external id or a visitor."),
    "unknown_lead": _("There is no such lead."),
    "no_open_handoff": _("Nothing waits for an answer here. Somebody may have answered already."),
    "choose_leads": _("Choose at least one lead."),
    "may_not_give": _("Marketing, or who manages its owner, says who answers a lead, within their own reach."),
    "given_already": _("%(owner)s has this lead already."),
    "cannot_answer": _("This person cannot answer a lead. Choose somebody active in sales."),
    "may_not_decide": _("This lead is in somebody else’s hands. They or their manager decide."),
    "may_not_release": _("Marketing releases what waits. Ask them."),
    "may_not_record_events": _("Events are sent by sales and marketing."),
    "may_not_edit_rules": _("You can read the rules but not change them. Ask marketing."),
    "finished": _("%(lead)s is qualified, converted or disqualified by now. Leave it out."),
    "disqualified": _("This lead was disqualified. Bring it back first."),
    "not_a_code": _("Use small letters, digits and _, beginning with a letter: demo_video_watched."),
    "used_by_rule": _("The rule “%(rule)s” gives points for it. Change the rule first."),
    "no_draft": _("There is no draft to publish."),
    "nothing_changed": _("The draft says the same as the published rules."),
    "reason_needed": _("Say why the rules change. Others will read it later."),
    "points_out_of_range": _("Use between %(lowest)s and %(highest)s points."),
    "threshold_out_of_range": _("Hand over at a score between 1 and %(highest)s."),
    "margin_out_of_range": _("Use a margin below the threshold."),
    "days_out_of_range": _("Use between 1 and %(highest)s days."),
    "cap_out_of_range": _("Use between 0 and %(highest)s times; 0 counts every time."),
}
extend("refusal", REFUSALS)


def sentence(refusal: Refusal) -> str:
    """Return the sentence for a refusal: what happened and what to do."""
    words = REFUSALS.get(refusal.code)
    return str(words) % dict(refusal.params) if words else refusal_sentence(refusal)
