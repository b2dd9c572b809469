"""What happened to a deal, as of any moment (P-6)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from crm.api.params import read_moment
from crm.api.resources import Records
from crm.models import User
from pipeline.api.serializers import EventShape
from pipeline.models import OpportunityEvent
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.setpoints import get_codes

AS_OF = OpenApiParameter(
    "as_of",
    str,
    description="Only what was true then: a moment, or a day, which means its end in the organisation's zone.",
)
KNOWN_AT = OpenApiParameter("known_at", str, description="Only what had been recorded by then; by default now.")


@extend_schema_view(list=extend_schema(parameters=[AS_OF, KNOWN_AT]))
class History(Records):
    """What happened to a deal, append-only."""

    model = OpportunityEvent
    serializer_class = EventShape
    parameters: ClassVar = {"list": frozenset({"as_of", "known_at"})}
    orderings: ClassVar = {"seq": "seq", "occurred_at": "occurred_at"}
    default_ordering = "seq"

    def visible_to(self, user: User) -> QuerySet[OpportunityEvent]:
        """Return the events of the deal, where the person may see it."""
        if not opportunities_visible_to(user).filter(pk=self.kwargs["pk"]).exists():
            raise Http404
        events = OpportunityEvent.objects.filter(opportunity_id=self.kwargs["pk"])
        if as_of := read_moment(self.request, "as_of"):
            events = events.filter(occurred_at__lte=as_of)
        if known_at := read_moment(self.request, "known_at"):
            events = events.filter(recorded_at__lte=known_at)
        return events

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the codes that stand for ids in the values."""
        return {**super().get_serializer_context(), "codes": get_codes()}
