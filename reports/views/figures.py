"""The page of figures with their definitions (R-1, D-50)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.enums import ActivityKind
from crm.lib import formats
from crm.lib.charts import Bar
from crm.lib.envelope import Envelope
from crm.lib.http import page
from crm.lib.markup import setpoint_class
from crm.lib.paging import get_page
from crm.lib.periods import Period, quarter_of
from crm.queries.access import get_access
from crm.views.answers import render_target
from reports.forms import FilterForm
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import DIMENSIONS, figure_text
from reports.labels.qbrs import days_between
from reports.queries.activities import DAY, WEEK, get_efforts
from reports.queries.catalogue import CATALOGUE
from reports.queries.days import get_usual_team_id
from reports.queries.figures import Moment, compute, make_scope, narrow, read_shared
from reports.queries.qbrs import get_latest_runs
from reports.queries.questions import Shared
from reports.queries.words import get_code_names
from reports.views.qbrs import require_reader, titled
from reports.views.rows import COLUMNS, column_title, show_row

RUNS_SHOWN = 6
HEADS = {
    "pipeline-by-setpoint": gettext_lazy("Deals"),
    "conversion": gettext_lazy("Went on"),
    "cycle": gettext_lazy("Median"),
    "lost-reasons": gettext_lazy("Deals"),
    "won-by-sector": gettext_lazy("Amount"),
    "mql-to-sql": gettext_lazy("Qualified"),
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
    shared, names = read_shared(), get_code_names()
    form.fields["period"].widget.attrs["placeholder"] = current_quarter(shared, asked["as_of"] or at).code
    listed = [slug for slug, each in CATALOGUE.items() if not each.of_feedback]
    shown = [show(slug, request, {**asked, "at": at, "shared": shared}, by, names) for slug in listed]
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
    today = shared.local_date(as_of)
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
        problem=_("This cannot be split like that.") if by and not split else "",
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
