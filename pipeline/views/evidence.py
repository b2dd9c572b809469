"""Attested facts: state one, take one back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.views.answers import WRONG, refuse
from pipeline.commands.opportunities import AttestationRefused, attest_criterion, revoke_attestation
from pipeline.enums import Evidence
from pipeline.forms.deals import AttestForm
from pipeline.models import Attestation, CriterionVersion, Opportunity
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_fact.html"


@page
def deal_fact(request: HttpRequest, deal_id: int, version_id: int) -> HttpResponse:
    """Show the form that attests a fact."""
    deal = find_deal(request, deal_id, to_edit=True)
    version = _version(deal, version_id)
    form = AttestForm(deal=deal, code=version.criterion.code, initial={"said_on": timezone.localdate()})
    return _render(request, deal, version, form)


@action
def deal_fact_attested(request: HttpRequest, deal_id: int, version_id: int) -> HttpResponse:
    """Attest a fact."""
    deal = find_deal(request, deal_id, to_edit=True)
    version = _version(deal, version_id)
    form = AttestForm(request.POST, deal=deal, code=version.criterion.code)
    if form.is_valid():
        try:
            attest_criterion(
                opportunity_id=deal_id,
                criterion_version_id=version_id,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, deal, _("Noted: %(fact)s") % {"fact": version.text})
    return _render(request, deal, version, form, status=WRONG)


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


def _version(deal: Opportunity, version_id: int) -> CriterionVersion:
    version = (
        CriterionVersion.objects.filter(pk=version_id, criterion__setpoint__pipeline_id=deal.pipeline_id)
        .select_related("criterion")
        .first()
    )
    if version is None or version.evidence != Evidence.ATTESTED:
        raise Http404
    return version


def _render(
    request: HttpRequest, deal: Opportunity, version: CriterionVersion, form: AttestForm, *, status: int = 200
) -> HttpResponse:
    template = f"{SHEET}#fact_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, {"deal": deal, "version": version, "form": form}, status=status)
