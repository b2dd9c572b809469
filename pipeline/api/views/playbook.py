"""What to say to whom, and what was learned at meetings."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter, RecordFilters
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.enums import Seniority
from crm.models import User
from pipeline.api.playbook import GuideShape, MeetingRecordShape
from pipeline.commands.guides import create_guide, edit_guide
from pipeline.commands.meetings import write_meeting_record
from pipeline.models import MeetingRecord, MessageGuide
from pipeline.queries.guides import guides_visible_to
from pipeline.queries.meetings import records_visible_to
from pipeline.queries.opportunities import opportunities_visible_to


class GuideFilters(RecordFilters):
    """Filters of guides."""

    seniority = ChoiceFilter("seniority", Seniority)
    persona = IdFilter("persona_id")
    competitor = IdFilter("competitor_id")


class Guides(Records):
    """What to say to whom, written by marketing and administrators."""

    model = MessageGuide
    record_url = "api_guide"
    serializer_class = GuideShape
    filterset_class = GuideFilters

    def visible_to(self, user: User) -> QuerySet[MessageGuide]:
        """Return the guides, or none."""
        return guides_visible_to(user)

    @extend_schema(request=GuideShape, responses={201: GuideShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Write a guide."""
        values = self.read(GuideShape)
        key = values.pop("external_id", None)
        return self.made(create_guide(values=values, external_id=key, by=request.user, at=self.at))

    @extend_schema(request=GuideShape, responses=GuideShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a guide."""
        seen = self.seen(self.get_record(pk))
        changes = self.read(GuideShape, partial=True)
        return self.see(edit_guide(guide_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at))


class MeetingRecords(Records):
    """What was learned at the meetings of a deal."""

    model = MeetingRecord
    serializer_class = MeetingRecordShape

    def visible_to(self, user: User) -> QuerySet[MeetingRecord]:
        """Return what was written down at the deal, where the person may see it."""
        if not opportunities_visible_to(user).filter(pk=self.kwargs["deal_id"]).exists():
            raise Http404
        return records_visible_to(user).filter(opportunity_id=self.kwargs["deal_id"])

    @extend_schema(request=MeetingRecordShape, responses={201: MeetingRecordShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Write down what was learned at a meeting of the deal; of one that is written down, what is not sent stays."""
        self.get_queryset()
        values = self.read(MeetingRecordShape)
        place = {"opportunity_id": deal_id, "activity_id": values.pop("activity_id")}
        kept = write_meeting_record(**place, changes=values, by=request.user, at=self.at)
        return Response(self.get_serializer(kept).data, 201)
