"""Figures, as their page and `manage.py figures` give them (D-50)."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.params import read_moment, refused
from crm.api.problems import sentence
from crm.api.resources import ApiView
from crm.enums import TokenScope
from crm.models import Team, User
from crm.queries.organisation import get_local_date
from crm.queries.people import teams_visible_to, users_visible_to
from pipeline.models import Pipeline
from reports.api.serializers import FigureAnswerShape, answer_json
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import FigureRefused, compute
from reports.queries.named import NotUnderstood, find_person, find_pipeline, find_team, read_period

ASKED = {
    "as_of": "What was true then: a moment, or a day, which means its end in the organisation's zone; by default now.",
    "known_at": "Only what had been recorded by then; by default now.",
    "from": "The first day of the period, or a whole period: 2026, 2026Q3, 2026-07.",
    "to": "The last day of the period.",
    "team": "A team with those below it, by id or name.",
    "owner": "A person, by id or e-mail.",
    "pipeline": "A pipeline, by its code.",
    "by": "One row each: owner, team, pipeline, deal_type, source, industry, setpoint or month; for figures of leads also "
    "campaign, channel, content_type, and where they crossed the threshold version and band.",
}


class Figures(ApiView):
    """One figure over what you may see."""

    serializer_class = FigureAnswerShape
    reading: ClassVar = frozenset({TokenScope.READ, TokenScope.REPORTS_READ})
    parameters: ClassVar = {"retrieve": frozenset(ASKED)}

    @extend_schema(
        parameters=[
            OpenApiParameter("name", str, OpenApiParameter.PATH, enum=sorted(CATALOGUE)),
            *(OpenApiParameter(name, str, description=text) for name, text in ASKED.items()),
        ]
    )
    def retrieve(self, request: Request, name: str) -> Response:
        """Give a figure with its definition's version, its interval and the records behind it."""
        if name not in CATALOGUE:
            raise Http404
        try:
            question = self._question()
            envelopes = compute(name, user=request.user, at=self.at, **question)
        except (FigureRefused, NotUnderstood) as error:
            raise refused(error.field or "name", " ".join(sentence(why) for why in error.refusals)) from error
        as_of, known_at = question["as_of"] or self.at, question["known_at"] or self.at
        return Response(answer_json(name, envelopes, as_of=as_of, known_at=known_at))

    def _question(self) -> dict[str, Any]:
        as_of = read_moment(self.request, "as_of")
        asked = self.request.query_params
        today = get_local_date(as_of or self.at)
        return {
            "as_of": as_of,
            "known_at": read_moment(self.request, "known_at"),
            "period": read_period(asked.get("from"), asked.get("to"), today=today),
            "team": self._team(asked.get("team")),
            "owner": self._owner(asked.get("owner")),
            "pipeline": self._pipeline(asked.get("pipeline")),
            "by": asked.get("by", ""),
        }

    def _team(self, text: str | None) -> Team | None:
        if text is None:
            return None
        teams = teams_visible_to(self.request.user)
        if not is_id(text):
            return find_team(text, teams)
        return teams.filter(pk=int(text)).first() or self._unknown("team")

    def _owner(self, text: str | None) -> User | None:
        if text is None:
            return None
        if not is_id(text):
            return find_person(text)
        return users_visible_to(self.request.user).filter(pk=int(text)).first() or self._unknown("owner")

    def _pipeline(self, text: str | None) -> Pipeline | None:
        return None if text is None else find_pipeline(text)

    def _unknown(self, name: str) -> Any:
        raise refused(name, _("There is no such record, or you may not see it."))


def is_id(text: str) -> bool:
    """Whether the text is an id rather than a name."""
    return text.isascii() and text.isdigit() and len(text) <= 18
