"""Deals: read, open, edit, move, close."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, FlagFilter, IdFilter, RecordFilters, TextFilter, between_days, between_moments
from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import Records
from crm.enums import Approach
from crm.lib.sql import Fold
from crm.models import User
from pipeline.api.missing import missing_facts
from pipeline.api.serializers import (
    CloseShape,
    MoveShape,
    NewOpportunityShape,
    OpportunityChangesShape,
    OpportunityShape,
)
from pipeline.api.signals import SnoozeShape
from pipeline.commands.attention import snooze_signal, wake_signal
from pipeline.commands.opportunities import (
    MoveRefused,
    close_opportunity,
    create_opportunity,
    edit_opportunity,
    move_opportunity,
)
from pipeline.enums import DealType, ForecastCategory, Outcome
from pipeline.models import Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.policies.signals import SIGNALS
from pipeline.queries.board_filter import FACTS_FALL_SHORT
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.setpoints import find_setpoint_id
from pipeline.queries.signal_badges import LANGUISHES, NEEDS_ATTENTION, has_signal, worst_signals

RELATED = (
    "pipeline",
    "setpoint",
    "evidenced_setpoint",
    "stage",
    "source",
    "campaign",
    "close_reason",
    "competitor",
    "current_step",
)


class OpportunityFilters(RecordFilters):
    """Filters of deals."""

    account = IdFilter("account_id")
    owner = IdFilter("owner_id")
    contact = IdFilter("contact_id")
    pipeline = TextFilter("pipeline__code")
    setpoint = TextFilter("setpoint__code")
    evidenced_setpoint = TextFilter("evidenced_setpoint__code")
    falls_short = FlagFilter("by_falling_short")
    signal = ChoiceFilter("severity", (NEEDS_ATTENTION, LANGUISHES, *SIGNALS), method="by_signal")
    outcome = ChoiceFilter("outcome", Outcome)
    open = FlagFilter("by_open")
    deal_type = ChoiceFilter("deal_type", DealType)
    approach = ChoiceFilter("approach", Approach)
    category = ChoiceFilter("category", ForecastCategory)
    source = TextFilter("source__code")
    campaign = TextFilter("campaign__code")
    expected_close_on__gte, expected_close_on__lt = between_days("expected_close_on")
    next_step_on__gte, next_step_on__lt = between_days("next_step_on")
    closed_at__gte, closed_at__lt = between_moments("closed_at")

    def by_open(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return deals being worked, or closed ones."""
        return queryset.filter(OPEN) if value == "true" else queryset.exclude(outcome="")

    def by_signal(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return open deals with a warning that speaks: one code, any that needs attention, or stuck at the end."""
        return queryset.filter(has_signal(value), archived_at=None)

    def by_falling_short(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return open deals whose facts carry them less far than they are claimed to be, or the other open ones."""
        return queryset.filter(OPEN, FACTS_FALL_SHORT if value == "true" else ~FACTS_FALL_SHORT)


class Opportunities(Records):
    """Deals your visibility reaches: your team's, those you manage; all for marketing and administrators."""

    model = Opportunity
    record_url = "api_opportunity"
    serializer_class = OpportunityShape
    filterset_class = OpportunityFilters
    derives = True  # the next step
    words = Fold("name")
    orderings: ClassVar = {
        "id": "id",
        "name": Fold("name"),
        "created_at": "created_at",
        "expected_close_on": F("expected_close_on"),
        "next_step_on": F("next_step_on"),
        "closed_at": F("closed_at"),
        "severity": "severity",
    }
    default_ordering = "-created_at"

    def visible_to(self, user: User) -> QuerySet[Opportunity]:
        """Return the deals the person may see."""
        return opportunities_visible_to(user).select_related(*RELATED).annotate(worst=worst_signals(len(SIGNALS)))

    @extend_schema(request=NewOpportunityShape, responses={201: OpportunityShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Open a deal, yours unless you name another owner."""
        values = {"owner_id": request.user.pk, **self.read(NewOpportunityShape)}
        if values["owner_id"] is None:
            values["owner_id"] = request.user.pk
        try:
            deal = create_opportunity(**values, by=request.user, at=self.at)
        except MoveRefused as refused:
            raise missing_facts(refused) from refused
        return self.made(self.get_record(deal.pk))

    @extend_schema(request=OpportunityChangesShape, responses=OpportunityShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change fields of a deal."""
        deal = self.get_record(pk)
        seen = self.seen(deal)
        changes = self.read(OpportunityChangesShape, partial=True)
        edit_opportunity(opportunity_id=deal.pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        return self.see(self.get_record(pk))

    @extend_schema(request=MoveShape, responses=OpportunityShape)
    @idempotent
    @needs_tag
    def move(self, request: Request, pk: int) -> Response:
        """Move a deal to a setpoint; 422 lists the facts still missing, and whether a reason may stand in for them."""
        deal = self.get_record(pk)
        seen = self.seen(deal)
        values = self.read(MoveShape)
        to = find_setpoint_id(deal.pipeline_id, values.pop("setpoint"))
        if to is None:
            raise Problem(
                422, "unknown_setpoint", errors={"setpoint": [_("The deal's pipeline has no such setpoint.")]}
            )
        try:
            move_opportunity(opportunity_id=deal.pk, to=to, seen_version=seen, by=request.user, at=self.at, **values)
        except MoveRefused as refused:
            raise missing_facts(refused) from refused
        return self.see(self.get_record(pk))

    @extend_schema(request=CloseShape, responses=OpportunityShape)
    @idempotent
    @needs_tag
    def close(self, request: Request, pk: int) -> Response:
        """Close a deal as won, lost, without decision or declined."""
        deal = self.get_record(pk)
        seen = self.seen(deal)
        values = self.read(CloseShape)
        close_opportunity(opportunity_id=deal.pk, seen_version=seen, by=request.user, at=self.at, **values)
        return self.see(self.get_record(pk))

    @extend_schema(request=SnoozeShape, responses=OpportunityShape)
    @idempotent
    @needs_tag
    def snooze(self, request: Request, pk: int, code: str) -> Response:
        """Let a warning rest until a day, with a reason; it speaks again on that day."""
        deal = self.get_record(pk)
        deal.require_version(self.seen(deal))
        snooze_signal(opportunity_id=deal.pk, code=code, by=request.user, at=self.at, **self.read(SnoozeShape))
        return self.see(self.get_record(pk))

    @extend_schema(request=None, responses=OpportunityShape)
    @idempotent
    @needs_tag
    def wake(self, request: Request, pk: int, code: str) -> Response:
        """Let a warning that rests speak again now."""
        deal = self.get_record(pk)
        deal.require_version(self.seen(deal))
        wake_signal(opportunity_id=deal.pk, code=code, by=request.user, at=self.at)
        return self.see(self.get_record(pk))
