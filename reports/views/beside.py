"""The second number that belongs beside the first, in words (B2, B6, B25, B26)."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.envelope import Envelope, Figure
from reports.labels.figures import figure_note, figure_text


def beside(row: Envelope, currency: str) -> str:
    """Return the second number that belongs beside the first (B2, B6, B25, B26); empty where there is none."""
    words = BESIDE.get(row.name)
    return words(row.figure, currency) if words else ""


def _median(figure: Figure, currency: str) -> str:
    median = figure.detail["median"]
    return "" if median is None else _("median %(value)s") % {"value": formats.money(median, currency)}


def _median_points(figure: Figure, currency: str) -> str:
    median = figure.detail["median"]
    return "" if median is None else _("median %(value)s") % {"value": formats.number(median)}


def _activity_tells(figure: Figure, currency: str) -> str:
    activity = figure.parts.get("activity")
    if activity is None or activity.value is None:
        return ""
    return _("activity %(value)s, of %(won)s won and %(not_won)s not won") % {
        "value": formats.percent(activity.value),
        "won": formats.number(figure.detail["won"]),
        "not_won": formats.number(figure.detail["not_won"]),
    }


def _qualified(figure: Figure, currency: str) -> str:
    return _("%(value)s at 25%% and above") % {"value": formats.money(figure.detail["qualified"], currency)}


def _by_amount(figure: Figure, currency: str) -> str:
    share = figure.detail["by_value"]
    return "" if share is None else _("%(value)s by amount") % {"value": formats.percent(share)}


def _concentration(figure: Figure, currency: str) -> str:
    if not figure.detail["few_big_deals"]:
        return ""
    return _("few big deals: %(share)s is one deal") % {"share": formats.percent(figure.detail["top_deal_share"] or 0)}


def _pace(figure: Figure, currency: str) -> str:
    pace = figure.detail["pace"]
    return "" if pace is None else _("%(value)s of what is due by now") % {"value": formats.percent(pace)}


def _in_time(figure: Figure, currency: str) -> str:
    share = figure.detail["in_time"]
    return "" if share is None else _("%(share)s in time") % {"share": formats.percent(share)}


def _missed(figure: Figure, currency: str) -> str:
    known = figure.detail
    if not figure.n:
        return ""
    return _("%(late)s late, %(broken)s broken, %(overdue)s overdue") % {
        "late": known["late"], "broken": known["broken"], "overdue": known["overdue"],
    }  # fmt: skip


def _unchecked(figure: Figure, currency: str) -> str:
    count = figure.detail["unchecked"]
    return _("%(n)s not checked yet") % {"n": count} if count else ""


def _handed_over(figure: Figure, currency: str) -> str:
    known = figure.detail
    return _("%(n)s handed over, %(accepted)s accepted") % {"n": known["handed_over"], "accepted": known["accepted"]}


def _accepted(figure: Figure, currency: str) -> str:
    known = figure.detail
    if known["acceptance"] is None:
        return ""
    words = _("%(share)s accepted, %(qualified)s of those qualified")
    return words % {
        "share": formats.percent(known["acceptance"]),
        "qualified": formats.percent(known["accepted_to_qualified"] or 0),
    }


def _months(figure: Figure, currency: str) -> str:
    known = figure.detail
    counts = _("%(now)s after %(then)s") % {"now": known["this_month"], "then": known["last_month"]}
    smooth = known["smooth"]
    notes = [
        counts,
        _("to date") if known["to_date"] else "",
        "" if smooth is None else _("%(share)s over three months") % {"share": formats.percent(smooth)},
        "" if known["like_for_like"] else _("not like for like: the rules changed"),
    ]
    return ", ".join(note for note in notes if note)


def _two_clocks(figure: Figure, currency: str) -> str:
    known = figure.detail
    told = _("%(late)s late, %(untouched)s untouched, %(pending)s not due yet") % {
        "late": known["late"], "untouched": known["untouched"], "pending": known["pending"],
    }  # fmt: skip
    clocks = (("speed_to_lead", _("%(time)s from what the lead did")), ("answer_time", _("%(time)s from the handover")))
    medians = [
        words % {"time": formats.duration(timedelta(hours=float(known[clock])))}
        for clock, words in clocks
        if known[clock] is not None
    ]
    return "; ".join(
        [told, _("touched after %(clocks)s") % {"clocks": _(" and ").join(medians)}] if medians else [told]
    )


def _sector_rate(figure: Figure, currency: str) -> str:
    rate = figure.parts["win-rate"]
    words = _("win rate %(value)s") % {"value": figure_text(rate)} if rate.value is not None else ""
    return ", ".join(part for part in (words, figure_note(rate)) if part)


def _fallback(figure: Figure, currency: str) -> str:
    used = figure.detail.get("fallback")
    if not used:
        return ""
    return _("too few, so of the whole size") if used == "size" else _("too few, so of all deals")


def _customers(figure: Figure, currency: str) -> str:
    count = figure.detail["customers"]
    hours = formats.number(figure.detail["hours"])
    won = ngettext("%(n)s customer won", "%(n)s customers won", count) % {"n": formats.number(count)}
    return _("%(won)s, %(hours)s hours") % {"won": won, "hours": hours}


BESIDE: dict[str, Callable[[Figure, str], str]] = {
    "average-deal": _median,
    "open-value": _qualified,
    "win-rate": _by_amount,
    "weighted": _concentration,
    "attainment": _pace,
    "progress": _median_points,
    "progress-proof": _activity_tells,
    "approval-time": _in_time,
    "cac": _customers,
    "promises-on-time": _missed,
    "delivered-as-sold": _unchecked,
    "leads": _handed_over,
    "lead-velocity": _months,
    "mql-to-sql": _accepted,
    "sla": _two_clocks,
    "won-by-sector": _sector_rate,
    "cycle": _fallback,
}
