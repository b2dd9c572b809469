"""What was handed over, what waits to be, and low scores that are offered (S-9, D-27, FI-006)."""

from typing import ClassVar

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.filters import ChoiceFilter, FlagFilter, IdFilter, InstantFilter, TextFilter, between_moments
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.models import User
from scoring.api.routing import CrossingShape, HandedShape, ReleasedShape, ReleaseShape, TrialShape
from scoring.commands.handoffs import release_crossings
from scoring.enums import CrossingState, HandoffAnswer, WaitingReason
from scoring.models import Crossing, Handoff, HandoffNotice, Trial
from scoring.queries.inbox import handoffs_visible_to
from scoring.queries.leads import leads_visible_to
from scoring.queries.trials import trials_visible_to


class HandoffFilters(FilterSet):
    """Filters of handoffs."""

    lead = IdFilter("lead_id")
    owner = IdFilter("owner_id")
    answer = ChoiceFilter("answer", HandoffAnswer)
    reason = TextFilter("reason__code")
    waiting = FlagFilter("by_waiting", help_text=_("What waits for an answer, or what has one."))
    due_at__lt = InstantFilter("due_at", "lt")
    created_at__gte, created_at__lt = between_moments("created_at")

    def by_waiting(self, queryset: QuerySet[Handoff], name: str, value: str) -> QuerySet[Handoff]:
        """Return what waits for an answer, or what has one."""
        return queryset.filter(answered_at__isnull=value == "true")


class Handoffs(Records):
    """Leads handed to sales, your team's or subtree's: by when to answer, who was told, what was answered and why."""

    model = Handoff
    serializer_class = HandedShape
    filterset_class = HandoffFilters
    orderings: ClassVar = {"id": "id", "due_at": F("due_at"), "created_at": "created_at"}
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[Handoff]:
        """Return the handoffs of the person's reach."""
        notices = HandoffNotice.objects.order_by("at", "pk")
        return handoffs_visible_to(user).select_related("reason").prefetch_related(Prefetch("notices", notices))


class CrossingFilters(FilterSet):
    """Filters of crossings."""

    lead = IdFilter("lead_id")
    state = ChoiceFilter("state", CrossingState)
    waiting_reason = ChoiceFilter("waiting_reason", WaitingReason)
    crossed_at__gte, crossed_at__lt = between_moments("crossed_at")


class Crossings(Records):
    """When leads you see went over the threshold, and what became of it."""

    model = Crossing
    serializer_class = CrossingShape
    filterset_class = CrossingFilters
    orderings: ClassVar = {"id": "id", "crossed_at": "crossed_at"}
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[Crossing]:
        """Return the crossings of the leads the person may see."""
        return Crossing.objects.filter(lead__in=leads_visible_to(user)).select_related("handoff")

    @extend_schema(request=ReleaseShape, responses=ReleasedShape)
    @idempotent
    def release(self, request: Request) -> Response:
        """Hand over the chosen ones that wait; the clocks start now. What was released before is left alone."""
        wanted = self.read(ReleaseShape)["crossings"]
        handed = release_crossings(crossing_ids=wanted, by=request.user, at=self.at)
        found = Handoff.objects.filter(pk__in=[each.pk for each in handed])
        shown = found.select_related("reason").prefetch_related("notices").order_by("pk")
        return Response(ReleasedShape({"handoffs": shown}).data)


class TrialFilters(FilterSet):
    """Filters of leads to try."""

    owner = IdFilter("owner_id")
    lead = IdFilter("lead_id")


class Trials(Records):
    """Leads below the threshold that were drawn to be called and wait for an answer, so that nobody is blind there."""

    model = Trial
    serializer_class = TrialShape
    filterset_class = TrialFilters
    orderings: ClassVar = {"id": "id", "score": "score"}
    default_ordering = "-score"

    def visible_to(self, user: User) -> QuerySet[Trial]:
        """Return what was offered within the person's reach."""
        return trials_visible_to(user)
