"""Approvals: ask, answer, hand on, withdraw."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.models import User
from pipeline.api.promises import ApprovalShape, DecisionShape, DelegationShape
from pipeline.commands.approvals import ask_approval, decide_approval, delegate_approval, withdraw_approval
from pipeline.enums import ApprovalState, PolicyArea
from pipeline.models import Approval
from pipeline.queries.promises import approvals_visible_to


class ApprovalFilters(FilterSet):
    """Filters of approvals."""

    state = ChoiceFilter("state", ApprovalState)
    area = ChoiceFilter("area", PolicyArea)
    opportunity = IdFilter("opportunity_id")
    approver = IdFilter("approver_id")


class Approvals(Records):
    """What was asked beyond the policy, of the deals you see and of you."""

    model = Approval
    record_url = "api_approval"
    serializer_class = ApprovalShape
    filterset_class = ApprovalFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[Approval]:
        """Return the approvals the person may see."""
        return approvals_visible_to(user)

    @extend_schema(request=ApprovalShape, responses={201: ApprovalShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask whoever the policy names; a value that is free or not sold is refused, since nobody is to be asked."""
        return self.made(ask_approval(by=request.user, at=self.at, **self.read(ApprovalShape)))

    @extend_schema(request=DecisionShape, responses=ApprovalShape)
    @idempotent
    @needs_tag
    def decide(self, request: Request, pk: int) -> Response:
        """Approve or refuse what you were asked."""
        found = self.get_record(pk)
        seen = self.seen(found)
        values = self.read(DecisionShape)
        return self.see(decide_approval(approval_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(request=DelegationShape, responses=ApprovalShape)
    @idempotent
    @needs_tag
    def delegate(self, request: Request, pk: int) -> Response:
        """Hand on what you were asked."""
        found = self.get_record(pk)
        seen = self.seen(found)
        values = self.read(DelegationShape)
        return self.see(delegate_approval(approval_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(request=None, responses=ApprovalShape)
    @idempotent
    @needs_tag
    def withdraw(self, request: Request, pk: int) -> Response:
        """Ask no longer, or live with the no."""
        self.read_nothing()
        found = self.get_record(pk)
        return self.see(withdraw_approval(approval_id=pk, seen_version=self.seen(found), by=request.user, at=self.at))
