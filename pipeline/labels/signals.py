"""The words for what is wrong with a deal: two or three for a badge, a sentence for the reason, and what to do (P-11)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from crm.lib.labels import extend, register
from pipeline.enums import Severity, SignalCode
from pipeline.policies.signals import Action, Unit

NAMES = register(
    "signal",
    {
        SignalCode.STUCK: gettext_lazy("Stuck"),
        SignalCode.NEVER_STARTED: gettext_lazy("Never started"),
        SignalCode.NO_NEXT_STEP: gettext_lazy("No next step"),
        SignalCode.STEP_OVERDUE: gettext_lazy("Step overdue"),
        SignalCode.QUIET: gettext_lazy("Quiet"),
        SignalCode.CLOSE_DATE_PASSED: gettext_lazy("Close date passed"),
        SignalCode.CLOSE_DATE_PUSHED: gettext_lazy("Close date moved"),
        SignalCode.NO_DECISION_MAKER: gettext_lazy("No decision maker"),
        SignalCode.AMOUNT_DROPPED: gettext_lazy("Amount dropped"),
        SignalCode.BUSY_NOT_MOVING: gettext_lazy("Busy, not moving"),
        SignalCode.SINGLE_CONTACT: gettext_lazy("Single contact"),
        SignalCode.CRITERIA_MISSING: gettext_lazy("Facts missing"),
        SignalCode.MARGIN_LOW: gettext_lazy("Margin low"),
    },
)
MEANINGS = register(
    "signal_meaning",
    {
        SignalCode.STUCK: gettext_lazy(
            "Stands longer than deals won of its size and type, or than its setpoint allows"
        ),
        SignalCode.NEVER_STARTED: gettext_lazy("Stands as long, and never moved since it was added"),
        SignalCode.NO_NEXT_STEP: gettext_lazy("Nothing ahead is agreed with the customer"),
        SignalCode.STEP_OVERDUE: gettext_lazy("The day of its next step has passed"),
        SignalCode.QUIET: gettext_lazy("No customer action, no move, no step kept, and no agreed day ahead"),
        SignalCode.CLOSE_DATE_PASSED: gettext_lazy("The expected close has passed"),
        SignalCode.CLOSE_DATE_PUSHED: gettext_lazy("The expected close was moved to a later day"),
        SignalCode.NO_DECISION_MAKER: gettext_lazy("Nobody is named who decides or pays, from this setpoint on"),
        SignalCode.AMOUNT_DROPPED: gettext_lazy("Worth less than in the last 30 days"),
        SignalCode.MARGIN_LOW: gettext_lazy("Leaves a smaller share than the lowest gross margin set under Economics"),
        SignalCode.BUSY_NOT_MOVING: gettext_lazy("So many activities in 30 days, and no progress"),
        SignalCode.SINGLE_CONTACT: gettext_lazy("From 25% on it hangs on so few people"),
        SignalCode.CRITERIA_MISSING: gettext_lazy("Claims a setpoint that its facts do not carry"),
    },
)
ICONS = {
    SignalCode.STUCK: "hourglass",
    SignalCode.NEVER_STARTED: "hourglass",
    SignalCode.NO_NEXT_STEP: "circle-plus",
    SignalCode.STEP_OVERDUE: "clock",
    SignalCode.QUIET: "moon",
    SignalCode.CLOSE_DATE_PASSED: "calendar-x",
    SignalCode.CLOSE_DATE_PUSHED: "calendar-x",
    SignalCode.NO_DECISION_MAKER: "user-x",
    SignalCode.AMOUNT_DROPPED: "trending-down",
    SignalCode.MARGIN_LOW: "percent",
    SignalCode.BUSY_NOT_MOVING: "refresh-cw",
    SignalCode.SINGLE_CONTACT: "user",
    SignalCode.CRITERIA_MISSING: "list-checks",
}
TONES = {Severity.NOTE: "", Severity.WARN: "warn", Severity.BAD: "bad"}
ACTIONS = register(
    "signal_action",
    {
        Action.PLAN_STEP: gettext_lazy("Plan next step"),
        Action.MOVE_STEP: gettext_lazy("Done, or another day"),
        Action.PLAN_RESTART: gettext_lazy("Plan a restart"),
        Action.MOVE_CLOSE_DATE: gettext_lazy("Change the close date"),
        Action.SHOW_CRITERIA: gettext_lazy("See what is missing"),
        Action.ADD_CONTACT: gettext_lazy("Add a contact"),
        Action.ASSESS: gettext_lazy("Say what is known"),
        Action.CHECK_AMOUNT: gettext_lazy("Check the amount"),
        Action.CHECK_MARGIN: gettext_lazy("See the margin"),
    },
)
# Signals whose badge is a share.
SHARES = {
    SignalCode.AMOUNT_DROPPED: gettext_lazy("Amount −%(share)s"),
    SignalCode.MARGIN_LOW: gettext_lazy("Margin %(share)s"),
}
UNITS = register(
    "signal_unit",
    {
        Unit.DAYS: gettext_lazy("days"),
        Unit.TIMES: gettext_lazy("times"),
        Unit.PERCENT: gettext_lazy("%"),
        Unit.PEOPLE: gettext_lazy("people"),
        Unit.ACTIVITIES: gettext_lazy("activities"),
    },
)


@dataclass(frozen=True, slots=True)
class SpokenSignal:
    """A signal in words; `days` is what its clock shows today."""

    code: str
    name: str
    badge: str
    text: str
    icon: str
    tone: str
    days: int


def days_shown(since: date | None, detail: Mapping[str, Any], today: date) -> int:
    """Return what the clock of a signal shows: days without those of pauses."""
    return (today - since).days - int(detail.get("paused", 0)) if since else 0


def badge_words(code: str, since: date | None, detail: Mapping[str, Any], today: date) -> str:
    """Return a signal in two or three words, for a card."""
    days = formats.days(days_shown(since, detail, today))
    if code == SignalCode.QUIET:
        return _("Quiet %(days)s") % {"days": days}
    if code == SignalCode.CLOSE_DATE_PUSHED:
        times = int(detail["times"])
        return (
            _("Moved twice") if times == 2 else ngettext("Moved %(n)s time", "Moved %(n)s times", times) % {"n": times}
        )
    if code == SignalCode.CLOSE_DATE_PASSED:
        return _("Close %(days)s ago") % {"days": days}
    if code in SHARES:
        return SHARES[SignalCode(code)] % {"share": f"{detail['percent']}%"}
    if code == SignalCode.NO_NEXT_STEP and detail.get("why") == "not_agreed":
        return _("Step not agreed")
    return str(NAMES.get(code, code))


def describe_signal(
    code: str, severity: int, since: date | None, detail: Mapping[str, Any], today: date, *, setpoint: str
) -> SpokenSignal:
    """Return a signal as a warning a person can act on; `setpoint` is where the deal stands."""
    days = days_shown(since, detail, today)
    teller = TELLERS.get(code)
    return SpokenSignal(
        code=code,
        name=str(NAMES.get(code, code)),
        badge=badge_words(code, since, detail, today),
        text=teller(days, since, detail, setpoint) if teller else str(NAMES.get(code, code)),
        icon=ICONS.get(SignalCode(code), "triangle-alert") if code in set(SignalCode) else "triangle-alert",
        tone=TONES.get(Severity(severity), ""),
        days=days,
    )


def _stuck(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    stands = ngettext("%(n)s day at %(setpoint)s.", "%(n)s days at %(setpoint)s.", days) % {
        "n": formats.number(days), "setpoint": setpoint,
    }  # fmt: skip
    limit = int(detail["limit"])
    if detail.get("whose") == "history":
        usual = ngettext(
            "Three of four deals won of its size and type were through after %(n)s day.",
            "Three of four deals won of its size and type were through after %(n)s days.",
            limit,
        )  # fmt: skip
    else:
        usual = ngettext("The limit is %(n)s day.", "The limit is %(n)s days.", limit)
    return " ".join([stands, usual % {"n": formats.number(limit)}, *_paused(detail)])


def _paused(detail: Mapping[str, Any]) -> list[str]:
    days = int(detail.get("paused", 0))
    if not days:
        return []
    words = ngettext(
        "%(n)s day of an agreed pause is not counted.", "%(n)s days of an agreed pause are not counted.", days
    )
    return [words % {"n": formats.number(days)}]


def _never_started(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    return " ".join([_("It never moved since it was added."), _stuck(days, since, detail, setpoint)])


def _no_next_step(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    if detail.get("why") == "not_agreed":
        return _("A step is planned, but nobody at the customer agreed to it.")
    return _("Nothing ahead is agreed with the customer.")


def _step_overdue(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    return ngettext(
        "The next step was due %(n)s day ago.", "The next step was due %(n)s days ago.", days
    ) % {"n": formats.number(days)}  # fmt: skip


def _quiet(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    words = ngettext(
        "Nothing from the customer, no move and no step kept for %(n)s day.",
        "Nothing from the customer, no move and no step kept for %(n)s days.",
        days,
    )
    return " ".join([words % {"n": formats.number(days)}, *_paused(detail)])


def _close_passed(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    return _("It was expected to close on %(day)s.") % {"day": formats.short_day(since) if since else "–"}


def _close_pushed(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    times = int(detail["times"])
    words = ngettext(
        "The expected close was moved to a later day %(n)s time.",
        "The expected close was moved to a later day %(n)s times.",
        times,
    )
    return words % {"n": formats.number(times)}


def _no_decision_maker(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    return _("At %(setpoint)s, and nobody is named who decides or pays.") % {"setpoint": setpoint}


def _single_contact(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    people = int(detail["people"])
    if not people:
        return _("Nobody at the customer is named.")
    return ngettext(
        "Everything hangs on %(n)s person at the customer.", "Everything hangs on %(n)s people at the customer.", people
    ) % {"n": formats.number(people)}


def _amount_dropped(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    return _("Worth %(share)s less than in the last 30 days.") % {"share": f"{detail['percent']}%"}


def _margin_low(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    shares = {"share": f"{detail['percent']}%", "floor": f"{detail['floor']}%"}
    return _("It leaves %(share)s of its net price, less than the %(floor)s we want.") % shares


def _busy(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    limit = int(detail["limit"])
    words = ngettext(
        "%(n)s activity or more in 30 days, and no move ahead and nothing learnt since %(day)s.",
        "%(n)s activities or more in 30 days, and no move ahead and nothing learnt since %(day)s.",
        limit,
    )
    return words % {"n": formats.number(limit), "day": formats.short_day(since) if since else "–"}


def _criteria_missing(days: int, since: date | None, detail: Mapping[str, Any], setpoint: str) -> str:
    if int(detail["evidenced"]) < 0:
        return _("It claims %(setpoint)s, and facts of the first setpoint are missing.") % {"setpoint": setpoint}
    return _("It claims %(setpoint)s, and its facts carry it less far.") % {"setpoint": setpoint}


TELLERS: dict[str, Callable[[int, date | None, Mapping[str, Any], str], str]] = {
    SignalCode.STUCK: _stuck,
    SignalCode.NEVER_STARTED: _never_started,
    SignalCode.NO_NEXT_STEP: _no_next_step,
    SignalCode.STEP_OVERDUE: _step_overdue,
    SignalCode.QUIET: _quiet,
    SignalCode.CLOSE_DATE_PASSED: _close_passed,
    SignalCode.CLOSE_DATE_PUSHED: _close_pushed,
    SignalCode.NO_DECISION_MAKER: _no_decision_maker,
    SignalCode.SINGLE_CONTACT: _single_contact,
    SignalCode.AMOUNT_DROPPED: _amount_dropped,
    SignalCode.MARGIN_LOW: _margin_low,
    SignalCode.BUSY_NOT_MOVING: _busy,
    SignalCode.CRITERIA_MISSING: _criteria_missing,
}
extend(
    "refusal",
    {
        "until_not_ahead": gettext_lazy("Choose a day that is still to come."),
        "rests_too_long": gettext_lazy("A warning may rest for %(days)s days at most."),
        "waits_too_long": gettext_lazy("Pauses of a stay are %(days)s days at most, all together. %(left)s are left."),
        "rest_needs_reason": gettext_lazy("Say why."),
        "restart_needed": gettext_lazy("Say what gets it going again."),
        "may_not_administer": gettext_lazy("Administrators set this. Ask one."),
    },
)
