"""The words for what is promised, what needs whose approval, and why not (P-14)."""

from decimal import Decimal

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.lib import formats
from crm.lib.labels import extend, label, register
from pipeline.enums import ApprovalState, PolicyArea, PromiseState
from pipeline.facts import PolicyFacts

AREAS = register(
    "policy_area",
    {
        PolicyArea.DISCOUNT: _("Discount"),
        PolicyArea.CUSTOM_WORK: _("Custom work"),
        PolicyArea.DELIVERY_DATE: _("Earlier delivery"),
        PolicyArea.ROADMAP: _("Roadmap promise"),
        PolicyArea.PAYMENT_TERMS: _("Payment terms"),
    },
)
register("refusal_area", AREAS)  # in the sentences for refusals
APPROVAL_STATES = register(
    "approval_state",
    {
        ApprovalState.OPEN: _("Waits for an answer"),
        ApprovalState.APPROVED: _("Approved"),
        ApprovalState.REFUSED: _("Refused"),
        ApprovalState.WITHDRAWN: _("Withdrawn"),
    },
)
PROMISE_STATES = register(
    "promise_state",
    {
        PromiseState.OPEN: _("Open"),
        PromiseState.KEPT: _("Kept"),
        PromiseState.BROKEN: _("Broken"),
        PromiseState.DROPPED: _("No longer wanted"),
    },
)
REFUSALS = {
    "promise_free": _("You may promise this without asking anybody."),
    "promise_not_sold": _("We do not sell this. Nobody can approve it: ask for less."),
    "promise_needs_approval": _("This needs an approval first. Ask for one, then come back."),
    "promise_ended": _("This promise has ended already."),
    "promise_ended_when": _("Choose a day from when it was promised until today."),
    "approval_waits_already": _("Somebody is asked about this already. Withdraw that first, or wait."),
    "approval_refused_before": _("%(limit)s was refused. Ask for less, or withdraw that first."),
    "approval_own": _("Nobody answers their own question."),
    "approval_of_another": _("This was addressed to somebody else."),
    "approval_decided": _("This was answered already."),
    "say_why_refused": _("Say why not, and what would be possible."),
    "cannot_answer": _("Choose somebody who can answer this."),
    "has_it_already": _("They are asked already."),
    "nobody_approves": _("Nobody can answer this. Ask an administrator to name somebody in the policy."),
    "line_has_discount": _("A line of the deal still has %(percent)s%% discount. Lower it first."),
    "handover_of_another": _("This was handed over to somebody else."),
    "handover_deal_went_on": _("The deal went on, so nothing is handed over."),
    "checked_when": _("Choose a day from the handover until today."),
    "say_what_differs": _("Say what was not delivered as sold."),
    "approval_below_free": _("What needs an approval begins where free ends."),
}
BARS = {
    "approval_open": _("%(area)s: %(approver)s has not answered yet. Until then it stays below 90%%."),
    "approval_refused": _("%(area)s was refused. Withdraw it, or ask for less; no reason stands in for it."),
}
extend("refusal", {**REFUSALS, **BARS})


def promised(area: str, value: Decimal) -> str:
    """Return a value in the unit of its area: 15%, 40 hours, 10 days sooner."""
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    number = formats.number(value, digits)
    if area == PolicyArea.DISCOUNT:
        return formats.percent(value / 100, digits)
    if area == PolicyArea.CUSTOM_WORK:
        return ngettext("%(n)s hour", "%(n)s hours", int(value)) % {"n": number}
    if area == PolicyArea.DELIVERY_DATE:
        return ngettext("%(n)s day sooner", "%(n)s days sooner", int(value)) % {"n": number}
    if area == PolicyArea.ROADMAP:
        return ngettext("%(n)s month ahead", "%(n)s months ahead", int(value)) % {"n": number}
    return ngettext("%(n)s day", "%(n)s days", int(value)) % {"n": number}


def policy_sentence(policy: PolicyFacts | None) -> str:
    """Return what stands beside the field: up to where freely, up to where with whom, and that more is not sold."""
    if policy is None or policy.free_to is None:
        return gettext("You may promise any of this freely.")
    whom = policy.approver or label("role", policy.role).lower()
    free, most = promised(policy.area, policy.free_to), policy.approval_to
    if most is None:
        if not policy.free_to:
            return gettext("Any of this needs an approval from %(whom)s.") % {"whom": whom}
        return gettext("Up to %(free)s freely, more with %(whom)s.") % {"free": free, "whom": whom}
    said = {"free": free, "whom": whom, "most": promised(policy.area, most)}
    if most <= policy.free_to:
        return gettext("Up to %(free)s freely, more is not sold.") % said
    if not policy.free_to:
        return gettext("Up to %(most)s with %(whom)s, more is not sold.") % said
    return gettext("Up to %(free)s freely, up to %(most)s with %(whom)s, more is not sold.") % said
