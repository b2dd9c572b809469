"""The customer's own case for buying: its panel, the sheet two people can fill in together, and its address (B28)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, feature, page
from crm.lib.sharing import sign_key
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date, get_organisation
from crm.views.answers import STALE, WRONG, go_on, refuse
from pipeline.commands.business_cases import save_case
from pipeline.commands.shared_cases import share_case, withdraw_case
from pipeline.facts import CaseFacts
from pipeline.forms.business_cases import CaseSheet, ShareForm
from pipeline.labels.business_cases import stale_words
from pipeline.labels.case_document import case_cells, case_document
from pipeline.models import BusinessCase, Opportunity
from pipeline.permissions import can_edit
from pipeline.policies.business_cases import SHARED, USUAL_SHARE, digests
from pipeline.queries.business_cases import empty_case, get_case, get_case_facts
from pipeline.queries.opportunities import contacts_of
from pipeline.renderers.business_case import render_case
from pipeline.views.answers import find_deal

MODULE = "business_case"
PAGE, FORM = "pipeline/business_case.html", "pipeline/_case_form.html"


@feature(MODULE)
@page
def business_case(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the case of a deal, with its fields for whoever may change the deal."""
    deal = find_deal(request, deal_id)
    case, facts = read_case(deal)
    return _render(request, deal, case, facts, build_sheet(None, deal, case, facts))


@feature(MODULE)
@action
def business_case_saved(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Keep the case as it was sent; what others changed meanwhile stays, what both changed is shown."""
    deal = find_deal(request, deal_id, to_edit=True)
    case, facts = read_case(deal)
    sheet, status = build_sheet(request.POST, deal, case, facts), WRONG
    if sheet.is_valid():
        try:
            save_case(opportunity_id=deal_id, wanted=sheet.facts(), seen=sheet.seen, by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except StaleRecord as stale:
            case, facts = read_case(deal)
            sheet.seen, status = digests(facts), STALE
            return _render(request, deal, case, facts, sheet, status=status, stale=stale_words(stale.current))
        except CommandRefused as refused:
            sheet.refuse(refused)
        else:
            return go_on(request, _("The business case is saved."), to=_address(deal_id))
    return _render(request, deal, case, facts, sheet, status=status)


@feature(MODULE)
@action
def business_case_tried(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what the amounts typed so far come to, or the form with one more line or year; nothing is kept."""
    deal = find_deal(request, deal_id, to_edit=True)
    case, facts = read_case(deal)
    sheet = build_sheet(request.POST, deal, case, facts, more=request.POST.get("more", ""))
    typed = sheet.facts() if sheet.is_valid() else facts
    grows = "more" in request.POST or request.headers.get("HX-Target") == "case-form"
    if grows or not request.headers.get("HX-Request"):
        return _render(request, deal, case, typed, sheet, template=FORM if request.headers.get("HX-Request") else PAGE)
    return render(request, "pipeline/_case_figures.html", {"document": _document(deal, typed), "tried": True})


@feature(MODULE)
@page
def business_case_panel(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Give the deal's page the figures of its case."""
    deal = find_deal(request, deal_id)
    case, facts = read_case(deal)
    context = {"deal": deal, "case": case, "cells": case_cells(facts) if case else [], "shared": is_shared(case)}
    return render(request, "pipeline/_business_case.html", context)


@feature(MODULE)
@action
def business_case_shared(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Open the case to whoever has its address, until a day."""
    deal, form = find_deal(request, deal_id, to_edit=True), ShareForm(request.POST)
    if form.is_valid():
        try:
            share_case(opportunity_id=deal_id, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CommandRefused as refused:
            return refuse(request, refused, to=_address(deal_id))
        return go_on(request, _("Shared. Whoever has the address can read it."), to=_address(deal_id))
    case, facts = read_case(deal)
    sheet = build_sheet(None, deal, case, facts)
    return _render(request, deal, case, facts, sheet, status=WRONG, share_form=form)


@feature(MODULE)
@action
def business_case_withdrawn(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Close the address for ever."""
    find_deal(request, deal_id, to_edit=True)
    try:
        withdraw_case(opportunity_id=deal_id, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=_address(deal_id))
    return go_on(request, _("Nobody can read it by that address any more."), to=_address(deal_id))


@feature(MODULE)
@page
def business_case_file(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Give the case as a PDF, as the customer would get it."""
    deal = find_deal(request, deal_id)
    case, facts = read_case(deal)
    if case is None:
        raise Http404
    return pdf_answer(render_case(_document(deal, facts)))


def read_case(deal: Opportunity) -> tuple[BusinessCase | None, CaseFacts]:
    """Return the case of a deal with its content; before there is one, an empty one in the deal's currency."""
    case = get_case(deal.pk)
    return case, get_case_facts(case) if case is not None else empty_case(deal)


def is_shared(case: BusinessCase | None) -> bool:
    """Whether the address of the case opens today."""
    until = case.shared_until if case and case.share_key else None
    return until is not None and until >= get_local_date(timezone.now())


def pdf_answer(content: bytes) -> HttpResponse:
    """Return a PDF as a file to keep."""
    disposition = {"Content-Disposition": 'attachment; filename="business-case.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def build_sheet(
    data: QueryDict | None, deal: Opportunity, case: BusinessCase | None, facts: CaseFacts, *, more: str = ""
) -> CaseSheet:
    """Return the form; whom the case names stays among the contacts, even where they left."""
    people = {contact.pk: str(contact) for contact in contacts_of(deal)}
    if case is not None and case.co_built_with is not None:
        people.setdefault(case.co_built_with.pk, str(case.co_built_with))
    return CaseSheet(data, facts=facts, contacts=[("", "–"), *people.items()], more=more)


def _address(deal_id: int) -> str:
    return reverse("pipeline:business_case", args=[deal_id])


def _document(deal: Opportunity, facts: CaseFacts) -> dict[str, Any]:
    return case_document(facts, customer=deal.account.name, seller=get_organisation().name)


def _render(
    request: HttpRequest, deal: Opportunity, case: BusinessCase | None, facts: CaseFacts, sheet: CaseSheet, *,
    status: int = 200, stale: list[str] | None = None, share_form: Any = None, template: str = PAGE,
) -> HttpResponse:  # fmt: skip
    shared = is_shared(case)
    until = case.shared_until if case and shared else timezone.localdate() + USUAL_SHARE
    url = ""
    if case and case.share_key and shared:
        token = sign_key(case.share_key, what=SHARED)
        url = request.build_absolute_uri(reverse("pipeline:shared_case", args=[token]))
    context = {
        "deal": deal,
        "case": case,
        "facts": facts,
        "document": _document(deal, facts),
        "sheet": sheet,
        "editable": can_edit(get_access(request.user), deal) and deal.archived_at is None,
        "stale": stale or [],
        "shared": shared,
        "shared_url": url,
        "share_form": share_form or ShareForm(initial={"until": until}),
        "until": formats.full_day(until) if until else "",
    }
    return render(request, template, context, status=status)
