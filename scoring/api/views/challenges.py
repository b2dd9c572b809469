"""Champion and challenger: start, end, and what they came to (S-12, B29)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.lib.envelope import Figure
from crm.models import User
from scoring.api.challenges import ChallengeEndShape, ChallengeResultShape, ChallengeShape
from scoring.commands.challenges import end_challenge, start_challenge
from scoring.enums import ChallengeMetric
from scoring.models import Challenge
from scoring.queries.challenges import challenges_visible_to, get_result


class Challenges(Records):
    """Versions of the rules tried on a share of the leads; one runs at a time."""

    model = Challenge
    record_url = "api_scoring_challenge"
    serializer_class = ChallengeShape
    default_ordering = "-id"

    def visible_to(self, user: User) -> QuerySet[Challenge]:
        """Return every challenge to whom the rules are open."""
        return challenges_visible_to(user)

    @extend_schema(request=ChallengeShape, responses={201: ChallengeShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Make the draft the challenger of the rules in force."""
        values = self.read(ChallengeShape)
        values["metric"] = ChallengeMetric(values["metric"])
        return self.made(start_challenge(**values, by=request.user, at=self.at))

    @extend_schema(request=ChallengeEndShape, responses=ChallengeShape)
    @idempotent
    @needs_tag
    def end(self, request: Request, pk: int) -> Response:
        """Keep the champion, or put the challenger in force."""
        seen = self.seen(self.get_record(pk))
        values = self.read(ChallengeEndShape)
        return self.see(end_challenge(challenge_id=pk, seen_version=seen, by=request.user, at=self.at, **values))

    @extend_schema(responses=ChallengeResultShape)
    def result(self, request: Request, pk: int) -> Response:
        """Give what both sides came to as of now, of one that ended as of its end."""
        challenge: Challenge = self.get_record(pk)
        as_of: datetime = challenge.ended_at or self.at
        found = get_result(challenge, as_of=as_of)
        sides = {name: {**_share(part), "compared": part.n, **part.detail} for name, part in found.parts.items()}
        detail = {name: found.detail[name] for name in ("verdict", "minimum")}
        return Response(ChallengeResultShape({"as_of": as_of, **_share(found), **detail, **sides}).data)


def _share(figure: Figure) -> dict[str, Any]:
    interval = figure.interval
    return {"value": figure.value, "low": interval and interval.low, "high": interval and interval.high}
