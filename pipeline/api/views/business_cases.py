"""The business case of a deal."""

from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import is_unchanged, needs_tag, seen_version
from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import ApiView
from crm.lib.sharing import sign_key
from crm.queries.organisation import get_local_date
from pipeline.api.business_cases import CaseShape, CaseShareShape, read_rows, shown_case
from pipeline.commands.business_cases import save_case
from pipeline.commands.shared_cases import share_case, withdraw_case
from pipeline.facts import CaseFacts, CaseKpiFacts
from pipeline.models import BusinessCase, Opportunity
from pipeline.policies.business_cases import SHARED
from pipeline.queries.business_cases import empty_case, get_case, get_case_facts
from pipeline.queries.opportunities import opportunities_visible_to


class BusinessCases(ApiView):
    """The customer's own case for buying, one a deal."""

    serializer_class = CaseShape
    feature = "business_case"

    def retrieve(self, request: Request, deal_id: int) -> Response:
        """Give the case with return, payback, present value and internal rate; 404 before there is one."""
        response = self.show(self.find(deal_id))
        if is_unchanged(request, response["ETag"]):
            return Response(status=304, headers={"ETag": response["ETag"]})
        return response

    @extend_schema(request=CaseShape, responses={201: CaseShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Begin the case of a deal; one that is there already is changed by PATCH."""
        deal = self.find_deal(deal_id)
        if get_case(deal_id) is not None:
            raise Problem(409, "case_exists", _("The deal has a business case. Change it with PATCH."))
        wanted = self.wanted(empty_case(deal))
        made = save_case(opportunity_id=deal_id, wanted=wanted, by=request.user, at=self.at)
        return self.show(made, status=201)

    @extend_schema(request=CaseShape, responses=CaseShape)
    @needs_tag
    def partial_update(self, request: Request, deal_id: int) -> Response:
        """Change the case; of a list that is sent, what it leaves out is taken away."""
        case = self.find(deal_id)
        seen = self.seen(case)
        wanted = self.wanted(get_case_facts(case))
        saved = save_case(opportunity_id=deal_id, wanted=wanted, seen_version=seen, by=request.user, at=self.at)
        return self.show(saved)

    @extend_schema(request=CaseShareShape, responses=CaseShape)
    @idempotent
    def share(self, request: Request, deal_id: int) -> Response:
        """Let whoever has the address read the case until a day."""
        self.find(deal_id)
        values = self.read(CaseShareShape)
        return self.show(share_case(opportunity_id=deal_id, by=request.user, at=self.at, **values))

    @extend_schema(request=None, responses=CaseShape)
    @idempotent
    def withdraw(self, request: Request, deal_id: int) -> Response:
        """Close the address for ever."""
        self.read_nothing()
        self.find(deal_id)
        return self.show(withdraw_case(opportunity_id=deal_id, by=request.user, at=self.at))

    def find_deal(self, deal_id: int) -> Opportunity:
        """Return the deal, 404 where the person may not see it."""
        deal = opportunities_visible_to(self.request.user).filter(pk=deal_id).first()
        if deal is None:
            raise Http404
        return deal

    def find(self, deal_id: int) -> BusinessCase:
        """Return the case, 404 where there is none or the person may not see the deal."""
        self.find_deal(deal_id)
        case = get_case(deal_id)
        if case is None:
            raise Http404
        return case

    def seen(self, case: BusinessCase) -> int:
        """Return the version the client holds, which must be the present one."""
        return seen_version(self.request, case, lambda: dict(self.show(case).data))

    def wanted(self, known: CaseFacts) -> CaseFacts:
        """Return what stands with what was sent on top."""
        given: dict[str, Any] = self.read(CaseShape)
        if "kpis" in given:
            given["kpis"] = tuple(CaseKpiFacts(**kpi) for kpi in given["kpis"])
        if "rows" in given:
            given["rows"] = read_rows(given["rows"])
        return replace(known, **given)

    def show(self, case: BusinessCase, *, status: int = 200) -> Response:
        """Return a case with its tag, and its address while it is shared."""
        url = None
        if case.share_key and case.shared_until and case.shared_until >= get_local_date(self.at):
            path = reverse("pipeline:shared_case", args=[sign_key(case.share_key, what=SHARED)])
            url = self.request.build_absolute_uri(path)
        return self.see(shown_case(case, get_case_facts(case), shared_url=url), status=status)
