"""The records behind a figure, and behind a count of a quarter review (R-1)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.envelope import Envelope, Figure
from crm.lib.errors import CommandRefused
from crm.lib.http import page
from crm.lib.labels import label
from crm.lib.paging import get_page
from crm.queries.organisation import get_organisation
from pipeline.queries.opportunities import opportunities_visible_to
from reports.enums import PartKind
from reports.forms import FilterForm
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.qbrs import quarter_name
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute
from reports.queries.named import NotUnderstood, read_period
from reports.queries.qbrs import get_payloads
from reports.queries.words import get_code_names
from reports.views.qbrs import find_or_404, require_reader
from reports.views.rows import BETWEEN, column_title, together
from scoring.queries.leads import leads_visible_to


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
        "row": together(rows, get_organisation().currency, get_code_names()),
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
    return f"{said}{BETWEEN}{get_code_names().get(('lead_rejected', code), code)}" if code else said


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
