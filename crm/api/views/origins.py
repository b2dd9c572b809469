"""Where interest comes from (D-41)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter, TextFilter
from crm.api.idempotency import idempotent
from crm.api.origins import CampaignShape, SourceShape
from crm.api.resources import Records
from crm.commands.origins import archive_origin, create_origin, edit_origin, restore_origin
from crm.enums import Channel, ContentType
from crm.lib.sql import Fold
from crm.models import Campaign, Source, User
from crm.queries.sources import campaigns_visible_to, sources_visible_to


class Origins(Records):
    """What sources and campaigns have in common; marketing and administrators write them."""

    model: ClassVar[Any]
    serializer_class: Any
    orderings: ClassVar = {"id": "id", "name": Fold("name")}
    default_ordering = "name"

    @idempotent
    def create(self, request: Request) -> Response:
        """Add one; its code comes of its name and stays."""
        return self.made(
            create_origin(self.model, values=self.read(self.serializer_class), by=request.user, at=self.at)
        )

    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is said of it; what came by it keeps it."""
        seen, changes = self.seen(self.get_record(pk)), self.read(self.serializer_class, partial=True)
        edit_origin(self.model, origin_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        return self.see(self.get_record(pk))

    @extend_schema(request=None)
    @idempotent
    @needs_tag
    def archive(self, request: Request, pk: int) -> Response:
        """Offer it no longer."""
        return self._put(pk, archive_origin)

    @extend_schema(request=None)
    @idempotent
    @needs_tag
    def restore(self, request: Request, pk: int) -> Response:
        """Offer it again."""
        return self._put(pk, restore_origin)

    def _put(self, pk: int, command: Any) -> Response:
        self.read_nothing()
        seen = self.seen(self.get_record(pk))
        command(self.model, origin_id=pk, seen_version=seen, by=self.request.user, at=self.at)
        return self.see(self.get_record(pk))


class SourceFilters(FilterSet):
    """Filters of sources."""

    code = TextFilter("code")
    channel = ChoiceFilter("channel", Channel)
    content_type = ChoiceFilter("content_type", ContentType)


class Sources(Origins):
    """Standing sources, those put away among them."""

    model = Source
    record_url = "api_source"
    serializer_class = SourceShape
    filterset_class = SourceFilters

    def visible_to(self, user: User) -> QuerySet[Source]:
        """Return every source, or none."""
        return sources_visible_to(user)


class CampaignFilters(FilterSet):
    """Filters of campaigns."""

    code = TextFilter("code")
    source = IdFilter("source_id")
    content_type = ChoiceFilter("content_type", ContentType)


class Campaigns(Origins):
    """Dated efforts, those put away among them."""

    model = Campaign
    record_url = "api_campaign"
    serializer_class = CampaignShape
    filterset_class = CampaignFilters

    def visible_to(self, user: User) -> QuerySet[Campaign]:
        """Return every campaign, or none."""
        return campaigns_visible_to(user).select_related("source")
