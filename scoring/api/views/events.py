"""Taking events in, one or up to a thousand (contract.md)."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.parsers import ManyParser
from crm.api.problems import Problem, flatten, sentence
from crm.api.resources import ApiView, Values
from crm.enums import TokenScope
from crm.lib.values import Refusal
from scoring.api.serializers import EventAnswersShape, NewEventShape, NewEventsShape
from scoring.commands.events import record_events
from scoring.enums import EventStatus
from scoring.facts import EventAnswer, NewEvent

MOST_EVENTS = 1000
BODY = PolymorphicProxySerializer(
    component_name="NewEventOrEvents", serializers=[NewEventShape, NewEventsShape], resource_type_field_name=None
)


class Events(ApiView):
    """What leads and visitors did. Each event is answered by itself; a bad one does not hold up the others."""

    serializer_class = EventAnswersShape
    parser_classes = (ManyParser,)
    writing: ClassVar = frozenset({TokenScope.WRITE, TokenScope.EVENTS_WRITE})

    @extend_schema(request=BODY, responses={202: EventAnswersShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Store one event, or `{"events": [...]}` with up to 1,000; accepted means stored and counted."""
        given = self._given()
        read = [self._read(one) for one in given]
        good = [event for event in read if isinstance(event, NewEvent)]
        answers = iter(record_events(events=good, by=request.user, at=self.at))
        shown = [
            answer_json(next(answers)) if isinstance(event, NewEvent) else rejected_json(one, event)
            for one, event in zip(given, read, strict=True)
        ]
        return Response({"events": shown}, status=202)

    def _given(self) -> Sequence[Any]:
        body = self.request.data
        if not isinstance(body, dict):
            raise Problem(400, "invalid", errors={"body": [_("Send one event, or an object with a list of events.")]})
        if "events" not in body:
            return [body]
        if set(body) != {"events"}:
            raise Problem(400, "invalid", errors={"body": [_("Beside events nothing else may stand.")]})
        events = body["events"]
        if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
            raise Problem(400, "invalid", errors={"events": [_("A list of 1 to 1,000 events.")]})
        return events

    def _read(self, given: Any) -> NewEvent | dict[str, list[str]]:
        """Return the event, or what is wrong with its fields."""
        try:
            values = _shape().run_validation(given)
        except ValidationError as error:
            return flatten(error.detail)
        whose: Values = values["lead"]
        return NewEvent(
            idempotency_key=values["idempotency_key"],
            type=values["type"],
            occurred_at=values["occurred_at"],
            lead_id=whose.get("id"),
            external_id=whose.get("external_id", ""),
            email=whose.get("email", ""),
            visitor=whose.get("visitor", ""),
            properties=values.get("properties", {}),
        )


@cache
def _shape() -> NewEventShape:
    """Return the shape that reads every event; it keeps nothing of what it read."""
    return NewEventShape()


def answer_json(answer: EventAnswer) -> Values:
    """Return what became of an event that could be read, as `EventAnswerShape` has it."""
    return {
        "idempotency_key": answer.idempotency_key,
        "status": answer.status,
        "event": _id(answer.event_id),
        "lead": _id(answer.lead_id),
        "why": [why_json(refusal) for refusal in answer.refusals],
    }


def why_json(refusal: Refusal) -> Values:
    """Return one reason, with its field where it has one."""
    params = dict(refusal.params)
    return {
        "code": refusal.code,
        "message": sentence(refusal),
        **({"field": params["field"]} if "field" in params else {}),
    }


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def rejected_json(given: Any, errors: dict[str, list[str]]) -> Values:
    """Return what became of an event whose fields could not be read."""
    key = given.get("idempotency_key") if isinstance(given, dict) else None
    return {
        "idempotency_key": _writable(key) if isinstance(key, str) else None,
        "status": EventStatus.REJECTED,
        "event": None,
        "lead": None,
        "why": [
            {"code": "invalid", "field": field, "message": message} for field, why in errors.items() for message in why
        ],
    }


def _writable(text: str) -> str:
    """Return a text that an answer can hold, with a mark for each character that none can."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
