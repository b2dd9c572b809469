"""Quarter reviews: ask for one, see how far it is, read it."""

from typing import Any, ClassVar

import django_filters
from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.filters import IdFilter, TextFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.enums import TokenScope
from crm.models import User
from reports.api.serializers import QbrDetailShape, QbrShape
from reports.commands.qbrs import ask_qbr
from reports.models import QbrAction, QbrRun
from reports.permissions import qbrs_visible_to
from reports.queries.qbrs import with_progress, with_standing


class QbrFilters(django_filters.FilterSet):
    """Filters of quarter reviews."""

    team = IdFilter("team_id")
    quarter = TextFilter("quarter")


class Qbrs(Records):
    """Quarter reviews of the teams you may read them of."""

    feature: ClassVar = "qbr"
    model = QbrRun
    record_url = "api_qbr"
    serializer_class = QbrShape
    filterset_class = QbrFilters
    derives = True
    reading: ClassVar = frozenset({TokenScope.READ, TokenScope.REPORTS_READ})
    orderings: ClassVar = {"id": "id", "asked_at": "asked_at", "quarter": F("quarter")}
    default_ordering = "-asked_at"

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the runs the person may read, with how far they are."""
        return with_progress(with_standing(qbrs_visible_to(user)))

    def address_of(self, run: QbrRun) -> str:
        """Return where the run is."""
        return self.request.build_absolute_uri(reverse(self.record_url, args=[run.pk]))

    @extend_schema(responses=QbrDetailShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Give a quarter review with its parts; while it is built, those that are done."""
        return super().retrieve(request, pk)

    def see(self, record: Any, **options: Any) -> Response:
        """Return a run, with its parts where it is looked at by itself."""
        if self.action == "retrieve":
            options["shape"] = QbrDetailShape
        return super().see(record, **options)

    def get_queryset(self) -> QuerySet[Any]:
        """Add parts and actions for one run."""
        runs = super().get_queryset()
        if self.action != "retrieve":
            return runs
        actions = QbrAction.objects.filter(archived_at=None)
        return runs.prefetch_related("parts", Prefetch("actions", actions, to_attr="actions_listed"))

    @extend_schema(request=QbrShape, responses={202: QbrShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask for a quarter review; 202 with the address whose `progress` runs from 0 to 1."""
        run = ask_qbr(**self.read(QbrShape), by=request.user, at=self.at)
        return self.see(self.get_record(run.pk), status=202, location=self.address_of(run))
