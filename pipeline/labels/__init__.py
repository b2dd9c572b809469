"""The words for this app's codes, and the sentences for its refusals (D-6)."""

from django.utils.translation import gettext_lazy as _

from crm.enums import Approach
from crm.lib.labels import extend, register
from pipeline.enums import DealType, Fact, ForecastCategory, Gate, Outcome, StakeholderRole
from pipeline.events import EventKind

OUTCOMES = register(
    "outcome",
    {
        Outcome.WON: _("Won"),
        Outcome.LOST: _("Lost"),
        Outcome.NO_DECISION: _("No decision"),
        Outcome.DECLINED: _("Declined"),
    },
)
CLOSE_AS = register(
    "close_as",
    {
        Outcome.WON: _("Close as won"),
        Outcome.LOST: _("Close as lost"),
        Outcome.NO_DECISION: _("Close without decision"),
        Outcome.DECLINED: _("Decline"),
    },
)
DEAL_TYPES = register(
    "deal_type",
    {
        DealType.NEW_BUSINESS: _("New business"),
        DealType.WIN_BACK: _("Win-back"),
        DealType.RENEWAL: _("Renewal"),
        DealType.EXPANSION: _("Expansion"),
    },
)
CATEGORIES = register(
    "forecast_category",
    {
        ForecastCategory.COMMIT: _("Commit"),
        ForecastCategory.BEST_CASE: _("Best case"),
        ForecastCategory.PIPELINE: _("Pipeline"),
        ForecastCategory.OMITTED: _("Left out"),
    },
)
PIP_NAMES = register(
    "pip",
    {
        Fact.BUDGET_KNOWN: _("Budget"),
        Fact.NEED_KNOWN: _("Need"),
        Fact.COMPETITION_KNOWN: _("Competition"),
        Fact.DECISION_PROCESS_KNOWN: _("Decision process"),
        Fact.DECISION_MAKER_MET: _("Decision maker"),
    },
)
FACTS = register(
    "fact",
    {
        Fact.MEETING_DATED: _("Meeting dated"),
        Fact.DEAL_TYPE_KNOWN: _("Type known"),
        Fact.FIRST_MEETING_HELD: _("First meeting held"),
        Fact.NEXT_STEP_AGREED: _("Next step agreed"),
        Fact.INTEREST_CONFIRMED: _("Interest confirmed"),
        Fact.BUDGET_KNOWN: _("Budget"),
        Fact.NEED_KNOWN: _("Need"),
        Fact.COMPETITION_KNOWN: _("Competition"),
        Fact.DECISION_PROCESS_KNOWN: _("Decision process"),
        Fact.DECISION_MAKER_MET: _("Decision maker"),
        Fact.DECISION_DATE_KNOWN: _("Decision date"),
        Fact.VERBAL_AGREEMENT: _("Verbal agreement"),
        Fact.CLOSING_STEP_SET: _("Next step set"),
        Fact.PARTICIPANTS_KNOWN: _("Who is involved"),
        Fact.RESULTS_KNOWN: _("Result needed"),
        Fact.GO_LIVE_KNOWN: _("Go-live date"),
        Fact.QUALIFICATION_ASSESSED: _("Qualification assessed"),
        Fact.ECONOMICS_CHECKED: _("Economics checked"),
        Fact.AMOUNT_KNOWN: _("Amount"),
        Fact.CLOSE_DATE_KNOWN: _("Expected close"),
        Fact.AUTHORITY_KNOWN: _("Authority"),
        Fact.TIMING_KNOWN: _("Timing"),
        Fact.COMPELLING_EVENT_KNOWN: _("Compelling event"),
        Fact.PROBLEM_CONFIRMED: _("Problem confirmed"),
        Fact.CRITERIA_AGREED: _("Criteria agreed"),
        Fact.BUDGET_AND_TIMELINE_SET: _("Budget and timeline set"),
        Fact.CHAMPION_NAMED: _("Champion named"),
        Fact.ECONOMIC_BUYER_NAMED: _("Economic buyer named"),
    },
)
GATES = register(
    "gate",
    {
        Gate.WARN: _("Warn: whoever moves the deal gives a reason"),
        Gate.REQUIRE: _("Require: only a manager moves it, with a reason"),
    },
)
CRITERION_CHANGES = register(
    "criterion_change", {"added": _("Added"), "retired": _("Asked no more"), "changed": _("Worded anew")}
)
STAKEHOLDER_ROLES = register(
    "stakeholder_role",
    {
        StakeholderRole.ECONOMIC_BUYER: _("Economic buyer"),
        StakeholderRole.DECISION_MAKER: _("Decision maker"),
        StakeholderRole.CHAMPION: _("Champion"),
        StakeholderRole.TECHNICAL_EVALUATOR: _("Technical evaluator"),
        StakeholderRole.USER: _("User"),
        StakeholderRole.LEGAL: _("Legal or procurement"),
        StakeholderRole.BLOCKER: _("Blocker"),
    },
)
EVENTS = register("deal_event", {EventKind.ARCHIVED: _("Archived"), EventKind.MERGED: _("Merged into another deal")})
APPROACHES = register(
    "approach", {Approach.TOP_DOWN: _("Top-down"), Approach.BOTTOM_UP: _("Bottom-up"), Approach.INBOUND: _("Inbound")}
)
FIELD_NAMES = register(
    "deal_field",
    {
        "account_id": _("Account"),
        "name": _("Deal"),
        "first_meeting_at": _("First meeting"),
        "override": _("Reason for adding it without what is missing, 20 characters or more; the next review shows it"),
        "source_id": _("Source"),
        "campaign_id": _("Campaign"),
        "amount": _("Amount"),
        "expected_close_on": _("Expected close"),
        "decision_on": _("Decision date"),
        "required_results": _("Result they need"),
        "go_live_on": _("Goes live on"),
        "owner": _("Owner"),
        "owner_id": _("Owner"),
        "deal_type": _("Type"),
        "category": _("Category"),
        "approach": _("Approach"),
        "contact_id": _("Main contact"),
        "pipeline": _("Pipeline"),
        "pipeline_code": _("Pipeline"),
        "setpoint": _("Setpoint"),
        "stage_id": _("Phase"),
        "reason_code": _("Reason"),
        "competitor": _("Competitor"),
        "note": _("Note"),
        "revisit_on": _("Try again on"),
        "closed_on": _("Closed on"),
        "purpose": _("Next step"),
    },
)

# What a seller can act on. Parameters are those of the refusal.
REFUSALS = {
    "deal_archived": _("This deal is archived. Nothing was changed."),
    "deal_closed": _("This deal is closed. Reopen it first."),
    "other_pipeline": _("That setpoint belongs to another pipeline."),
    "setpoint_retired": _("%(setpoint)s is no longer in use. Choose another setpoint."),
    "pipeline_retired": _("%(name)s is not used any more. An administrator can put it to use again."),
    "already_there": _("The deal stands at %(setpoint)s already."),
    "criterion_unmet": _("Missing for %(setpoint)s: %(text)s."),
    "reason_needed": _("Say why it goes back to %(setpoint)s."),
    "reason_too_short": _("Write at least %(length)s characters, so that the reason says something in the review."),
    "manager_needed": _("These facts are required. Ask the owner’s manager, who can move the deal with a reason."),
    "may_not_edit_deal": _("You can read this deal but not change it. Ask its owner or their manager."),
    "may_not_create_deals": _("Deals are added by sales. Ask a rep or a manager."),
    "may_not_give_to": _("You can give a deal to your team or to people you manage."),
    "changed_since": _("Something changed on this deal since then, so it can’t be undone. Move it back instead."),
    "moved_by_another": _("Somebody else made this move. Move the deal back instead."),
    "undo_too_late": _("Undo works for %(minutes)s minutes. Move the deal back instead."),
    "not_a_move": _("There is no such move to undo."),
    "key_used": _("This was sent before with another setpoint. Reload the page and move the deal again."),
    "deal_not_closed": _("This deal is open already."),
    "next_cycle_exists": _("This deal was reopened before, as a new deal."),
    "unknown_reason": _("Choose a reason from the list."),
    "closed_in_future": _("A deal can’t be closed on a day that is still to come."),
    "closed_before_created": _("The deal did not exist yet on that day."),
    "closed_before_reopened": _("The deal went on after that day. Choose the day it was closed again."),
    "revisit_not_later": _("Choose a day after the deal was closed."),
    "name_needed": _("Give the deal a name."),
    "amount_negative": _("An amount can’t be below zero."),
    "owner_cannot_sell": _("Choose somebody who sells and is active."),
    "unknown_value": _("“%(value)s” is not one of the choices."),
    "unknown_pipeline": _("There is no pipeline “%(value)s”."),
    "unknown_setpoint": _("There is no setpoint “%(value)s” in this pipeline."),
    "not_revertible": _("This change can’t be taken back here."),
    "not_editable": _("%(field)s can’t be edited here."),
    "purpose_needed": _("Say what happens next."),
    "step_ended": _("This step is done or dropped already."),
    "not_attestable": _("This fact is read from the deal and can’t be attested."),
    "criterion_replaced": _("This criterion was replaced. Reload the page to see the new one."),
    "note_needed": _("Write what was said."),
    "person_needed": _("Choose the person who said it, or whom you met."),
    "said_in_future": _("Choose a day that is not still to come."),
    "unknown_contact": _("Choose a contact from the list."),
    "unknown_deal": _("There is no such deal, or you may not see it."),
    "attested_already": _("This fact is attested already."),
    "revoked_already": _("This was taken back already."),
    "may_not_change_pipelines": _("Pipelines are changed by administrators."),
    "text_needed": _("Write a few words."),
    "name_taken": _("There is a pipeline “%(name)s” already."),
    "pipeline_in_use": _("%(count)s open deals are in %(name)s. Close or archive them first; nothing was changed."),
    "last_pipeline": _("This is the last pipeline. Add another one first."),
    "setpoint_in_use": _("%(count)s open deals stand at %(setpoint)s. Move them first; nothing was changed."),
    "last_setpoint": _("This is the last setpoint of the pipeline. Add another one first."),
    "no_further_place": _("%(setpoint)s has no place further on."),
    "weight_out_of_order": _("Choose a weight above those of the setpoints below it and under those above it."),
    "key_fields_wrong": _("Choose %(count)s fields at most."),
    "asked_already": _("This pipeline asks for this already."),
    "criterion_retired": _("This criterion is asked no more."),
    "stale_record": _("Somebody changed this deal since you opened it."),
    "closing_needs_amount": _("Enter the final value."),
    "closing_needs_reason_code": _("Choose a reason."),
    "closing_needs_competitor": _("Say who won it."),
    "closing_needs_note": _("Write what happened."),
    "closing_needs_revisit_on": _("Choose a day to try again."),
}
extend("refusal", REFUSALS)
