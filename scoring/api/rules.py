"""The shapes of scoring models: settings, groups, rules and their conditions."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Flag, Id, Instant, Shape, Text
from crm.lib.values import Refusal
from scoring.enums import Counting, DecayKind, InactivityMode, ModelState, Operator, ScorePart
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.figures.counts import OUTCOMES
from scoring.labels import sentence
from scoring.models import ScoringModel
from scoring.policies.drafts import SETTINGS
from scoring.policies.lint import BLOCKING, lint
from scoring.policies.model_facts import model_facts

SMALLEST, LARGEST = -32_768, 32_767
Values = dict[str, Any]


class Number(serializers.IntegerField):
    """A whole number, which may be below 0; how large it may be is the rules' to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": SMALLEST, "max_value": LARGEST, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        """Return the number; text and fractions are none."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


_SINGLE = [{"type": "string"}, {"type": "number"}]


@extend_schema_field({"oneOf": [*_SINGLE, {"type": "array", "items": {"anyOf": _SINGLE}}], "nullable": True})
class Compared(serializers.Field[Any, Any, Any, Any]):
    """What a field is compared with: a text, a number, or several."""

    default_error_messages: ClassVar = {"invalid": gettext_lazy("A text, a number, or a list of those.")}

    def to_representation(self, value: Any) -> Any:
        """Return it as JSON has it."""
        return list(value) if isinstance(value, tuple) else value

    def to_internal_value(self, data: Any) -> Any:
        """Return it as a condition keeps it."""
        if any(isinstance(each, bool) or not isinstance(each, str | int | float) for each in _listed(data)):
            self.fail("invalid")
        return tuple(data) if isinstance(data, list) else data


class ComparedShape(Shape):
    """A field compared with a value."""

    field = Text(max_length=150)
    operator = Choice(choices=list(Operator))
    value = Compared(required=False, allow_null=True)

    def validate(self, attrs: Values) -> Any:
        """Return the condition."""
        if not {"field", "operator"} <= attrs.keys():  # a draft is changed in part, a condition never
            raise serializers.ValidationError(_("Give field, operator and value."))
        return Condition(attrs["field"], Operator(attrs["operator"]), attrs.get("value"))

    def to_representation(self, instance: Condition) -> Values:
        """Return it with several values as a list."""
        value = Compared().to_representation(instance.value)
        return {"field": instance.field, "operator": str(instance.operator), "value": value}


class ConditionShape(ComparedShape):
    """A field with an operator and a value, or events that happened so many times in so many days.

    Events of 0 times are to have none, in 0 days ever; `where` compares one `property.` of theirs.
    """

    field = Text(max_length=150, required=False)
    operator = Choice(choices=list(Operator), required=False)
    events = serializers.ListField(child=Text(max_length=100), required=False, max_length=50)
    times = Number(required=False)
    days = Number(required=False)
    where = ComparedShape(required=False, allow_null=True)

    def validate(self, attrs: Values) -> Any:
        """Return the condition."""
        if "events" in attrs and not attrs.keys() & {"field", "operator", "value"}:
            times, days = attrs.get("times", 1), attrs.get("days", 30)
            return EventCondition(frozenset(attrs["events"]), times, days, attrs.get("where"))
        if attrs.keys() <= {"field", "operator", "value"}:
            return super().validate(attrs)
        raise serializers.ValidationError(_("Give field, operator and value, or events, times, days and where."))

    def to_representation(self, instance: Any) -> Values:
        """Return the members that the kind of condition has."""
        if isinstance(instance, EventCondition):
            where = ComparedShape().to_representation(instance.where) if instance.where else None
            return {
                "events": sorted(instance.types), "times": instance.times, "days": instance.days, "where": where,
            }  # fmt: skip
        return super().to_representation(instance)


class DecayShape(Shape):
    """How points fade: `days` of a half-life or a window, `percent` lost in 30 days, `steps` of [age, percent left]."""

    kind = Choice(choices=list(DecayKind))
    days = Number(required=False)
    percent = Number(required=False)
    steps = serializers.ListField(
        child=serializers.ListField(child=Number(), min_length=2, max_length=2), required=False, max_length=50
    )

    def validate(self, attrs: Values) -> Any:
        """Return the decay."""
        steps = tuple((age, percent) for age, percent in attrs.get("steps", ()))
        return Decay(DecayKind(attrs["kind"]), attrs.get("days", 30), attrs.get("percent", 0), steps)

    def to_representation(self, instance: Any) -> Values:
        """Return it with its steps as lists."""
        steps = [list(step) for step in instance.steps]
        return {"kind": str(instance.kind), "days": instance.days, "percent": instance.percent, "steps": steps}


class RuleShape(Shape):
    """Points for events, or as long as conditions hold; what is not sent of a rule that exists stays as it is."""

    code = Text(max_length=100)
    name = Text(max_length=200, required=False)
    part = Choice(choices=list(ScorePart), required=False)
    group = Text(max_length=100, required=False, allow_blank=True)
    counting = Choice(choices=list(Counting), required=False)
    event_types = serializers.ListField(child=Text(max_length=100), required=False, max_length=50)
    conditions = ConditionShape(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # many takes what lists take
    points = Number(required=False)
    cap_count = Number(required=False, min_value=0)
    cap_days = Number(required=False, min_value=0)
    decay = DecayShape(required=False, allow_null=True)
    least = Number(required=False, allow_null=True)
    most = Number(required=False, allow_null=True)
    fast_track = Flag(required=False)

    def validate(self, attrs: Values) -> Values:
        """Return what the draft takes."""
        kinds = {"part": ScorePart, "counting": Counting, "event_types": frozenset, "conditions": tuple}
        return {name: kinds[name](value) if name in kinds else value for name, value in attrs.items()}

    def to_representation(self, instance: RuleFacts) -> Values:
        """Return the rule with its types in one order."""
        shown: Values = super().to_representation(instance)
        return shown | {"event_types": sorted(instance.event_types)}


class GroupShape(Shape):
    """Rules that share a part, a decay and the limits of what they bring together."""

    code = Text(max_length=100)
    name = Text(max_length=200, required=False)
    part = Choice(choices=list(ScorePart), required=False)
    decay = DecayShape(required=False, allow_null=True)
    least = Number(required=False, allow_null=True)
    most = Number(required=False, allow_null=True)

    def validate(self, attrs: Values) -> Values:
        """Return what the draft takes."""
        return attrs | ({"part": ScorePart(attrs["part"])} if "part" in attrs else {})


class OddShape(Shape):
    """Something nobody can have meant; with `blocks` the draft cannot be published so."""

    code = Text()
    message = Text()
    blocks = Flag()


class ModelShape(Shape):
    """One version of the rules. `rules` and `groups`, where sent, say which there are, in that order."""

    id = Id(source="pk", read_only=True)
    version = Number(read_only=True)
    number = Number(read_only=True)
    state = Choice(choices=list(ModelState), read_only=True)
    threshold = Number(required=False)
    rearm_margin = Number(required=False, min_value=0)
    inactivity_points = Number(required=False, min_value=0)
    inactivity_days = Number(required=False, min_value=0)
    inactivity_mode = Choice(choices=list(InactivityMode), required=False)
    floor = Number(required=False)
    ceiling = Number(required=False, allow_null=True)
    fit_limits = serializers.ListField(child=Number(), required=False, max_length=3)
    interest_limits = serializers.ListField(child=Number(), required=False, max_length=3)
    fades_twice = Flag(required=False)
    groups = GroupShape(many=True, required=False, max_length=100)  # type: ignore[call-arg]  # many takes what lists take
    rules = RuleShape(many=True, required=False, max_length=300)  # type: ignore[call-arg]  # many takes what lists take
    odd = OddShape(many=True, read_only=True)
    reason = Text(read_only=True)
    created_at = Instant(read_only=True)
    created_by = Id(source="created_by_id", read_only=True, allow_null=True)
    published_at = Instant(read_only=True, allow_null=True)
    published_by = Id(source="published_by_id", read_only=True, allow_null=True)
    retired_at = Instant(read_only=True, allow_null=True)

    def to_representation(self, instance: ScoringModel) -> Values:
        """Return the version with its rules as the policies read them."""
        facts = facts_of(instance)
        return super().to_representation(_Shown(instance, facts))

    def validate(self, attrs: Values) -> Values:
        """Return the settings as the draft takes them."""
        if "inactivity_mode" in attrs:
            attrs["inactivity_mode"] = InactivityMode(attrs["inactivity_mode"])
        for name in ("rules", "groups"):
            codes = [part["code"] for part in attrs.get(name, ())]
            if twice := [code for code in codes if codes.count(code) > 1]:
                raise serializers.ValidationError({name: [sentence(Refusal.of("twice", given=twice[0]))]})
        return attrs


class CopyShape(Shape):
    """Which older version the new draft says again, to go back to it; without it, what is in force."""

    number = Number(required=False, min_value=1)


class SuggestionShape(Shape):
    """The code of a rule whose suggested points are taken, and what scores are held against; by default qualified."""

    rule = Text(max_length=100)
    outcome = Choice(choices=list(OUTCOMES), required=False)


class PublishShape(Shape):
    """Why the rules change."""

    reason = Text(max_length=500)


class _Shown:
    """A version's row and what it says, as one thing to show."""

    def __init__(self, model: ScoringModel, facts: ModelFacts) -> None:
        self._model, self._facts = model, facts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._facts if name in {*SETTINGS, "rules", "groups"} else self._model, name)

    @property
    def odd(self) -> list[Values]:
        """Return what the lint says."""
        return [_odd(each) for each in lint(self._facts)] if self._model.state == ModelState.DRAFT else []


def facts_of(model: ScoringModel) -> ModelFacts:
    """Return a version as the policies read it, from rows that were fetched with it."""
    rules, groups = [vars(rule) for rule in model.rules.all()], [vars(group) for group in model.groups.all()]
    return model_facts(vars(model), rules=rules, groups=groups, silent_types=frozenset())


def wanted_of(parts: list[Values] | None, known: tuple[RuleFacts, ...] | tuple[GroupFacts, ...]) -> dict[str, Any]:
    """Return what a list of rules or groups makes of those there are: those it leaves out go."""
    if parts is None:
        return {}
    given = {part["code"]: part for part in parts}
    return {part.code: None for part in known if part.code not in given} | given


def _odd(refusal: Refusal) -> Values:
    return {"code": refusal.code, "message": sentence(refusal), "blocks": refusal.code in BLOCKING}


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]
