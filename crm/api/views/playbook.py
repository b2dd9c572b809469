"""Kinds of buyers, and what is worth knowing of companies."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter, RecordFilters
from crm.api.idempotency import idempotent
from crm.api.playbook import InsightChangesShape, InsightShape, PersonaShape
from crm.api.resources import Records
from crm.commands.insights import add_insight, edit_insight, end_insight
from crm.commands.personas import create_persona, edit_persona
from crm.enums import Burner, InsightKind
from crm.lib.sql import Fold
from crm.models import AccountInsight, Persona, User
from crm.queries.insights import insights_visible_to
from crm.queries.personas import personas_visible_to


class PersonaFilters(RecordFilters):
    """Filters of personas."""


class Personas(Records):
    """Kinds of buyers, written by marketing and administrators."""

    model = Persona
    record_url = "api_persona"
    serializer_class = PersonaShape
    filterset_class = PersonaFilters
    orderings: ClassVar = {"id": "id", "name": Fold("name")}
    default_ordering = "name"

    def visible_to(self, user: User) -> QuerySet[Persona]:
        """Return the personas, or none."""
        return personas_visible_to(user)

    @extend_schema(request=PersonaShape, responses={201: PersonaShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a kind of buyer."""
        values = self.read(PersonaShape)
        key = values.pop("external_id", None)
        return self.made(create_persona(values=values, external_id=key, by=request.user, at=self.at))

    @extend_schema(request=PersonaShape, responses=PersonaShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change what is said of a kind of buyer."""
        seen = self.seen(self.get_record(pk))
        changes = self.read(PersonaShape, partial=True)
        return self.see(edit_persona(persona_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at))


class InsightFilters(RecordFilters):
    """Filters of insight."""

    account = IdFilter("account_id")
    kind = ChoiceFilter("kind", InsightKind)
    burner = ChoiceFilter("burner", Burner)


class Insights(Records):
    """Aims, goals, events and coming changes of companies; what is no longer so is archived."""

    model = AccountInsight
    record_url = "api_insight"
    serializer_class = InsightShape
    filterset_class = InsightFilters
    orderings: ClassVar = {"id": "id", "created_at": "created_at"}

    def visible_to(self, user: User) -> QuerySet[AccountInsight]:
        """Return what is known of the company's accounts, or nothing."""
        return insights_visible_to(user)

    @extend_schema(request=InsightShape, responses={201: InsightShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Note something of a company; what holds already is given back as it stands."""
        values = self.read(InsightShape)
        place = {"account_id": values.pop("account_id"), "external_id": values.pop("external_id", None)}
        return self.made(add_insight(**place, values=values, by=request.user, at=self.at))

    @extend_schema(request=InsightChangesShape, responses=InsightShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Put right what was noted, or move a goal to another burner."""
        seen = self.seen(self.get_record(pk))
        changes = self.read(InsightChangesShape, partial=True)
        return self.see(edit_insight(insight_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at))

    @extend_schema(request=None, responses=InsightShape)
    @idempotent
    @needs_tag
    def end(self, request: Request, pk: int) -> Response:
        """Say that it is no longer so."""
        self.read_nothing()
        seen = self.seen(self.get_record(pk))
        return self.see(end_insight(insight_id=pk, seen_version=seen, by=request.user, at=self.at))
