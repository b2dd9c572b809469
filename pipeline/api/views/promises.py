"""What customers were promised and what became of it; won deals that go to delivery."""

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
from pipeline.api.resources import CheckShape, EndShape, HandoverShape, PromiseShape
from pipeline.commands.handovers import accept_handover, check_delivery
from pipeline.commands.promises import add_promise, end_promise
from pipeline.enums import PromiseState
from pipeline.models import Handover, Promise
from pipeline.queries.handovers import handovers_visible_to, with_follow_up
from pipeline.queries.promises import promises_visible_to


class PromiseFilters(FilterSet):
    """Filters of promises."""

    state = ChoiceFilter("state", PromiseState)
    opportunity = IdFilter("opportunity_id")
    owner = IdFilter("owner_id")


class Promises(Records):
    """What customers were told we would do, on the deals you see and by you."""

    model = Promise
    record_url = "api_promise"
    serializer_class = PromiseShape
    filterset_class = PromiseFilters
    orderings: ClassVar = {"id": "id", "due_on": "due_on"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[Promise]:
        """Return the promises the person may see."""
        return promises_visible_to(user)

    @extend_schema(request=PromiseShape, responses={201: PromiseShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Note a promise; beyond what the policy leaves free it needs an approval that covers it."""
        return self.made(add_promise(by=request.user, at=self.at, **self.read(PromiseShape)))

    @extend_schema(request=EndShape, responses=PromiseShape)
    @idempotent
    @needs_tag
    def end(self, request: Request, pk: int) -> Response:
        """Say what became of a promise; it ends once."""
        seen, values = self.seen(self.get_record(pk)), self.read(EndShape)
        return self.see(end_promise(promise_id=pk, seen_version=seen, by=request.user, at=self.at, **values))


class HandoverFilters(FilterSet):
    """Filters of handovers."""

    to = IdFilter("to_id")
    opportunity = IdFilter("opportunity_id")


class Handovers(Records):
    """Won deals that go to delivery: those addressed to you, and of the deals you see."""

    model = Handover
    record_url = "api_handover"
    serializer_class = HandoverShape
    filterset_class = HandoverFilters
    derives = True

    def visible_to(self, user: User) -> QuerySet[Handover]:
        """Return the handovers the person may see."""
        return with_follow_up(handovers_visible_to(user))

    @extend_schema(request=None, responses=HandoverShape)
    @idempotent
    @needs_tag
    def accept(self, request: Request, pk: int) -> Response:
        """Take a won deal over."""
        self.read_nothing()
        accept_handover(handover_id=pk, seen_version=self.seen(self.get_record(pk)), by=request.user, at=self.at)
        return self.see(self.get_record(pk))

    @extend_schema(request=CheckShape, responses=HandoverShape)
    @idempotent
    @needs_tag
    def check(self, request: Request, pk: int) -> Response:
        """Say whether it was delivered as sold; the last check counts."""
        seen, values = self.seen(self.get_record(pk)), self.read(CheckShape)
        check_delivery(handover_id=pk, seen_version=seen, by=request.user, at=self.at, **values)
        return self.see(self.get_record(pk))
