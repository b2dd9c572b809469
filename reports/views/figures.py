"""The figures with their definitions, and the records behind each (R-1, D-50)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import formats
from crm.lib.charts import Bar
from crm.lib.envelope import Envelope, Figure
from crm.lib.errors import CommandRefused
from crm.lib.http import page
from crm.lib.labels import label
from crm.lib.markup import setpoint_class
from crm.lib.paging import get_page
from crm.lib.periods import Period, quarter_of
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from crm.views.answers import render_target
from pipeline.queries.opportunities import opportunities_visible_to
from reports.forms import FilterForm
from reports.labels.figures import DIMENSIONS, figure_definition, figure_note, figure_text, figure_title
from reports.labels.qbrs import days_between
from reports.queries.catalogue import CATALOGUE, Shared
from reports.queries.days import get_usual_team_id
from reports.queries.figures import compute, read_shared
from reports.queries.named import NotUnderstood, read_period
from reports.queries.qbrs import get_latest_runs
from reports.queries.words import get_reason_names
from reports.views.qbrs import require_reader, titled
from scoring.queries.leads import leads_visible_to

RUNS_SHOWN = 6
# What a table shows beside each row's value: the names of its detail and how to write them.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "pipeline-by-setpoint": (
        ("amount", "money"), ("weighted", "money"), ("entered", "count"), ("left_forward", "count"),
        ("left_back", "count"), ("won", "count"), ("lost", "count"),
    ),
    "conversion": (("entered", "count"), ("observed", "ratio"), ("upper", "ratio")),
    "cycle": (("p25", "days"), ("p75", "days"), ("p90", "days")),
    "lost-reasons": (("amount", "money"), ("share", "ratio")),
    "won-by-sector": (("won", "count"),),
}  # fmt: skip

HEADS = {
    "pipeline-by-setpoint": gettext_lazy("Deals"),
    "conversion": gettext_lazy("Went on"),
    "cycle": gettext_lazy("Median"),
    "lost-reasons": gettext_lazy("Deals"),
    "won-by-sector": gettext_lazy("Won"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure on the page."""

    slug: str
    title: Any
    definition: Any
    section: str
    rows: list[dict[str, Any]]
    head: Any
    columns: list[str]
    bars: list[Bar]
    problem: str = ""


@page
def figure_list(request: HttpRequest) -> HttpResponse:
    """Show every figure over what the person may see, by the filters of the address."""
    require_reader(request)
    form, at = FilterForm(with_team(request), user=request.user), timezone.now()
    asked, by = form.asked(), request.GET.get("by", "")
    by = by if by in DIMENSIONS else ""
    shared, names = read_shared(), get_reason_names()
    shown = [show(slug, request, {**asked, "at": at, "shared": shared}, by, names) for slug in CATALOGUE]
    context = {
        "form": form,
        "by": by,
        "dimensions": DIMENSIONS.items(),
        "figures": shown,
        "runs": titled(get_latest_runs(request.user, RUNS_SHOWN)),
        "reviews": "qbr" not in get_access(request.user).switched_off,
        "finding": finding(shown),
        "period_words": period_words(asked["period"], shared, at if asked["as_of"] is None else asked["as_of"]),
    }
    return render_target(request, "reports/figure_list.html", {"figures": "figures"}, context)


def with_team(request: HttpRequest) -> QueryDict:
    """Return the filters, with the person's team where the address says nothing of teams; `team=` asks for all."""
    given = request.GET.copy()
    if "team" not in given and "owner" not in given:
        team_id = get_usual_team_id(get_access(request.user))
        if team_id is not None:
            given["team"] = str(team_id)
    return given


def finding(shown: list[Shown]) -> str:
    """Return the sentence the page opens with, from the figures below it."""
    values = {figure.slug: figure.rows[0]["value"] for figure in shown if len(figure.rows) == 1}
    if not {"won-value", "open-value"} <= values.keys():
        return _("The figures, side by side")
    return _("%(won)s won, %(open)s open.") % {"won": values["won-value"], "open": values["open-value"]}


def period_words(period: Period | None, shared: Shared, as_of: datetime) -> str:
    """Return which days the figures are about."""
    today = as_of.astimezone(shared.zone).date()
    chosen = period or quarter_of(today, fiscal_start=shared.organisation.fiscal_year_start_month)
    days = days_between(chosen.start, date.fromordinal(chosen.end.toordinal() - 1))
    return days if period else _("%(days)s; conversion and sales cycle over the 12 months up to today") % {"days": days}


def show(slug: str, request: HttpRequest, asked: dict[str, Any], by: str, names: dict[tuple[str, str], str]) -> Shown:
    """Return one figure with its rows in words."""
    definition, currency = CATALOGUE[slug], asked["shared"].organisation.currency
    split = by if by in definition.dimensions else ""
    rows = compute(slug, user=request.user, by=split, **asked)
    return Shown(
        slug=slug,
        title=figure_title(slug),
        definition=figure_definition(slug),
        section=definition.section,
        rows=[show_row(row, currency, names) for row in rows],
        head=HEADS.get(slug, _("Value")),
        columns=[column_title(name) for name, _unit in COLUMNS.get(slug, ())],
        bars=bars_of(slug, rows, currency) if not split else [],
        problem=_("Leads cannot be split like this.") if by and not split else "",
    )


def show_row(row: Envelope, currency: str, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Return one row: label, value by the display rule, what stands beside it, where its records are."""
    figure = row.figure
    return {
        "label": row_label(row, names),
        "value": figure_text(figure, currency=currency),
        "note": figure_note(figure),
        "n": figure.n,
        "href": row.records_url,
        "cells": [cell_text(figure.detail.get(name), unit, currency) for name, unit in COLUMNS.get(row.name, ())],
        "beside": beside(row, currency),
        "excluded": [
            {"text": label("figure_excluded", reason), "count": len(ids), "reason": reason}
            for reason, ids in figure.excluded.items()
        ],
    }


def row_label(row: Envelope, names: dict[tuple[str, str], str]) -> str:
    """Return what a row is about, with codes in words."""
    part = row.filters.get("part", "")
    if row.name == "lost-reasons":
        outcome, reason = ([*part.split("/"), ""])[:2]
        words = [
            label("outcome", outcome),
            names.get((outcome, reason), ""),
            row.group_label if row.group_label != part else "",
        ]
        return " · ".join(word for word in words if word)
    if row.name == "cycle" and part:
        band, kind = part.split("/")
        return f"{label('size_band', band)} · {label('deal_type', kind)}"
    if row.name == "won-by-sector" and part == "unknown":
        return _("Not known")
    return row.group_label or (_("Not known") if row.filters.get("by") else "")


def column_title(name: str) -> str:
    """Return the head of a column."""
    return {
        "amount": _("Amount"), "weighted": _("Weighted"), "entered": _("Entered"), "left_forward": _("Went on"),
        "left_back": _("Went back"), "won": _("Won"), "lost": _("Not won"), "observed": _("At least"), "upper": _("At most"),
        "p25": _("A quarter by"), "p75": _("Three quarters by"), "p90": _("9 of 10 by"), "share": _("Share"),
    }[name]  # fmt: skip


def cell_text(value: Any, unit: str, currency: str) -> str:
    """Return a number of the detail in words; a dash for none."""
    if value is None:
        return "–"
    if unit == "money":
        return formats.short_money(value, currency)
    if unit == "ratio":
        return formats.percent(value)
    return formats.days(int(value)) if unit == "days" else formats.number(value)


def beside(row: Envelope, currency: str) -> str:
    """Return the second number that belongs beside the first (B2, B6, B25, B26); empty where there is none."""
    words = BESIDE.get(row.name)
    return words(row.figure, currency) if words else ""


def _median(figure: Figure, currency: str) -> str:
    median = figure.detail["median"]
    return "" if median is None else _("median %(value)s") % {"value": formats.money(median, currency)}


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


def _handed_over(figure: Figure, currency: str) -> str:
    known = figure.detail
    return _("%(n)s handed over, %(accepted)s accepted") % {"n": known["handed_over"], "accepted": known["accepted"]}


def _sector_rate(figure: Figure, currency: str) -> str:
    rate = figure.parts["win-rate"]
    words = _("win rate %(value)s") % {"value": figure_text(rate)} if rate.value is not None else ""
    return ", ".join(part for part in (words, figure_note(rate)) if part)


def _fallback(figure: Figure, currency: str) -> str:
    used = figure.detail.get("fallback")
    if not used:
        return ""
    return _("too few, so of the whole size") if used == "size" else _("too few, so of all deals")


BESIDE: dict[str, Callable[[Figure, str], str]] = {
    "average-deal": _median,
    "open-value": _qualified,
    "win-rate": _by_amount,
    "weighted": _concentration,
    "attainment": _pace,
    "leads": _handed_over,
    "won-by-sector": _sector_rate,
    "cycle": _fallback,
}


def bars_of(slug: str, rows: list[Envelope], currency: str) -> list[Bar]:
    """Return the bars of a figure that has a chart: how much at each setpoint, and what went on or how many."""
    if slug not in ("conversion", "pipeline-by-setpoint"):
        return []
    bars = []
    for order, row in enumerate(rows):
        detail, tone = row.figure.detail, setpoint_class(order, len(rows))
        value, text, note = int(detail.get("entered", 0)), formats.number(detail["entered"]), figure_text(row.figure)
        if slug == "pipeline-by-setpoint":
            value, text, note = (
                detail["amount"],
                formats.short_money(detail["amount"], currency),
                formats.number(row.figure.n),
            )
        else:
            note = _("→ %(share)s") % {"share": note}
        bars.append(Bar(row.group_label, value, text, note, tone=tone, href=row.records_url))
    return bars


@page
def figure_records(request: HttpRequest, slug: str) -> HttpResponse:
    """List the records behind one row of a figure, or those it left out for a reason."""
    require_reader(request)
    if slug not in CATALOGUE:
        raise Http404
    form, reason = FilterForm(request.GET, user=request.user), request.GET.get("excluded", "")
    row = find_row(request, slug, form)
    ids = row.figure.excluded.get(reason, []) if row and reason else row.figure.ids if row else []
    context = {
        "slug": slug,
        "title": figure_title(slug),
        "definition": figure_definition(slug),
        "row": show_row(row, get_organisation().currency, get_reason_names()) if row else None,
        "reason": label("figure_excluded", reason),
        "count": len(ids),
        "is_leads": CATALOGUE[slug].records == "leads",
        "found": get_page(records(request, slug, ids), request.GET.get("page")),
    }
    return render(request, "reports/figure_records.html", context)


def find_row(request: HttpRequest, slug: str, form: FilterForm) -> Envelope | None:
    """Return the row the address names, computed again over what this person may see."""
    asked, at, by = form.asked(), timezone.now(), request.GET.get("by", "")
    try:
        days = read_period(request.GET.get("from"), request.GET.get("to"), today=timezone.localdate(at))
        rows = compute(slug, user=request.user, at=at, by=by, **{**asked, "period": days or asked["period"]})
    except (NotUnderstood, CommandRefused):
        return None
    wanted = request.GET.get("group", "")
    return next((row for row in rows if row.group == wanted), None)


def records(request: HttpRequest, slug: str, ids: list[int]) -> Any:
    """Return the records of these ids that the person may see, the newest end first."""
    if CATALOGUE[slug].records == "leads":
        return (
            leads_visible_to(request.user)
            .filter(pk__in=ids)
            .select_related("account", "owner", "source", "score")
            .order_by("-created_at", "-id")
        )
    deals = opportunities_visible_to(request.user).filter(pk__in=ids).select_related("account", "owner", "setpoint")
    return deals.order_by("-closed_at", "-amount", "id")
