"""Why a lead has its score, as of any moment."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.params import read_moment, read_whole, refused
from crm.api.resources import Records
from crm.models import User
from scoring.api.serializers import CurveShape, ScoreShape
from scoring.models import Lead
from scoring.policies.grades import get_grade
from scoring.queries.curves import get_score_curve
from scoring.queries.leads import leads_visible_to
from scoring.queries.rules import Rulebook, get_rulebook, models_visible_to
from scoring.queries.scores import get_score

AS_OF = OpenApiParameter(
    "as_of", str, description="A moment, or a day, which means its end in the organisation's zone; by default now."
)
KNOWN_AT = OpenApiParameter("known_at", str, description="Only what had been recorded by then; by default now.")
MODEL = OpenApiParameter(
    "model", int, description="The number of a version of the rules; by default the one in force then."
)
AHEAD_DAYS = 60


class Scores(Records):
    """The score of a lead, replayed from what it did."""

    model = Lead
    serializer_class = ScoreShape
    parameters: ClassVar = dict.fromkeys(("retrieve", "curve"), frozenset({"as_of", "known_at", "model"}))

    def visible_to(self, user: User) -> QuerySet[Lead]:
        """Return the leads the person may see."""
        return leads_visible_to(user)

    @extend_schema(parameters=[AS_OF, KNOWN_AT, MODEL])
    def retrieve(self, request: Request, pk: int) -> Response:
        """Give the score with every point traced."""
        lead = self.get_record(pk)
        as_of = read_moment(request, "as_of") or self.at
        known_at = read_moment(request, "known_at")
        score, book = get_score(lead.pk, as_of=as_of, known_at=known_at, book=self._book())
        shown: dict[str, Any] = {
            **asdict(score),
            "lead": lead.pk,
            "as_of": as_of,
            "known_at": known_at or self.at,
            "grade": get_grade(score, book.model) or None,
            "model_version": book.model.number,
            "threshold": book.model.threshold,
        }
        return Response(ScoreShape(shown).data)

    @extend_schema(parameters=[AS_OF, KNOWN_AT, MODEL], responses=CurveShape)
    def curve(self, request: Request, pk: int) -> Response:
        """Give the score over time: every rise and fall with its causes, and what comes in the 60 days after."""
        lead = self.get_record(pk)
        as_of = read_moment(request, "as_of") or self.at
        known_at = read_moment(request, "known_at")
        curve, book = get_score_curve(lead.pk, as_of=as_of, known_at=known_at, book=self._book(), ahead_days=AHEAD_DAYS)
        shown: dict[str, Any] = {
            "lead": lead.pk,
            "as_of": as_of,
            "known_at": known_at or self.at,
            "model_version": book.model.number,
            "threshold": book.model.threshold,
            "begin": curve.begin,
            "score": curve.shifts[-1].after if curve.shifts else curve.begin,
            "shifts": curve.shifts,
            "ahead": curve.ahead,
            "next_fall": curve.next_fall,
        }
        return Response(CurveShape(shown).data)

    def _book(self) -> Rulebook | None:
        number = read_whole(self.request, "model")
        if number is None:
            return None
        if not models_visible_to(self.request.user).filter(number=number).exists():
            raise refused("model", _("There is no such version of the rules."))
        return get_rulebook(number=number)
