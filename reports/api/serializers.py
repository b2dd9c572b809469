"""The shapes of figures and quarter reviews."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, Shape, Text, Whole, instant_json
from crm.api.serializers import RelatedId
from crm.lib.envelope import Display, Envelope, Reason
from crm.queries.people import teams_visible_to
from reports.enums import PartKind, PartState, RunState

ANY = {"type": "object", "additionalProperties": True}


class FigureShape(Shape):
    """One figure with what it was asked for (the result envelope). Numbers are texts, so that no digit is lost.

    `value` is null exactly when `reason` says why. `excluded` names the records left out and why.
    """

    name = Text()
    group = Text(allow_null=True)
    group_label = Text(allow_null=True)
    value = Text(allow_null=True)
    unit = Text()
    numerator = Text(allow_null=True)
    denominator = Text(allow_null=True)
    n = Whole()
    reason = Choice(choices=list(Reason), allow_null=True)
    display = Choice(choices=list(Display))
    interval = serializers.DictField(allow_null=True)
    excluded = serializers.DictField(child=serializers.ListField(child=Text()))
    detail = serializers.DictField()
    parts = serializers.DictField()
    as_of = Instant()
    known_at = Instant()
    filters = serializers.DictField(child=Text())
    definition_version = Whole()
    ids = serializers.ListField(child=Text())
    ids_total = Whole()
    records_url = Text(allow_blank=True)


class FigureAnswerShape(FigureShape):
    """The figure, and its `rows`: one where it is a single number, one a group or setpoint where it is several.

    A single number also stands at the top, with all its members; of several the top holds what they share.
    """

    rows = FigureShape(many=True)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, of which only the question and the rows are always there."""
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name in {"name", "as_of", "known_at", "rows"}
        return fields


SHARED = ("filters", "definition_version")


def answer_json(name: str, envelopes: list[Envelope], *, as_of: datetime, known_at: datetime) -> dict[str, Any]:
    """Return the answer to a question about a figure."""
    rows = [envelope_json(envelope) for envelope in envelopes]
    if len(rows) == 1 and rows[0]["group"] is None:
        return {**rows[0], "rows": rows}
    asked = {"name": name, "as_of": instant_json(as_of), "known_at": instant_json(known_at)}
    shared = {member: rows[0][member] for member in SHARED} if rows else {}
    return {**asked, **shared, "rows": rows}


def envelope_json(envelope: Envelope) -> dict[str, Any]:
    """Return one envelope with ids as texts and moments in UTC, as everywhere in the API."""
    shown: dict[str, Any] = _with_text_ids(envelope.as_json())
    return shown | {"as_of": instant_json(envelope.as_of), "known_at": instant_json(envelope.known_at)}


def _with_text_ids(figure: dict[str, Any]) -> dict[str, Any]:
    shown = dict(figure)
    shown["excluded"] = {reason: [str(pk) for pk in pks] for reason, pks in figure["excluded"].items()}
    shown["parts"] = {name: _with_text_ids(part) for name, part in figure["parts"].items()}
    shown["detail"] = {
        name: instant_json(value) if isinstance(value, datetime) else value for name, value in figure["detail"].items()
    }
    if "ids" in figure:
        shown["ids"] = [str(pk) for pk in figure["ids"]]
    return shown


class QbrActionShape(Shape):
    """What somebody does by when; editable on its page, outside the frozen part."""

    id = Id(source="pk")
    text = Text()
    owner = Id(source="owner_id", allow_null=True)
    due_on = Day(allow_null=True)
    done_at = Instant(allow_null=True)
    is_suggested = Flag()


class QbrPartShape(Shape):
    """One part of a quarter review; `payload` is its frozen content once it is done."""

    kind = Choice(choices=list(PartKind))
    state = Choice(choices=list(PartState))
    payload = serializers.JSONField(allow_null=True)


class QbrShape(Shape):
    """A build of a quarter review. `progress` runs from 0 to 1; numbers are frozen when it is ready."""

    id = Id(source="pk", read_only=True)
    url = serializers.SerializerMethodField()
    team = RelatedId(source="team_id", visible=teams_visible_to)
    quarter = Text(max_length=6)
    number = Whole(read_only=True)
    status = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    as_of = Instant(read_only=True)
    known_at = Instant(read_only=True)
    is_so_far = Flag(read_only=True)
    asked_by = Id(source="asked_by_id", read_only=True, allow_null=True)
    asked_at = Instant(read_only=True)
    started_at = Instant(read_only=True, allow_null=True)
    finished_at = Instant(read_only=True, allow_null=True)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, run: Any) -> str:
        """Return where to ask how far it is."""
        url: str = self.context["view"].address_of(run)
        return url

    @extend_schema_field({"type": "string", "enum": ["queued", "building", "ready", "failed"]})
    def get_status(self, run: Any) -> str:
        """Return the state; a stopped build has failed, as far as a program waiting for it is concerned."""
        return RunState.FAILED if run.standing == RunState.STOPPED else run.standing

    @extend_schema_field({"type": "number", "minimum": 0, "maximum": 1})
    def get_progress(self, run: Any) -> float:
        """Return the share of the parts that is done."""
        return round(run.done / run.total, 4) if run.total else 0.0


class QbrDetailShape(QbrShape):
    """A build with its parts and actions."""

    parts = QbrPartShape(many=True, read_only=True)
    actions = QbrActionShape(many=True, source="actions_listed", read_only=True)
