"""Shared hours: whose they are, what was asked of them, given, declined, spent; questions to those who deliver."""

from typing import ClassVar

from django.db.models import Model, QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.models import User
from crm.permissions import hide_unless
from crm.queries.organisation import get_local_date
from pipeline.api.resources import (
    AcceptanceShape,
    AnswerShape,
    DeclineShape,
    QuestionShape,
    RequestShape,
    ResourceShape,
    SpentShape,
)
from pipeline.commands.questions import answer_delivery, ask_delivery
from pipeline.commands.resources import (
    accept_request,
    decline_request,
    finish_request,
    request_hours,
    withdraw_request,
)
from pipeline.enums import RequestState, ResourceKind
from pipeline.models import DeliveryQuestion, Resource, ResourceRequest
from pipeline.queries.questions import questions_visible_to
from pipeline.queries.resources import get_weeks, may_see_resources, next_weeks, requests_visible_to, resources_in_use

WEEKS = 6


class Resources(Records):
    """Whose hours deals share, with how many of them are free in the next weeks."""

    model: ClassVar[type[Model]] = Resource
    serializer_class = ResourceShape
    orderings: ClassVar = {"id": "id"}

    def visible_to(self, user: User) -> QuerySet[Resource]:
        """Return everybody whose hours are shared, for whoever sells or gives them."""
        hide_unless(may_see_resources(user))
        return resources_in_use()

    def list(self, request: Request, **parts: object) -> Response:
        """List whose hours deals share, with their next weeks."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        weeks = get_weeks([each.pk for each in page], next_weeks(get_local_date(self.at), WEEKS))
        for each in page:
            each.next_weeks = weeks.get(each.pk, [])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class RequestFilters(FilterSet):
    """Filters of requests."""

    state = ChoiceFilter("state", RequestState)
    kind = ChoiceFilter("kind", ResourceKind)
    opportunity = IdFilter("opportunity_id")
    resource = IdFilter("resource_id")


class Requests(Records):
    """Shared hours that were asked of you, of those you manage, and for the deals you see."""

    model = ResourceRequest
    record_url = "api_resource_request"
    serializer_class = RequestShape
    filterset_class = RequestFilters
    orderings: ClassVar = {"id": "id", "due_on": "due_on"}
    default_ordering = "id"

    def visible_to(self, user: User) -> QuerySet[ResourceRequest]:
        """Return the requests the person may see."""
        return requests_visible_to(user)

    @extend_schema(request=RequestShape, responses={201: RequestShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask for hours; where the deal's economics are not known or speak against it, give a reason of 20 characters."""
        return self.made(request_hours(by=request.user, at=self.at, **self.read(RequestShape)))

    @extend_schema(request=AcceptanceShape, responses=RequestShape)
    @idempotent
    @needs_tag
    def accept(self, request: Request, pk: int) -> Response:
        """Set the hours aside, where the weeks until then have them."""
        seen, values = self.seen(self.get_record(pk)), self.read(AcceptanceShape)
        return self.see(accept_request(request_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(request=DeclineShape, responses=RequestShape)
    @idempotent
    @needs_tag
    def decline(self, request: Request, pk: int) -> Response:
        """Decline, or take back hours that were set aside."""
        seen, values = self.seen(self.get_record(pk)), self.read(DeclineShape)
        return self.see(decline_request(request_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(request=SpentShape, responses=RequestShape)
    @idempotent
    @needs_tag
    def finish(self, request: Request, pk: int) -> Response:
        """Say how many hours it took; they become a cost of the deal."""
        seen, values = self.seen(self.get_record(pk)), self.read(SpentShape)
        return self.see(finish_request(request_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(request=None, responses=RequestShape)
    @idempotent
    @needs_tag
    def withdraw(self, request: Request, pk: int) -> Response:
        """Ask no longer."""
        self.read_nothing()
        seen = self.seen(self.get_record(pk))
        return self.see(withdraw_request(request_id=pk, seen_version=seen, by=request.user, at=self.at))


class QuestionFilters(FilterSet):
    """Filters of questions."""

    opportunity = IdFilter("opportunity_id")
    to = IdFilter("to_id")


class Questions(Records):
    """What those who deliver were asked, about the deals you see and of you."""

    model = DeliveryQuestion
    record_url = "api_question"
    serializer_class = QuestionShape
    filterset_class = QuestionFilters

    def visible_to(self, user: User) -> QuerySet[DeliveryQuestion]:
        """Return the questions the person may see."""
        return questions_visible_to(user)

    @extend_schema(request=QuestionShape, responses={201: QuestionShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask somebody in product, delivery or operations."""
        return self.made(ask_delivery(by=request.user, at=self.at, **self.read(QuestionShape)))

    @extend_schema(request=AnswerShape, responses=QuestionShape)
    @idempotent
    @needs_tag
    def answer(self, request: Request, pk: int) -> Response:
        """Answer what you were asked; the first answer stays."""
        seen, values = self.seen(self.get_record(pk)), self.read(AnswerShape)
        return self.see(answer_delivery(question_id=pk, seen_version=seen, by=request.user, at=self.at, **values))
