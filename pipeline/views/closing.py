"""How a deal ends, goes on, and takes a change back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE, WRONG, go_on, refuse, render_part
from pipeline.commands.opportunities import MoveRefused, Reopening, close_opportunity, reopen_opportunity, revert_change
from pipeline.enums import Outcome
from pipeline.forms.deals import CloseForm, ReopenForm, competitor_names, outcome_choices
from pipeline.models import Opportunity
from pipeline.views.answers import changed, find_deal

SHEET, REOPENING = "pipeline/deal_close.html", "pipeline/deal_reopen.html"


@page
def deal_close(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask what an outcome needs; without one, which it is."""
    deal = find_deal(request, deal_id, to_edit=True)
    outcome = request.GET.get("outcome", "")
    if outcome not in set(Outcome):
        return _render(request, deal, "", None)
    initial = {"closed_on": timezone.localdate(), "amount": deal.amount}
    return _render(request, deal, outcome, CloseForm(outcome=outcome, pipeline_id=deal.pipeline_id, initial=initial))


@action
def deal_closed(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Close the deal with what its outcome asks for."""
    deal = find_deal(request, deal_id, to_edit=True)
    outcome = request.POST.get("outcome", "")
    if outcome not in set(Outcome):
        return _render(request, deal, "", None, status=WRONG)
    currency = deal.amount.currency if deal.amount else get_organisation().currency
    form = CloseForm(request.POST, outcome=outcome, pipeline_id=deal.pipeline_id, currency=currency)
    if not form.is_valid():
        return _render(request, deal, outcome, form, status=WRONG)
    try:
        closed = _close(request, deal_id, outcome, form.cleaned_data)
    except StaleRecord:
        form.add_error(None, _("Somebody changed this deal meanwhile. Look at it again, then send this once more."))
        return _render(request, find_deal(request, deal_id), outcome, form, status=STALE)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _render(request, deal, outcome, form, status=WRONG)
    return _closed(request, deal, closed)


def _close(request: HttpRequest, deal_id: int, outcome: str, values: dict[str, Any]) -> Opportunity:
    return close_opportunity(
        opportunity_id=deal_id,
        outcome=outcome,
        seen_version=_version(request),
        by=request.user,
        at=timezone.now(),
        **values,
    )


def _closed(request: HttpRequest, deal: Opportunity, closed: Opportunity) -> HttpResponse:
    names = {"name": deal.account.name, "outcome": label("outcome", closed.outcome)}
    undo = f"{reverse('pipeline:deal_reopened', args=[deal.pk])}?version={closed.version}"
    text = _("%(name)s: %(outcome)s") % names
    return changed(request, closed, text, columns={deal.setpoint_id}, undo=undo, undo_label=_("Reopen"))


@page
def deal_reopen(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask what a deal that goes on as a new one needs."""
    deal = find_deal(request, deal_id, to_edit=True)
    return render_part(request, REOPENING, "reopen_sheet", {"deal": deal, "form": ReopenForm()})


@action
def deal_reopened(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Let a closed deal go on."""
    deal = find_deal(request, deal_id, to_edit=True)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return render_part(request, REOPENING, "reopen_sheet", {"deal": deal, "form": form}, status=WRONG)
    sent = {"opportunity_id": deal_id, "seen_version": _version(request), **form.cleaned_data}
    try:
        reopening = reopen_opportunity(by=request.user, at=timezone.now(), **sent)
    except MoveRefused as refused:
        form.refuse(refused)
        return render_part(request, REOPENING, "reopen_sheet", {"deal": deal, "form": form}, status=WRONG)
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return _reopened(request, deal, reopening)


def _reopened(request: HttpRequest, deal: Opportunity, reopening: Reopening) -> HttpResponse:
    if reopening.is_new_cycle:
        to = reverse("pipeline:deal_detail", args=[reopening.deal.pk])
        return go_on(request, _("%(name)s goes on as a new deal.") % {"name": deal.account.name}, to=to)
    fresh = find_deal(request, deal.pk)
    text = _("%(name)s is open again") % {"name": deal.account.name}
    return changed(request, fresh, text, columns={fresh.setpoint_id, "rails"})


@action
def change_reverted(request: HttpRequest, deal_id: int, seq: int) -> HttpResponse:
    """Set one field back to what it was before a change."""
    find_deal(request, deal_id, to_edit=True)
    try:
        deal = revert_change(opportunity_id=deal_id, seq=seq, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("Set back."))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "") or request.GET.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _render(
    request: HttpRequest, deal: Opportunity, outcome: str, form: CloseForm | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "deal": deal,
        "outcome": outcome,
        "form": form,
        "outcomes": outcome_choices(),
        "competitors": competitor_names() if form and "competitor" in form.fields else [],
    }
    template = f"{SHEET}#close_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, context, status=status)
