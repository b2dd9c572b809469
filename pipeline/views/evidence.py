"""Facts of a deal, one at a time: state one, take an attested one back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.values import Refusal
from crm.views.answers import WRONG, go_to, refuse
from pipeline.commands.facts import record_facts
from pipeline.commands.opportunities import AttestationRefused, revoke_attestation
from pipeline.enums import Fact
from pipeline.facts import CriterionFacts
from pipeline.forms.sheet import SheetForm, fields_of
from pipeline.models import Attestation, Criterion, Opportunity
from pipeline.queries.setpoints import get_criteria
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_fact.html"


@page
def deal_fact(request: HttpRequest, deal_id: int, criterion_id: int) -> HttpResponse:
    """Ask for one fact, by whatever meets it: a note, an assessment, a person, a field, a meeting or a step."""
    deal = find_deal(request, deal_id, to_edit=True)
    criterion = _criterion(deal, criterion_id)
    if criterion is None:
        raise Http404
    if criterion.check_code == Fact.ECONOMICS_CHECKED:
        return go_to(request, reverse("pipeline:deal_economics", args=[deal_id]))
    return _render(request, deal, criterion, SheetForm(missing=[criterion], deal=deal, initial=_today(criterion)))


@action
def deal_fact_attested(request: HttpRequest, deal_id: int, criterion_id: int) -> HttpResponse:
    """Record the fact."""
    deal = find_deal(request, deal_id, to_edit=True)
    criterion = _criterion(deal, criterion_id)
    if criterion is None:
        get_object_or_404(Criterion, pk=criterion_id, setpoint__pipeline=deal.pipeline_id)
        gone = AttestationRefused(Refusal.of("criterion_retired"))
        return refuse(request, gone, to=reverse("pipeline:deal_detail", args=[deal_id]))
    form = SheetForm(request.POST, missing=[criterion], deal=deal)
    if form.is_valid() and form.has_something():
        try:
            record_facts(opportunity_id=deal_id, facts=form.given(), by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, deal, _("Noted: %(fact)s") % {"fact": criterion.text})
    return _render(request, deal, criterion, form, status=WRONG)


@action
def deal_fact_revoked(request: HttpRequest, deal_id: int, attestation_id: int) -> HttpResponse:
    """Take an attested fact back."""
    deal = find_deal(request, deal_id, to_edit=True)
    get_object_or_404(Attestation, opportunity_id=deal_id, pk=attestation_id)
    try:
        revoke_attestation(attestation_id=attestation_id, by=request.user, at=timezone.now())
    except AttestationRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("Taken back."))


def _criterion(deal: Opportunity, criterion_id: int) -> CriterionFacts | None:
    """Return a criterion that is asked of the deal and that something typed here meets, None where it no longer is."""
    criteria = [each for each in get_criteria(deal.pipeline_id) if each.is_asked_of(deal.deal_type)]
    found = next((each for each in criteria if each.criterion_id == criterion_id), None)
    is_elsewhere = found is not None and found.check_code == Fact.ECONOMICS_CHECKED
    return found if found is not None and (is_elsewhere or fields_of(found, [])) else None


def _today(criterion: CriterionFacts) -> dict[str, Any]:
    return {f"fact{criterion.criterion_id}_on": timezone.localdate()}


def _render(
    request: HttpRequest, deal: Opportunity, criterion: CriterionFacts, form: SheetForm, *, status: int = 200
) -> HttpResponse:
    template = f"{SHEET}#fact_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, {"deal": deal, "criterion": criterion, "form": form}, status=status)
