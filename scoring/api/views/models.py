"""Scoring models: versions of the rules; one draft, which marketing changes and publishes (S-3, S-6)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, WholeFilter
from crm.api.idempotency import idempotent
from crm.api.params import read_whole
from crm.api.resources import Records
from crm.lib.values import Refusal
from crm.models import User
from scoring.api.rules import CopyShape, ModelShape, PublishShape, SuggestionShape, facts_of, wanted_of
from scoring.api.versions import DifferenceShape, shown_difference
from scoring.commands.calibration import take_suggestion
from scoring.commands.rules import RulesRefused, begin_draft, discard_draft, edit_draft, publish_draft
from scoring.enums import ModelState
from scoring.models import ScoringModel
from scoring.queries.effects import find_compared
from scoring.queries.rules import models_visible_to

AGAINST = OpenApiParameter("against", int, description="The number of the other version.")


class ModelFilters(FilterSet):
    """Filters of versions."""

    state = ChoiceFilter("state", ModelState)
    number = WholeFilter("number")


class ScoringModels(Records):
    """The versions of the rules: read by everybody who sells or markets, drafts by marketing alone."""

    model = ScoringModel
    record_url = "api_scoring_model"
    serializer_class = ModelShape
    filterset_class = ModelFilters
    derives = True  # a version is retired without a change of its own
    default_ordering = "-id"
    parameters: ClassVar = {"changes": frozenset({"against"})}

    def visible_to(self, user: User) -> QuerySet[ScoringModel]:
        """Return the versions the person may see."""
        return models_visible_to(user).prefetch_related("rules", "groups")

    @extend_schema(request=CopyShape, responses={201: ModelShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Begin a draft; there is one at a time."""
        draft = begin_draft(number=self.read(CopyShape).get("number"), by=request.user, at=self.at)
        return self.made(self.get_queryset().get(pk=draft.pk))

    @extend_schema(request=ModelShape, responses=ModelShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the draft: settings one by one, rules and groups as the lists of those there are to be."""
        draft = self.get_record(pk)
        seen = self.seen(draft)
        _require_draft(draft)
        wanted: dict[str, Any] = self.read(ModelShape, partial=True)
        rules, groups, facts = wanted.pop("rules", None), wanted.pop("groups", None), facts_of(draft)
        edit_draft(
            settings=wanted,
            rules=wanted_of(rules, facts.rules),
            groups=wanted_of(groups, facts.groups),
            order=[rule["code"] for rule in rules or ()],
            group_order=[group["code"] for group in groups or ()],
            seen_version=seen,
            by=request.user,
            at=self.at,
        )
        return self.see(self.get_record(pk))

    @extend_schema(request=None, responses={204: None})
    @needs_tag
    def destroy(self, request: Request, pk: int) -> Response:
        """Forget the draft."""
        draft = self.get_record(pk)
        seen = self.seen(draft)
        _require_draft(draft)
        discard_draft(seen_version=seen, by=request.user, at=self.at)
        return Response(status=204)

    @extend_schema(request=PublishShape, responses=ModelShape)
    @idempotent
    @needs_tag
    def publish(self, request: Request, pk: int) -> Response:
        """Put the draft in force. Leads it brings over the threshold wait for a person."""
        draft = self.get_record(pk)
        seen = self.seen(draft)
        _require_draft(draft)
        publish_draft(seen_version=seen, by=request.user, at=self.at, **self.read(PublishShape))
        return self.see(self.get_record(pk))

    @extend_schema(request=SuggestionShape, responses=ModelShape)
    @idempotent
    @needs_tag
    def take_suggestion(self, request: Request, pk: int) -> Response:
        """Give a rule of the draft the points that the latest try suggests (`simulate/` says which)."""
        draft = self.get_record(pk)
        seen = self.seen(draft)
        _require_draft(draft)
        asked = self.read(SuggestionShape)
        outcome = asked.get("outcome", "qualified")
        take_suggestion(code=asked["rule"], outcome=outcome, seen_version=seen, by=request.user, at=self.at)
        return self.see(self.get_record(pk))

    @extend_schema(parameters=[AGAINST], responses=DifferenceShape)
    def changes(self, request: Request, pk: int) -> Response:
        """Give what a version says differently from another, and whom it would bring over the threshold or no more.

        Without `against` a draft is held against what is in force, and what was in force against what was before it,
        the first version against nothing.
        """
        model, number = self.get_record(pk), read_whole(request, "against")
        against = find_compared(model, number, user=request.user)
        if against is None and number is not None:
            raise Http404
        return Response(shown_difference(model, against, user=request.user))


def _require_draft(model: ScoringModel) -> None:
    if model.state != ModelState.DRAFT:
        raise RulesRefused(Refusal.of("not_a_draft", number=model.number))
