"""Words of the quarter reviews: their parts and states, findings, and how a quarter compares."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats, labels
from reports.enums import PartKind, RunState

PARTS = labels.register(
    "qbr_part",
    {
        PartKind.RESULT: gettext_lazy("Result against target"),
        PartKind.PIPELINE: gettext_lazy("Pipeline by setpoint"),
        PartKind.KEY_DEALS: gettext_lazy("Biggest deals"),
        PartKind.LOST_DEALS: gettext_lazy("Why we lost"),
        PartKind.SECTORS: gettext_lazy("Sectors"),
        PartKind.LEADS: gettext_lazy("Leads and handovers"),
        PartKind.ACTIONS: gettext_lazy("Action plan"),
    },
)

RUN_STATES = labels.register(
    "qbr_state",
    {
        RunState.QUEUED: gettext_lazy("Waiting"),
        RunState.BUILDING: gettext_lazy("Building"),
        RunState.READY: gettext_lazy("Ready"),
        RunState.FAILED: gettext_lazy("Failed"),
        RunState.STOPPED: gettext_lazy("Stopped"),
    },
)

SUGGESTIONS = labels.register(
    "qbr_suggestion",
    {
        "more_meetings": gettext_lazy("Hold at least %(before)s first meetings, as many as the quarter before"),
        "look_into_reason": gettext_lazy("Look into why we lose for “%(reason)s”: %(count)s deals in the quarter"),
        "fix_close_dates": gettext_lazy("Set an honest close date on the %(count)s deals whose date has passed"),
        "agree_next_steps": gettext_lazy("Agree a next step on the %(count)s deals without one"),
        "answer_leads": gettext_lazy("Answer handed over leads in time (late this quarter: %(count)s)"),
    },
)

CAUSES = labels.register(
    "qbr_cause",
    {
        "fewer_meetings": gettext_lazy("First meetings fell from %(before)s to %(now)s."),
        "win_rate_up": gettext_lazy("The win rate rose by %(points)s points."),
        "win_rate_down": gettext_lazy("The win rate fell by %(points)s points."),
        "one_reason": gettext_lazy("%(count)s of %(of)s deals that were not won ended for one reason: %(reason)s."),
    },
)


def cause_sentence(code: str, params: Mapping[str, str]) -> str:
    """Return the sentence for one cause of a quarter."""
    return str(CAUSES[code]) % dict(params)


def headline(*, won: Decimal, target: Decimal | None, deals: int, currency: str, is_so_far: bool) -> str:
    """Return the finding a manager could say aloud: what was won against the plan."""
    amount = formats.short_money(won, currency)
    if not target:
        return ngettext("%(amount)s won in %(n)s deal.", "%(amount)s won in %(n)s deals.", deals) % {
            "amount": amount,
            "n": formats.number(deals),
        }
    off = (won - target) / target
    share = formats.percent(abs(off))
    if is_so_far:
        return _("%(amount)s won so far, %(share)s of the plan.") % {
            "amount": amount,
            "share": formats.percent(won / target),
        }
    if abs(off) < Decimal("0.005"):
        return _("We won %(amount)s, as planned.") % {"amount": amount}
    pattern = _("We won %(amount)s, %(share)s over plan.") if off > 0 else _("We won %(amount)s, %(share)s under plan.")
    return pattern % {"amount": amount, "share": share}


def change_note(now: Decimal | None, before: Decimal | None, unit: str) -> tuple[str, str]:
    """Return how a figure changed since the quarter before, in words, and the tone: up, down or none."""
    if now is None or before is None:
        return "", ""
    off = now - before
    if unit == "ratio":
        points = abs(off * 100).quantize(Decimal(1))
        if not points:
            return _("as the quarter before"), ""
        pattern = (
            ngettext("%(n)s point up", "%(n)s points up", int(points))
            if off > 0
            else ngettext("%(n)s point down", "%(n)s points down", int(points))
        )
        return pattern % {"n": formats.number(points)}, "up" if off > 0 else "down"
    days = int(abs(off).to_integral_value())
    if not days:
        return _("as the quarter before"), ""
    pattern = (
        ngettext("%(n)s day longer", "%(n)s days longer", days)
        if off > 0
        else ngettext("%(n)s day shorter", "%(n)s days shorter", days)
    )
    return pattern % {"n": formats.number(days)}, "down" if off > 0 else "up"


def month_name(day: date) -> str:
    """Return the name of a month."""
    return dates.format_date(day, "LLLL", locale=formats.locale())


def quarter_name(code: str) -> str:
    """Return a quarter as titles have it: Q3 2026."""
    year, quarter = code.split("Q")
    return _("Q%(quarter)s %(year)s") % {"quarter": quarter, "year": year}


def days_between(first: date, last: date) -> str:
    """Return a span of days: 1 July – 30 September 2026."""
    return dates.format_interval(first, last, "yMMMMd", locale=formats.locale())


def part_note(kind: str, payload: Mapping[str, Any]) -> str:
    """Return what a finished part holds, in a few words."""
    count = PART_COUNTS[PartKind(kind)](payload)
    words: dict[PartKind, str] = {
        PartKind.RESULT: ngettext("%(n)s person", "%(n)s people", count),
        PartKind.PIPELINE: ngettext("%(n)s move", "%(n)s moves", count),
        PartKind.KEY_DEALS: ngettext("%(n)s deal", "%(n)s deals", count),
        PartKind.LOST_DEALS: ngettext("%(n)s deal", "%(n)s deals", count),
        PartKind.SECTORS: ngettext("%(n)s sector", "%(n)s sectors", count),
        PartKind.LEADS: ngettext("%(n)s lead", "%(n)s leads", count),
        PartKind.ACTIONS: ngettext("%(n)s suggestion", "%(n)s suggestions", count),
    }
    return words[PartKind(kind)] % {"n": formats.number(count)}


# What a finished part is measured by while the others are being built.
PART_COUNTS: Mapping[PartKind, Callable[[Mapping[str, Any]], int]] = {
    PartKind.RESULT: lambda part: len(part["people"]),
    PartKind.PIPELINE: lambda part: sum(row["detail"]["entered"] for row in part["now"]),
    PartKind.KEY_DEALS: lambda part: len(part["closed"]) + len(part["open"]),
    PartKind.LOST_DEALS: lambda part: sum(row["n"] for row in part["reasons"]),
    PartKind.SECTORS: lambda part: len(part["sectors"]),
    PartKind.LEADS: lambda part: part["leads"]["n"],
    PartKind.ACTIONS: lambda part: len(part["suggestions"]),
}
