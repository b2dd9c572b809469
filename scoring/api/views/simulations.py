"""Trying a version of the rules on the real past (S-7, S-8)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.params import read_whole, refused
from crm.api.resources import Records
from crm.models import User
from scoring.api.simulations import SimulationShape, shown
from scoring.commands.simulations import ask_simulation
from scoring.figures.counts import OUTCOMES
from scoring.models import ScoringModel
from scoring.queries.rules import models_visible_to
from scoring.queries.simulations import get_latest

THRESHOLD = OpenApiParameter("threshold", int, description="Any threshold; by default that of the rules tried.")
OUTCOME = OpenApiParameter(
    "outcome", str, enum=list(OUTCOMES), description="What scores are held against; by default qualified."
)
CAPACITY = OpenApiParameter("capacity", int, description="Leads a week sales can take, for a suggested threshold.")
PRECISION = OpenApiParameter("precision", int, description="The percent that is to become qualified, for the same.")
HOURS = OpenApiParameter("hours_a_lead", int, description="Hours of a rep a lead takes; by default 1.")
WISHES = ("capacity", "precision")


class Simulations(Records):
    """What versions of the rules would have done."""

    model = ScoringModel
    record_url = "api_scoring_model"
    serializer_class = SimulationShape
    parameters: ClassVar = {"retrieve": frozenset({"threshold", "outcome", "hours_a_lead", *WISHES})}

    def visible_to(self, user: User) -> QuerySet[ScoringModel]:
        """Return the versions the person may see."""
        return models_visible_to(user)

    @extend_schema(parameters=[THRESHOLD, OUTCOME, CAPACITY, PRECISION, HOURS], responses=SimulationShape)
    def retrieve(self, request: Request, pk: int) -> Response:
        """Give the latest try of a version: how far it is, and when it is ready what any threshold would bring."""
        tried, threshold = get_latest(model_id=self.get_record(pk).pk), read_whole(request, "threshold")
        if tried is None:
            raise Http404
        capacity, percent = (read_whole(request, name) for name in WISHES)
        wishes = {"capacity": capacity, "precision": None if percent is None else percent / 100}
        hours, outcome = read_whole(request, "hours_a_lead") or 1, _read_outcome(request)
        wished = wishes if any(wishes.values()) else None
        return Response(shown(tried, threshold, user=request.user, outcome=outcome, hours_a_lead=hours, wishes=wished))

    @extend_schema(request=None, responses={202: SimulationShape})
    @idempotent
    def create(self, request: Request, pk: int) -> Response:
        """Ask for a version to be tried on all leads against the one in force; ask the same address for the result."""
        tried = ask_simulation(model_id=self.get_record(pk).pk, by=request.user, at=self.at)
        location = request.build_absolute_uri(reverse("api_scoring_model_simulate", args=[pk]))
        body: dict[str, Any] = shown(tried, None, user=request.user)
        return Response(body, 202, headers={"Location": location})


def _read_outcome(request: Request) -> str:
    outcome = request.query_params.get("outcome", "qualified")
    if outcome not in OUTCOMES:
        raise refused("outcome", _("One of %(outcomes)s.") % {"outcomes": ", ".join(OUTCOMES)})
    return outcome
