"""The shape of what one version of the rules says and does differently from another."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Flag, Id, Instant, Shape, Text, Whole
from crm.models import User
from scoring.api.rules import ConditionShape, DecayShape, GroupShape, RuleShape
from scoring.api.simulations import WeeklyShape
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, RuleFacts
from scoring.models import ScoringModel
from scoring.policies.changes import changes
from scoring.queries.effects import KnownEffect, get_known_effect, get_tried_against, only_visible
from scoring.queries.rules import to_facts

SHAPES: dict[type, Any] = {
    Decay: DecayShape, Condition: ConditionShape, EventCondition: ConditionShape, RuleFacts: RuleShape,
    GroupFacts: GroupShape,
}  # fmt: skip


@extend_schema_field({})
class Said(serializers.Field[Any, Any, Any, Any]):
    """What a setting, a rule or a group said: a value, or the whole of a rule or group that was added or removed."""

    def to_representation(self, value: Any) -> Any:
        """Return it as JSON has it."""
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, tuple):
            return [self.to_representation(each) for each in value]
        shape = SHAPES.get(type(value))
        return shape().to_representation(value) if shape else value


class ChangeShape(Shape):
    """One difference: of a setting, or of the rule or group of that code; `added`, `removed` and `order` are fields too."""

    field = Text()
    rule = Text(allow_blank=True)
    group = Text(allow_blank=True)
    name = Text(allow_blank=True)
    old = Said(allow_null=True)
    new = Said(allow_null=True)


class DifferentEffectShape(Shape):
    """How many leads of the past the version would newly bring over its threshold, how many not any more."""

    threshold = serializers.IntegerField()
    newly = Whole()
    newly_leads = serializers.ListField(child=Id(), source="newly_ids")
    gone = Whole()
    gone_leads = serializers.ListField(child=Id(), source="gone_ids")
    a_week = WeeklyShape()


class DifferenceShape(Shape):
    """What a version says differently from `against`, and does, by the newest try of the one against the other.

    `effect` is null where none was tried; with `is_dated` the version changed since the try of `tried_as_of`.
    `known_against` are the versions the effect is known against.
    """

    number = Whole()
    against = Whole(allow_null=True)
    changes = ChangeShape(many=True)
    tried_as_of = Instant(allow_null=True)
    leads = Whole(allow_null=True)
    is_dated = Flag()
    is_awaited = Flag()
    known_against = serializers.ListField(child=Whole())
    effect = DifferentEffectShape(allow_null=True)


def shown_difference(model: ScoringModel, against: ScoringModel | None, *, user: User) -> Any:
    """Return the difference of two versions as the API shows it; leads the person may not see are left out."""
    facts = to_facts(model)
    known = get_known_effect(model, facts, against) if against else KnownEffect()
    values = {
        "number": model.number,
        "against": against and against.number,
        "changes": changes(to_facts(against), facts) if against else [],
        "tried_as_of": known.tried and known.tried.as_of,
        "leads": known.tried and known.tried.leads,
        "is_dated": known.is_dated,
        "is_awaited": known.awaited is not None,
        "known_against": get_tried_against(model, facts),
        "effect": known.effect and only_visible(known.effect, user=user),
    }
    return DifferenceShape(values).data
