"""What happens next on a deal: planned, moved to another day, done or given up (P-2, D-25)."""

from typing import ClassVar

from django.db.models import F, QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import FlagFilter
from crm.api.idempotency import idempotent
from pipeline.api.criteria import NextStepShape, StepDayShape, StepEndShape
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands.opportunities import (
    complete_next_step,
    drop_next_step,
    reschedule_next_step,
    set_next_step,
)
from pipeline.models import NextStep


class NextStepFilters(FilterSet):
    """Filters of next steps."""

    open = FlagFilter("by_open")

    def by_open(self, queryset: QuerySet[NextStep], name: str, value: str) -> QuerySet[NextStep]:
        """Return the steps that are ahead, or those that ended."""
        ahead = {"done_at": None, "dropped_at": None}
        return queryset.filter(**ahead) if value == "true" else queryset.exclude(**ahead)


class NextSteps(OfDeal):
    """The next steps of a deal, the earliest open one being its current one; `open=true` is what is ahead."""

    model = NextStep
    derives = True
    serializer_class = NextStepShape
    filterset_class = NextStepFilters
    orderings: ClassVar = {"id": "id", "due_on": F("due_on")}

    @extend_schema(request=NextStepShape, responses={201: NextStepShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Agree on a next step; the same one again is the one there is."""
        self.get_queryset()
        step = set_next_step(opportunity_id=deal_id, by=request.user, at=self.at, **self.read(NextStepShape))
        return self.see(step, status=201)

    def retrieve(self, request: Request, pk: int, deal_id: int = 0) -> Response:
        """Give one step."""
        return super().retrieve(request, pk)

    @extend_schema(request=StepDayShape, responses=NextStepShape)
    @idempotent
    @needs_tag
    def reschedule(self, request: Request, deal_id: int, pk: int) -> Response:
        """Move a step to another day."""
        seen = self.get_record(pk)
        self.require_seen(seen)
        sent = {"seen_due_on": seen.due_on, "by": request.user, "at": self.at}
        return self.see(reschedule_next_step(step_id=pk, **sent, **self.read(StepDayShape)))

    @extend_schema(request=StepEndShape, responses=NextStepShape)
    @idempotent
    @needs_tag
    def end(self, request: Request, deal_id: int, pk: int) -> Response:
        """Say that a step was done, or given up; it ends once."""
        self.require_seen(self.get_record(pk))
        end = complete_next_step if self.read(StepEndShape)["done"] else drop_next_step
        end(step_id=pk, by=request.user, at=self.at)
        return self.see(self.get_record(pk))
