"""Leads: read, add, edit, accept, reject, give, try, convert."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, FlagFilter, IdFilter, InstantFilter, RecordFilters, TextFilter, WholeFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.enums import Channel
from crm.lib.sql import Fold
from crm.models import User
from crm.queries.access import get_access
from pipeline.api.missing import missing_facts
from pipeline.commands.opportunities import MoveRefused
from scoring.api.routing import GivingShape
from scoring.api.serializers import ConversionShape, ConvertingShape, LeadChangesShape, LeadShape, RejectionShape
from scoring.commands.conversion import convert_lead
from scoring.commands.giving import give_lead
from scoring.commands.handoffs import accept_lead, reject_lead
from scoring.commands.leads import create_lead, edit_lead
from scoring.commands.trials import pass_trial, take_trial
from scoring.enums import LeadStatus
from scoring.models import Handoff, Lead, Trial
from scoring.policies.grades import GRADES
from scoring.queries.leads import leads_visible_to, with_open_handoff
from scoring.queries.scores import SCORED, freshen_scores

RELATED = ("source", "campaign", SCORED)


def _open_handoffs() -> QuerySet[Handoff]:
    return Handoff.objects.filter(lead_id=OuterRef("pk"), answered_at=None)


class LeadFilters(RecordFilters):
    """Filters of leads."""

    status = ChoiceFilter("status", LeadStatus)
    owner = IdFilter("owner_id")
    account = IdFilter("account_id")
    contact = IdFilter("contact_id")
    email = TextFilter("email", lookup_expr="iexact")
    channel = ChoiceFilter("channel", Channel)
    source = TextFilter("source__code")
    campaign = TextFilter("campaign__code")
    country = TextFilter("country")
    grade = ChoiceFilter("score__grade", GRADES)
    score__gte = WholeFilter("score__score", "gte")
    score__lt = WholeFilter("score__score", "lt")
    waiting = FlagFilter("by_waiting", help_text=_("Leads with a handoff to answer, or those without."))
    handoff_owner = IdFilter("", method="by_handoff_owner", help_text=_("Whose handoff it is to answer."))
    handoff_due__lt = InstantFilter("", "lt", method="by_due", help_text=_("To be answered before this moment."))

    def by_waiting(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Return the leads that wait for an answer, or all others."""
        waits = Exists(_open_handoffs())
        return queryset.filter(waits if value == "true" else ~waits)

    def by_handoff_owner(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Return the leads this person is to answer."""
        return queryset.filter(Exists(_open_handoffs().filter(owner_id=int(value))))

    def by_due(self, queryset: QuerySet[Lead], name: str, value: datetime) -> QuerySet[Lead]:
        """Return the leads to be answered before a moment."""
        return queryset.filter(Exists(_open_handoffs().filter(due_at__lt=value)))


class Leads(Records):
    """Leads your visibility reaches: your team's and those handed to it; all for marketing and administrators."""

    model = Lead
    record_url = "api_lead"
    serializer_class = LeadShape
    filterset_class = LeadFilters
    derives = True  # the score and the handoff
    words = Fold(Concat("first_name", Value(" "), "last_name", Value(" "), "company"))
    beginnings = ("email",)
    orderings: ClassVar = {"id": "id", "created_at": "created_at", "score": F("score__score")}
    default_ordering = "-created_at"

    def visible_to(self, user: User) -> QuerySet[Lead]:
        """Return the leads the person may see."""
        return with_open_handoff(leads_visible_to(user).select_related(*RELATED))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of leads, their scores as they are now; filters and orders go by the stored ones."""
        page = super().paginate_queryset(queryset)
        freshen_scores(page or [], at=self.at)
        return page

    def see(self, record: Any, **given: Any) -> Response:
        """Return a lead with its score as it is now."""
        if isinstance(record, Lead):
            freshen_scores([record], at=self.at)
        return super().see(record, **given)

    @extend_schema(request=LeadShape, responses={201: LeadShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a lead; yours unless you name another owner, and nobody's where you see leads nobody owns."""
        access = get_access(request.user)
        owner_id = None if access.is_admin or access.is_marketing else request.user.pk
        lead = create_lead(**{"owner_id": owner_id, **self.read(LeadShape)}, by=request.user, at=self.at)
        return self.made(whole(lead.pk))

    @extend_schema(request=LeadChangesShape, responses=LeadShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change fields of a lead."""
        lead = self.get_record(pk)
        seen = self.seen(lead)
        changes = self.read(LeadChangesShape, partial=True)
        edit_lead(lead_id=lead.pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        return self._after(pk)

    @extend_schema(request=None, responses=LeadShape)
    @idempotent
    @needs_tag
    def accept(self, request: Request, pk: int) -> Response:
        """Take a lead that was handed over to you."""
        self.read_nothing()
        lead = self.get_record(pk)
        accept_lead(lead_id=lead.pk, seen_version=self.seen(lead), by=request.user, at=self.at)
        return self._after(pk)

    @extend_schema(request=RejectionShape, responses=LeadShape)
    @idempotent
    @needs_tag
    def reject(self, request: Request, pk: int) -> Response:
        """Send a lead back to marketing with a reason."""
        lead = self.get_record(pk)
        seen = self.seen(lead)
        reject_lead(lead_id=lead.pk, seen_version=seen, by=request.user, at=self.at, **self.read(RejectionShape))
        return self._after(pk)

    @extend_schema(request=GivingShape, responses=LeadShape)
    @idempotent
    @needs_tag
    def give(self, request: Request, pk: int) -> Response:
        """Give a lead that was handed over to somebody who sells; a new clock starts now."""
        lead = self.get_record(pk)
        seen = self.seen(lead)
        give_lead(lead_id=lead.pk, seen_version=seen, by=request.user, at=self.at, **self.read(GivingShape))
        return self._after(pk)

    @extend_schema(request=None, responses=LeadShape)
    @idempotent
    @needs_tag
    def take(self, request: Request, pk: int) -> Response:
        """Take a lead below the threshold that you were offered to try."""
        return self._answer(pk, take_trial)

    @extend_schema(request=None, responses=LeadShape)
    @idempotent
    @needs_tag
    def leave(self, request: Request, pk: int) -> Response:
        """Leave a lead that you were offered to try as it is."""
        return self._answer(pk, pass_trial)

    @extend_schema(request=ConvertingShape, responses=ConversionShape)
    @idempotent
    @needs_tag
    def convert(self, request: Request, pk: int) -> Response:
        """Make account, contact and deal of a lead, all or nothing."""
        lead = self.get_record(pk)
        seen = self.seen(lead)
        values: dict[str, Any] = self.read(ConvertingShape)
        try:
            conversion = convert_lead(lead_id=lead.pk, seen_version=seen, by=request.user, at=self.at, **values)
        except MoveRefused as refused:
            raise missing_facts(refused) from refused
        return Response(ConversionShape(conversion).data)

    def _answer(self, pk: int, command: Callable[..., Trial]) -> Response:
        self.read_nothing()
        lead = self.get_record(pk)
        command(lead_id=lead.pk, seen_version=self.seen(lead), by=self.request.user, at=self.at)
        return self._after(pk)

    def _after(self, pk: int) -> Response:
        # A lead given to another team is no longer there for who gave it; the answer still says what was done.
        return self.see(whole(pk))


def whole(pk: int) -> Lead:
    """Return a lead with what its shape shows."""
    return with_open_handoff(Lead.objects.select_related(*RELATED)).get(pk=pk)
