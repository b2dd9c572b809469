"""How leads find their rep: territories, shares, and what marketing and sales agreed on (S-9)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import IdFilter, RecordFilters
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.lib.sql import Fold
from crm.models import User
from crm.permissions import hide_unless
from crm.queries.access import get_access
from scoring.api.routing import RepShareShape, ShareShape, TermsShape, TerritoryShape
from scoring.commands.routing import add_territory, agree_on_terms, archive_territory, edit_territory, set_share
from scoring.models import HandoffTerms, Territory
from scoring.permissions import can_read_rules
from scoring.queries.reps import active_reps


class TerritoryFilters(RecordFilters):
    """Filters of territories."""

    team = IdFilter("team_id")
    rep = IdFilter("rep_id")


class Territories(Records):
    """Which leads are whose: read by everybody who sells or markets, written by marketing and administrators."""

    model = Territory
    record_url = "api_territory"
    serializer_class = TerritoryShape
    filterset_class = TerritoryFilters
    orderings: ClassVar = {"id": "id", "order": "order", "name": Fold("name")}
    default_ordering = "order"

    def visible_to(self, user: User) -> QuerySet[Territory]:
        """Return all of them, or nothing at all."""
        hide_unless(can_read_rules(get_access(user)))
        return Territory.objects.all()

    @extend_schema(request=TerritoryShape, responses={201: TerritoryShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Give leads of some countries, languages or industries to a team or a rep from now on."""
        return self.made(add_territory(values=self.read(TerritoryShape), by=request.user, at=self.at))

    @extend_schema(request=TerritoryShape, responses=TerritoryShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a territory; leads handed over before stay where they are."""
        seen, changes = self.seen(self.get_record(pk)), self.read(TerritoryShape, partial=True)
        return self.see(
            edit_territory(territory_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        )

    @extend_schema(request=None, responses=TerritoryShape)
    @idempotent
    @needs_tag
    def archive(self, request: Request, pk: int) -> Response:
        """Ask a territory no longer."""
        self.read_nothing()
        seen = self.seen(self.get_record(pk))
        return self.see(archive_territory(territory_id=pk, seen_version=seen, by=request.user, at=self.at))


class RepShares(Records):
    """What each active rep takes of the leads beside the others."""

    model = User
    record_url = "api_rep_share"
    serializer_class = RepShareShape
    derives = True  # a share has no version

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the active reps; who was given no share takes one."""
        hide_unless(can_read_rules(get_access(user)))
        none = Value([], output_field=ArrayField(CharField()))
        return active_reps().annotate(
            user_id=F("pk"),
            capacity=Coalesce("lead_share__capacity", 1),
            languages=Coalesce("lead_share__languages", none),
        )

    @extend_schema(request=RepShareShape, responses=RepShareShape)
    @idempotent
    def create(self, request: Request) -> Response:
        """Say how many leads a rep takes and in which languages; what was said before is forgotten."""
        self.get_queryset()
        share = set_share(**self.read(RepShareShape), by=request.user, at=self.at)
        return self.see(self.get_record(share.pk))

    @extend_schema(request=ShareShape, responses=RepShareShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what a rep takes, as it was read; what is not sent stays."""
        stands = self.get_record(pk)
        self.require_seen(stands)
        seen = {"capacity": stands.capacity, "languages": list(stands.languages)}
        set_share(user_id=pk, seen=seen, by=request.user, at=self.at, **self.read(ShareShape, partial=True))
        return self.see(self.get_record(pk))


class Terms(Records):
    """What marketing and sales agreed on."""

    model = HandoffTerms
    serializer_class = TermsShape

    def visible_to(self, user: User) -> QuerySet[HandoffTerms]:
        """Return the one row there is once something was agreed on."""
        hide_unless(can_read_rules(get_access(user)))
        return HandoffTerms.objects.all()

    def get_record(self, pk: int) -> HandoffTerms:
        """Return what was agreed on; before, what holds without."""
        return self.get_queryset().filter(pk=pk).first() or HandoffTerms(pk=pk)

    @extend_schema(request=TermsShape, responses=TermsShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Agree on something else from now on; clocks that run stay as they are."""
        seen, said = self.seen(self.get_record(pk)), self.read(TermsShape, partial=True)
        return self.see(agree_on_terms(**said, seen_version=seen, by=request.user, at=self.at))
