"""What is known of the elements of a deal, and what was."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.filters import ChoiceFilter, FlagFilter
from crm.api.idempotency import idempotent
from pipeline.api.qualification import AssessmentShape
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands.qualification import assess_element
from pipeline.enums import Element
from pipeline.models import Assessment


class AssessmentFilters(FilterSet):
    """Filters of assessments."""

    element = ChoiceFilter("element", Element)
    current = FlagFilter("by_current")

    def by_current(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return what stands, or what something newer took the place of."""
        return queryset.filter(ended_at=None) if value == "true" else queryset.exclude(ended_at=None)


class Assessments(OfDeal):
    """What was ever known of the elements of a deal, append-only; `current=true` is what is known now."""

    model = Assessment
    serializer_class = AssessmentShape
    filterset_class = AssessmentFilters
    orderings: ClassVar = {"id": "id", "at": "at"}

    @extend_schema(request=AssessmentShape, responses={201: AssessmentShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Assess an element; what stood before stays with its end, and saying the same again changes nothing."""
        self.get_queryset()
        made = assess_element(opportunity_id=deal_id, by=request.user, at=self.at, **self.read(AssessmentShape))
        return Response(self.get_serializer(made).data, 201)
