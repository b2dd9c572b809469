"""The figures with their definitions, and the records behind each (R-1, D-50)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.enums import ActivityKind
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
from reports.enums import PartKind
from reports.forms import FilterForm
from reports.labels.figures import DIMENSIONS, figure_definition, figure_text, figure_title
from reports.labels.qbrs import days_between, quarter_name
from reports.queries.activities import DAY, WEEK, get_efforts
from reports.queries.catalogue import CATALOGUE, Shared
from reports.queries.days import get_usual_team_id
from reports.queries.figures import Moment, compute, make_scope, narrow, read_shared
from reports.queries.named import NotUnderstood, read_period
from reports.queries.qbrs import get_latest_runs, get_payloads
from reports.queries.words import get_reason_names
from reports.views.qbrs import find_or_404, require_reader, titled
from reports.views.rows import BETWEEN, COLUMNS, column_title, show_row, together
from scoring.queries.leads import leads_visible_to

RUNS_SHOWN = 6
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
        "efforts": efforts(request, asked, shared, at),
        "period_words": period_words(asked["period"], shared, at if asked["as_of"] is None else asked["as_of"]),
    }
    return render_target(request, "reports/figure_list.html", {"figures": "figures"}, context)


def efforts(request: HttpRequest, asked: dict[str, Any], shared: Shared, at: datetime) -> dict[str, Any]:
    """Return what people did, a row a person and week, or day where the address says so (D-37)."""
    each = DAY if request.GET.get("each") == DAY else WEEK
    period = asked["period"] or current_quarter(shared, asked["as_of"] or at)
    scope = make_scope(Moment(at, asked["as_of"], asked["known_at"]), period, shared=shared)
    scope = narrow(scope, request.user, asked["team"], asked["owner"], shared=shared)
    found = get_page(get_efforts(scope, each=each), request.GET.get("page"))
    rows = [
        {
            "first_day": row.first_day,
            "owner": row.owner,
            "counts": [row.kinds.get(kind, 0) for kind in ActivityKind],
            "total": row.total,
        }
        for row in found.rows
    ]
    return {"each": each, "kinds": list(ActivityKind), "found": replace(found, rows=rows)}


def current_quarter(shared: Shared, as_of: datetime) -> Period:
    """Return the fiscal quarter of the moment's local day."""
    today = as_of.astimezone(shared.zone).date()
    return quarter_of(today, fiscal_start=shared.organisation.fiscal_year_start_month)


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
    beside = next(figure.rows[0]["beside"] for figure in shown if figure.slug == "open-value")
    given = {"won": values["won-value"], "open": values["open-value"], "qualified": beside}
    return _("%(won)s won, %(open)s open, of it %(qualified)s.") % given


def period_words(period: Period | None, shared: Shared, as_of: datetime) -> str:
    """Return which days the figures are about."""
    chosen = period or current_quarter(shared, as_of)
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
        bars.append(Bar(row.group_label, value, text, note, tone=tone, href=row.records_url if row.figure.ids else ""))
    return bars


@page
def figure_records(request: HttpRequest, slug: str) -> HttpResponse:
    """List the records behind one row of a figure, or those it left out for a reason."""
    require_reader(request)
    if slug not in CATALOGUE:
        raise Http404
    form, reason = FilterForm(request.GET, user=request.user), request.GET.get("excluded", "")
    rows, cell = find_rows(request, slug, form), request.GET.get("cell", "")
    ids = list(dict.fromkeys(pk for row in rows for pk in behind_row(row.figure, cell, reason)))
    context = {
        "slug": slug,
        "title": figure_title(slug),
        "definition": figure_definition(slug),
        "row": together(rows, get_organisation().currency, get_reason_names()),
        "cell": column_title(cell) if any(cell in row.figure.cells for row in rows) else "",
        "outliers": {pk for row in rows for pk in row.figure.cells.get("outliers", ())},
        "reason": label("figure_excluded", reason),
        "count": len(ids),
        "is_leads": CATALOGUE[slug].records == "leads",
        "found": get_page(records(request, slug, ids), request.GET.get("page")),
    }
    return render(request, "reports/figure_records.html", context)


def behind_row(figure: Figure, cell: str, reason: str) -> list[int]:
    """Return the ids behind the value, behind another number of the row, or left out for a reason."""
    if reason:
        return figure.excluded.get(reason, [])
    return figure.cells.get(cell, []) if cell else figure.ids


def find_rows(request: HttpRequest, slug: str, form: FilterForm) -> list[Envelope]:
    """Return the rows the address names, computed again over what this person may see."""
    asked, at, by = form.asked(), timezone.now(), request.GET.get("by", "")
    try:
        days = read_period(request.GET.get("from"), request.GET.get("to"), today=timezone.localdate(at))
        rows = compute(slug, user=request.user, at=at, by=by, **{**asked, "period": days or asked["period"]})
    except (NotUnderstood, CommandRefused):
        return []
    wanted = request.GET.getlist("group") or [""]
    return [row for row in rows if row.group in wanted]


@page
def qbr_leads(request: HttpRequest, pk: int) -> HttpResponse:
    """List the leads behind one count of a quarter review's handovers, as they were frozen."""
    run, which = find_or_404(request, pk), request.GET.get("which", "")
    handed = get_payloads(run).get(PartKind.LEADS, {}).get("handoffs", {}).get("leads", {})
    ids = handed.get(which, [])
    context = {
        "title": _("Handovers, %(quarter)s") % {"quarter": quarter_name(run.quarter)},
        **dict.fromkeys(("definition", "reason", "cell", "outliers"), ""),
        "row": {"label": handover_words(which), "value": formats.number(len(ids))} if ids else None,
        "count": len(ids),
        "is_leads": True,
        "found": get_page(leads_of(request, ids), request.GET.get("page")),
    }
    return render(request, "reports/figure_records.html", context)


def handover_words(which: str) -> str:
    """Return what a count of handovers is of."""
    answer, _slash, code = which.partition("/")
    words = {"handed_over": _("Handed over"), "late": _("Answered late"), "accepted": _("Accepted")}
    said = words.get(answer, _("Sent back"))
    return f"{said}{BETWEEN}{get_reason_names().get(('lead_rejected', code), code)}" if code else said


def leads_of(request: HttpRequest, ids: list[int]) -> Any:
    """Return the leads of these ids that the person may see, the newest first."""
    leads = leads_visible_to(request.user).filter(pk__in=ids)
    return leads.select_related("account", "owner", "source", "score").order_by("-created_at", "-id")


def records(request: HttpRequest, slug: str, ids: list[int]) -> Any:
    """Return the records of these ids that the person may see, the newest end first."""
    if CATALOGUE[slug].records == "leads":
        return leads_of(request, ids)
    deals = opportunities_visible_to(request.user).filter(pk__in=ids).select_related("account", "owner", "setpoint")
    return deals.order_by("-closed_at", "-amount", "id")
