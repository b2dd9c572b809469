"""The words for hours that deals share: who gives them, what became of a request, why not (EE-017, EE-053)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.lib import formats
from crm.lib.labels import extend, label, register
from pipeline.enums import Gate, RequestState, ResourceKind
from pipeline.models import OpportunityEvent

RESOURCE_KINDS = register(
    "resource_kind",
    {
        ResourceKind.SALES_ENGINEER: _("Sales engineer"),
        ResourceKind.EXECUTIVE: _("Executive"),
        ResourceKind.LEGAL: _("Legal"),
    },
)
REQUEST_STATES = register(
    "request_state",
    {
        RequestState.OPEN: _("Waits for an answer"),
        RequestState.ACCEPTED: _("Accepted"),
        RequestState.DECLINED: _("Declined"),
        RequestState.DONE: _("Done"),
        RequestState.WITHDRAWN: _("Withdrawn"),
    },
)
# Whether the economics of a deal must be known before its hours are asked for.
RESOURCE_GATES = register(
    "resource_gate",
    {
        "": _("Anybody may ask"),
        Gate.WARN: _("Without known economics, a reason is needed"),
        Gate.REQUIRE: _("Without known economics, only a manager may ask"),
    },
)
AGAINST = {
    "economics_unknown": _("Nobody can tell yet what this deal is worth: its costs or its chance are not known."),
    "not_worth_it": _("Going after this deal is expected to cost more than it brings."),
}
extend(
    "refusal",
    {
        **AGAINST,
        "economics_first": _("What the deal is worth must be known first. A manager may ask all the same."),
        "nobody_gives": _("Nobody gives these hours. Choose somebody who does."),
        "hours_needed_when": _("Choose a day from today to a year ahead."),
        "request_ended": _("This has ended already."),
        "request_not_accepted": _("Nobody accepted this yet."),
        "request_of_another": _("This was asked of somebody else."),
        "hours_of_another": _("These are somebody else’s hours."),
        "gives_something_else": _("This person gives other hours."),
        "needed_until_passed": _(
            "The day until which it was needed has passed. Decline it, so that it can be asked anew."
        ),
        "week_not_possible": _("Choose a week from this one to the day until which it is needed."),
        "hours_do_not_fit": _("Only %(free)s hours are free until then. Choose somebody else, or decline."),
        "hours_spent_when": _("Choose a day from when it was asked for until today."),
        "say_why_declined": _("Say why not, and what would be possible."),
        "resource_hours_taken": _("Hours of theirs are still set aside. Take those back first."),
        "not_a_monday": _("Choose a week by its Monday."),
    },
)


def hours_text(hours: Decimal) -> str:
    """Return a number of hours in words, without digits nobody needs: 8 hours, 7.5 hours."""
    plain = hours.normalize()
    digits = max(0, -int(plain.as_tuple().exponent))
    return ngettext("%(n)s hour", "%(n)s hours", 1 if plain == 1 else 2) % {"n": formats.number(hours, digits)}


def minutes_text(minutes: int) -> str:
    """Return minutes as hours in words."""
    return hours_text((Decimal(minutes) / 60).quantize(Decimal("0.01")))


def resource_words(event: OpportunityEvent, old: Any, new: Mapping[str, Any], names: Any) -> dict[str, str]:
    """Return what became of a request, for the history of its deal."""
    state, kind = label("request_state", new.get("state")), label("resource_kind", new.get("kind"))
    detail = event.detail
    asked = f"{kind}, {hours_text(Decimal(str(new.get('hours', 0))))}"
    if "spent" in detail:
        state = gettext("%(spent)s spent") % {"spent": hours_text(Decimal(detail["spent"]))}
    note = detail.get("answer") or detail.get("reason") or detail.get("purpose") or ""
    return {"label": gettext("Shared hours"), "new": state, "sentence": f"{asked}: {state}", "note": note}
