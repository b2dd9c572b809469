"""The words of the rules: what a rule can ask for and do, and the sentences for what is refused about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import register
from scoring.enums import Counting, DecayKind, InactivityMode, Operator

RULE_FIELD_NAMES = register(
    "scoring_field",
    {
        "lead.industry": _("Industry"),
        "lead.employee_count": _("Number of people"),
        "lead.country": _("Country"),
        "lead.seniority": _("Level"),
        "lead.job_title": _("Job title"),
        "lead.company": _("Company"),
        "lead.technologies": _("Technologies"),
        "lead.channel": _("Channel"),
        "lead.source": _("Source"),
        "lead.campaign": _("Campaign"),
        "lead.approach": _("Approach"),
        "lead.email_domain": _("Domain of the e-mail"),
        "account.industry": _("Account: industry"),
        "account.employee_count": _("Account: number of people"),
        "account.annual_revenue": _("Account: annual revenue, in its own currency"),
        "account.country": _("Account: country"),
        "account.city": _("Account: city"),
        "account.growth_stage": _("Account: growth stage"),
        "account.kind": _("Account: kind"),
        "account.technologies": _("Account: technologies"),
        "contact.seniority": _("Contact: level"),
        "contact.job_title": _("Contact: job title"),
        "contact.department": _("Contact: department"),
        "contact.persona": _("Contact: persona"),
        "contact.country": _("Contact: country"),
        "contact.language": _("Contact: language"),
    },
)
OPERATORS = register(
    "scoring_operator",
    {
        Operator.IS: _("is"),
        Operator.IS_NOT: _("is not"),
        Operator.IN: _("is one of"),
        Operator.NOT_IN: _("is none of"),
        Operator.CONTAINS: _("contains"),
        Operator.STARTS_WITH: _("starts with"),
        Operator.AT_LEAST: _("is at least"),
        Operator.AT_MOST: _("is at most"),
        Operator.KNOWN: _("is known"),
        Operator.UNKNOWN: _("is not known"),
    },
)
COUNTINGS = register(
    "scoring_counting",
    {
        Counting.EACH: _("Each time they do it"),
        Counting.FIRST: _("The first time only"),
        Counting.WHILE: _("As long as the conditions hold"),
    },
)
DECAYS = register(
    "scoring_decay",
    {
        DecayKind.NONE: _("They do not fade"),
        DecayKind.HALF_LIFE: _("Half is left after so many days, and half of that again"),
        DecayKind.LINEAR: _("So many percent go every 30 days"),
        DecayKind.STEP: _("In steps, by age"),
        DecayKind.WINDOW: _("All at once, after so many days"),
    },
)
INACTIVITY_MODES = register(
    "inactivity_mode",
    {
        InactivityMode.EACH: _("each full period"),
        InactivityMode.ONCE: _("once in a silence"),
    },
)
RULE_REFUSALS: dict[str, Any] = {
    "may_not_edit_rules": _("You can read the rules but not change them. Ask marketing."),
    "no_draft": _("There is no draft to publish. Somebody may have published or discarded it."),
    "nothing_changed": _("The draft says the same as the published rules."),
    "change_reason_needed": _("Say why the rules change. Others will read it later."),
    "points_out_of_range": _("Use between %(lowest)s and %(highest)s points."),
    "threshold_out_of_range": _("Hand over at a score between 1 and %(highest)s."),
    "margin_out_of_range": _("Use a margin below the threshold."),
    "days_out_of_range": _("Use between 1 and %(highest)s days."),
    "cap_out_of_range": _("Use between 0 and %(highest)s times; 0 counts every time."),
    "reserved_code": _("“%(given)s” is an address of these pages. Choose another code."),
    "part_name_needed": _("Give it a name that says what a lead does or is."),
    "name_too_long": _("Use %(longest)s characters at most."),
    "limit_out_of_range": _("Use between −%(highest)s and %(highest)s points."),
    "least_above_most": _("The least cannot be more than the most."),
    "fit_never_fades": _("What somebody is does not fade. Choose that it does not."),
    "while_never_fades": _("What holds for a while does not fade: its points go when it no longer holds."),
    "percent_out_of_range": _("Use between 1 and 100 percent."),
    "bad_steps": _("Write steps by rising age, with less left each time: 30: 100, 90: 50. At most %(highest)s days."),
    "floor_out_of_range": _("Use a lowest score from %(lowest)s up to below the threshold."),
    "ceiling_out_of_range": _("Use a highest score from the threshold up to %(highest)s, or none."),
    "limits_needed": _("Grades need limits for both, who they are and what they do."),
    "limits_not_rising": _("Use three limits, each above the one before."),
    "too_many": _("That is too many. Use %(most)s at most."),
    "twice": _("There are two called “%(given)s”."),
    "unknown_group": _("There is no group “%(group)s”."),
    "other_part": _("The rule’s group stands under another heading."),
    "events_needed": _("Choose at least one thing a lead does."),
    "no_events_while": _("What holds for a while is not about single events. Ask for them in a condition."),
    "condition_needed": _("Ask for something, or every lead would get the points."),
    "fast_track_needs_event": _("Only something a lead does can take it straight to sales."),
    "unknown_field": _("There is no field “%(asked)s”."),
    "property_needs_event": _("A property belongs to an event. Give points each time or the first time."),
    "operator_does_not_fit": _("This field cannot be compared so."),
    "value_needed": _("Say what to compare with."),
    "no_value_here": _("Nothing is compared here. Leave the value empty."),
    "value_too_long": _("Use %(longest)s characters at most."),
    "number_needed": _("Use a number."),
    "times_out_of_range": _("Use between 0 and %(highest)s times; 0 asks that it did not happen."),
    "lately_out_of_range": _("Use between 0 and %(highest)s days; 0 looks at all that ever happened."),
    "only_a_property": _("Of what happened only a property of it can be asked for."),
    "draft_exists": _("There is a draft already. Publish or discard it first."),
    "unknown_version": _("There is no such version of the rules."),
    "not_a_draft": _("v%(number)s is no draft. What was in force is not changed; begin a draft."),
    "fades_twice": _(
        "%(name)s: points fade, and silence takes points too. Choose one of them, or say that both are meant."
    ),
    "matches_nobody": _("%(name)s: no lead can meet all its conditions."),
    "matches_everybody": _("%(name)s: every lead of whom nothing is known gets these points."),
    "out_of_reach": _("No lead can come to %(threshold)s: the rules give %(most)s points at most."),
    "gives_nothing": _("%(name)s: gives no points."),
    "counts_without_end": _("%(name)s: counts every time, without a limit."),
    "says_the_same": _("%(name)s: asks for the same as “%(other)s”."),
    "grade_without_fit": _("No rule says who a lead is, so that no lead can have the best grade."),
    "never_again": _("The lowest score is %(floor)s, so a lead never falls to %(rearm)s and is handed over once only."),
}
