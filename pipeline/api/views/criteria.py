"""What a deal needs to stand where it goes, what meets it, and what was said that meets it (P-2)."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import ApiView
from pipeline.api.criteria import AttestingShape, DealCriteriaShape, DealCriterionShape
from pipeline.commands.opportunities import attest_criterion, revoke_attestation
from pipeline.facts import CriterionFacts
from pipeline.models import Attestation, Opportunity
from pipeline.queries.evidence import get_evidence
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.setpoints import get_path


class DealCriteria(ApiView):
    """The criteria of one deal, from the lowest setpoint to the highest."""

    serializer_class = DealCriterionShape

    @extend_schema(responses=DealCriteriaShape)
    def list(self, request: Request, deal_id: int) -> Response:
        """List every fact the deal is asked for, each with what meets it, or null."""
        rows = criteria_of(self._deal(request, deal_id))
        return Response(DealCriteriaShape({"next": None, "previous": None, "results": rows}).data)

    @extend_schema(request=AttestingShape, responses={201: DealCriterionShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Say who said what meets an attested criterion; others are met by their field or record."""
        deal, values = self._deal(request, deal_id), self.read(AttestingShape)
        criterion = _find(deal, values.pop("criterion"))
        attest_criterion(
            opportunity_id=deal_id, criterion_version_id=criterion["version_id"], by=request.user, at=self.at, **values
        )
        return Response(DealCriterionShape(_find(deal, criterion["code"])).data, 201)

    @extend_schema(request=None, responses=DealCriterionShape)
    @idempotent
    def revoke(self, request: Request, deal_id: int, attestation_id: int) -> Response:
        """Take back what was said; it stays on record."""
        deal = self._deal(request, deal_id)
        self.read_nothing()
        said = get_object_or_404(Attestation, opportunity_id=deal_id, pk=attestation_id)
        revoke_attestation(attestation_id=said.pk, by=request.user, at=self.at)
        return Response(DealCriterionShape(_find(deal, said.criterion_version.criterion.code)).data)

    def _deal(self, request: Request, deal_id: int) -> Opportunity:
        return get_object_or_404(opportunities_visible_to(request.user), pk=deal_id, merged_into=None)


def criteria_of(deal: Opportunity) -> list[dict[str, Any]]:
    """Return what a deal is asked for as the API shows it, lowest setpoint first; two statements."""
    path = [setpoint for setpoint in get_path(deal.pipeline_id) if not setpoint.is_retired]
    asked = [(setpoint.code, each) for setpoint in path for each in setpoint.own_criteria]
    asked = [(code, each) for code, each in asked if each.is_asked_of(deal.deal_type)]
    known = get_evidence([deal], [each for _code, each in asked])[deal.pk]
    return [_row(code, each) | {"met_by": known.get(each.version_id)} for code, each in asked]


def _row(setpoint: str, criterion: CriterionFacts) -> dict[str, Any]:
    names = ("code", "text", "ask", "evidence", "check_code", "gate", "deal_types", "version_id")
    return {"setpoint": setpoint, **{name: getattr(criterion, name) for name in names}}


def _find(deal: Opportunity, code: str) -> dict[str, Any]:
    found = next((row for row in criteria_of(deal) if row["code"] == code), None)
    if found is None:
        raise Problem(422, "unknown_criterion", errors={"criterion": [_("The deal is not asked for this.")]})
    return found
