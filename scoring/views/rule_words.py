"""Rules in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from scoring.enums import Counting, DecayKind, FieldKind
from scoring.facts import Condition, Decay, EventCondition, RuleFacts
from scoring.forms.asked import Asked, get_asked_values, value_in_words
from scoring.labels.rules import OPERATORS, RULE_FIELD_NAMES
from scoring.policies.asking import FIELDS, WITHOUT_VALUE
from scoring.policies.conditions import PROPERTY


def cap_in_words(count: int, days: int) -> str:
    """Return how often a rule counts."""
    if not count:
        return _("each time")
    text = ngettext("%(count)s time in %(days)s days", "%(count)s times in %(days)s days", count)
    return text % {"count": count, "days": days}


def condition_in_words(condition: Condition | EventCondition, asked: Asked, names: Mapping[str, str]) -> str:
    """Return what a rule asks for as a few words."""
    if isinstance(condition, EventCondition):
        return _happened(condition, asked, names)
    field = RULE_FIELD_NAMES.get(condition.field)
    if field is None:
        field = _("Property “%(name)s”") % {"name": condition.field.removeprefix(PROPERTY)}
    return _compared(str(field), condition, asked)


def _compared(field: str, condition: Condition, asked: Asked) -> str:
    compared = f"{field} {OPERATORS[condition.operator]}"
    if condition.operator in WITHOUT_VALUE:
        return compared
    value = value_in_words(condition, asked) or "…"
    is_number = FIELDS.get(condition.field) is FieldKind.NUMBER and value.isdecimal()
    return f"{compared} {formats.number(int(value)) if is_number else value}"


def _happened(condition: EventCondition, asked: Asked, names: Mapping[str, str]) -> str:
    what = ", ".join(names.get(each, each) for each in sorted(condition.types)) or "…"
    if where := condition.where:
        name = _("“%(name)s”") % {"name": where.field.removeprefix(PROPERTY)}
        what = _("%(what)s where %(compared)s") % {"what": what, "compared": _compared(name, where, asked)}
    words = {"what": what, "times": condition.times, "days": condition.days}
    if condition.times == 0:
        return (_("%(what)s: not once in %(days)s days") if condition.days else _("%(what)s: never")) % words
    if condition.days == 0:
        return ngettext("%(what)s: %(times)s time ever", "%(what)s: %(times)s times ever", condition.times) % words
    pattern = ngettext(
        "%(what)s: %(times)s time in %(days)s days", "%(what)s: %(times)s times in %(days)s days", condition.times
    )
    return pattern % words


def decay_in_words(decay: Decay | None) -> str:
    """Return how points fade, in a few words; nothing where they do not."""
    if decay is None or decay.kind is DecayKind.NONE:
        return ""
    steps = ", ".join(f"{age}: {formats.percent(left / 100)}" for age, left in decay.steps)
    words = {"days": decay.days, "percent": decay.percent, "steps": steps}
    return {
        DecayKind.HALF_LIFE: _("half is left after %(days)s days"),
        DecayKind.LINEAR: _("%(percent)s%% go every 30 days"),
        DecayKind.STEP: _("left up to days of age: %(steps)s"),
        DecayKind.WINDOW: _("gone after %(days)s days"),
    }[decay.kind] % words


def rule_in_words(rule: RuleFacts, names: Mapping[str, str]) -> list[str]:
    """Return what a rule does, said in short sentences for somebody who reads it the first time."""
    asked = get_asked_values()
    types = ", ".join(f"“{names.get(each, each)}”" for each in sorted(rule.event_types)) or "…"
    params = {"points": formats.signed(rule.points), "types": types}
    pattern = {
        Counting.EACH: _("%(points)s points each time for %(types)s"),
        Counting.FIRST: _("%(points)s points the first time for %(types)s"),
        Counting.WHILE: _("%(points)s points for as long as this holds"),
    }[rule.counting]
    conditions = [condition_in_words(each, asked, names) for each in rule.conditions]
    said = [pattern % params]
    if conditions:
        said.append(_("only if %(conditions)s") % {"conditions": "; ".join(conditions)})
    if rule.counting is Counting.EACH and rule.cap_count:
        said.append(_("at most %(times)s") % {"times": cap_in_words(rule.cap_count, rule.cap_days)})
    if rule.most is not None:
        said.append(_("%(points)s together at most") % {"points": formats.number(rule.most)})
    if fades := decay_in_words(rule.decay):
        said.append(fades)
    if rule.fast_track:
        said.append(_("straight to sales, whatever the score"))
    return said
