"""A deal's economics: five cells on its page, the whole with every formula on a page of its own (P-13)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.lib import formats
from crm.lib.http import page
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from pipeline.figures.deal_economics import Economics
from pipeline.forms.economics import LineForm
from pipeline.labels.economic_figures import SaidFigure, Told, describe_economics, economics_finding, share_text
from pipeline.models import Opportunity
from pipeline.permissions import can_edit
from pipeline.queries.economics import DealRows, Judged, get_economics
from pipeline.queries.economics_parts import get_hours, preview_line
from pipeline.views.answers import find_deal

CELLS = 5
TEMPLATE = "pipeline/deal_economics.html"


@page
def deal_economics(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show a deal's economics; the panel of the deal page asks for its five cells alone."""
    at = timezone.now()
    judged = get_economics([deal_id], user=request.user, at=at)
    if not judged.rows:
        raise Http404
    context = build_economics(request, judged)
    if request.headers.get("HX-Target") == "economics-panel":
        return render(request, f"{TEMPLATE}#economics_panel", {**context, "is_panel": True})
    part = "#economics_body" if request.headers.get("HX-Target") == "economics-body" else ""
    return render(request, f"{TEMPLATE}{part}", {**context, "is_panel": False, "hours": get_hours(deal_id)})


@page
def line_preview(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say what a line would bring as it is being typed, and what the policy says of its discount (EE-056, EE-064)."""
    deal = find_deal(request, deal_id, to_edit=True)
    form = LineForm(request.GET, currency=currency_of(deal))
    form.full_clean()
    preview = preview_line(form.cleaned_data, at=timezone.now())
    margin = preview.margin
    context = {
        "deal": deal, "preview": preview, "share": share_text(margin.parts["share"].value),
        "net": formats.money(margin.detail["net"], preview.currency) if margin.detail["at_list"] else "–",
        "left": "" if margin.value is None else formats.money(margin.value, preview.currency),
    }  # fmt: skip
    return render(request, "pipeline/_line_preview.html", context)


def currency_of(deal: Opportunity) -> str:
    """Return the currency that amounts without one are in: that of the deal, else the organisation's."""
    return deal.amount.currency if deal.amount is not None else get_organisation().currency


def build_economics(request: HttpRequest, judged: Judged) -> dict[str, Any]:
    """Return what panel and page show of one deal."""
    rows = judged.rows[0]
    told = tell(rows, judged)
    said = describe_economics(told)
    access = get_access(request.user)
    return {
        "deal": rows.deal,
        "rows": rows,
        "cells": said[:CELLS],
        "figures": said,
        "finding": economics_finding(told),
        "assumed": judged,
        "checked": of(rows).is_checked,
        "editable": can_edit(access, rows.deal) and rows.deal.archived_at is None,
        "approves": access.manages(rows.deal.owner_id),
        "difference": _difference(rows, judged),
    }


def describe(rows: DealRows, judged: Judged) -> list[SaidFigure]:
    """Return the figures of one deal in words."""
    return describe_economics(tell(rows, judged))


def tell(rows: DealRows, judged: Judged) -> Told:
    """Return what the words of one deal rest on."""
    return Told(of(rows), judged.assumed, judged.currency, rows.observed, rows.chance_of_all)


def of(rows: DealRows) -> Economics:
    """Return the figures of one deal."""
    assert rows.economics is not None
    return rows.economics


def _difference(rows: DealRows, judged: Judged) -> str:
    """Return what the lines come to, where the deal's amount says something else than a rounded price."""
    net = of(rows).margin.detail["net"]
    if not rows.lines or rows.amount is None or abs(net - rows.amount) < 1:
        return ""
    return formats.money(net, judged.currency)
