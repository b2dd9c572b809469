"""What marketing and sales agree on, want to reach and tell each other (LT-067, LT-068, LT-139)."""

from django.db.models import QuerySet
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, IdFilter
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.models import User
from scoring.api.agreements import CommentShape, DefinitionShape, GoalShape
from scoring.commands.agreements import agree_to_definition, propose_definition
from scoring.commands.together import add_comment, remove_comment, set_goal
from scoring.enums import AgreedTerm, GoalMeasure
from scoring.models import AgreedDefinition, LeadComment, LeadGoal
from scoring.queries.agreements import definitions_visible_to
from scoring.queries.together import comments_visible_to, goals_visible_to


class DefinitionFilters(FilterSet):
    """Filters of agreed definitions."""

    term = ChoiceFilter("term", AgreedTerm)


class AgreedDefinitions(Records):
    """What the words of both teams mean, every wording of each: proposed by one side, holding once the other agreed."""

    model = AgreedDefinition
    record_url = "api_agreed_definition"
    serializer_class = DefinitionShape
    filterset_class = DefinitionFilters
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[AgreedDefinition]:
        """Return every wording, or none."""
        return definitions_visible_to(user)

    @extend_schema(request=DefinitionShape, responses={201: DefinitionShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Propose a wording from your side; what waited for the other side is withdrawn."""
        return self.made(propose_definition(**self.read(DefinitionShape), by=request.user, at=self.at))

    @extend_schema(request=None, responses=DefinitionShape)
    @idempotent
    @needs_tag
    def agree(self, request: Request, pk: int) -> Response:
        """Agree to what the other side proposed; from then on it holds."""
        self.read_nothing()
        self.seen(self.get_record(pk))
        return self.see(agree_to_definition(definition_id=pk, by=request.user, at=self.at))


class GoalFilters(FilterSet):
    """Filters of goals."""

    measure = ChoiceFilter("measure", GoalMeasure)


class LeadGoals(Records):
    """What both teams want of the figures they share, every goal there was; the latest of a measure holds."""

    model = LeadGoal
    record_url = "api_lead_goal"
    serializer_class = GoalShape
    filterset_class = GoalFilters
    derives = True  # has no version
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[LeadGoal]:
        """Return every goal, or none."""
        return goals_visible_to(user)

    @extend_schema(request=GoalShape, responses={201: GoalShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Set a goal from now on, or drop it; one that holds already is given back as it stands."""
        return self.made(set_goal(**self.read(GoalShape), by=request.user, at=self.at))


class CommentFilters(FilterSet):
    """Filters of comments."""

    by = IdFilter("by_id")


class LeadComments(Records):
    """What marketing and sales told each other beside the board they share."""

    model = LeadComment
    record_url = "api_lead_comment"
    serializer_class = CommentShape
    filterset_class = CommentFilters
    derives = True  # has no version
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[LeadComment]:
        """Return what was said and not taken back, or nothing."""
        return comments_visible_to(user)

    @extend_schema(request=CommentShape, responses={201: CommentShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Tell both teams something."""
        return self.made(add_comment(**self.read(CommentShape), by=request.user, at=self.at))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Take back what you said."""
        remove_comment(comment_id=self.get_record(pk).pk, by=request.user, at=self.at)
        return Response(status=204)
