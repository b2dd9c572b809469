"""Rules and what changed in them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from scoring.enums import Counting, DecayKind, ScorePart
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.figures.hits import Hits
from scoring.forms.condition_rows import get_asked_values, value_in_words
from scoring.forms.rules import RulesForm
from scoring.labels import SCORE_PARTS
from scoring.labels.rules import COUNTINGS, INACTIVITY_MODES, OPERATORS, RULE_FIELD_NAMES
from scoring.policies.asking import WITHOUT_VALUE
from scoring.policies.changes import ADDED, REMOVED, Change
from scoring.policies.conditions import PROPERTY

PART_ICONS = {ScorePart.FIT: "building-2", ScorePart.ENGAGEMENT: "mail", ScorePart.BEHAVIOUR: "mouse-pointer-click"}
ICONS = {
    "pricing_page_viewed": "tag",
    "whitepaper_downloaded": "file-down",
    "webinar_attended": "video",
    "demo_requested": "hand",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule as its table shows it: fields where it can be changed, what is in force where that differs."""

    rule: RuleFacts
    icon: str
    cap: str
    asks: list[str]
    fades: str
    points: Any = None
    cap_count: Any = None
    was_points: int | None = None
    was_cap: str = ""
    is_new: bool = False
    hits: Hits | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else than what is in force."""
        return self.is_new or self.was_points is not None or bool(self.was_cap)


@dataclass(frozen=True, slots=True)
class Section:
    """Rules under one heading: those of a group, or those of a part that are in none.

    `brings` is what its rules give once, beside the most the group lets through.
    """

    title: str
    rows: list[RuleRow]
    group: GroupFacts | None = None
    brings: int = 0
    fades: str = ""


def get_sections(
    model: ModelFacts,
    *,
    names: Mapping[str, str],
    form: RulesForm | None = None,
    before: ModelFacts | None = None,
    hits: Mapping[str, Hits] | None = None,
) -> list[Section]:
    """Return the rules of a model under their headings, in order; `hits` say who met each, where that was tried."""
    known = {rule.code: rule for rule in before.rules} if before else None
    asked = get_asked_values()
    rows = [replace(_row(rule, known, form, asked, names), hits=(hits or {}).get(rule.code)) for rule in model.rules]
    found = []
    for part in (ScorePart.BEHAVIOUR, ScorePart.ENGAGEMENT, ScorePart.FIT):
        loose = [row for row in rows if row.rule.part is part and not row.rule.group]
        if loose:
            found.append(Section(str(SCORE_PARTS[part]), loose))
        for group in model.groups:
            if group.part is part:
                inside = [row for row in rows if row.rule.group == group.code]
                brings = sum(max(row.rule.points, 0) for row in inside)
                found.append(Section(group.name, inside, group, brings, decay_in_words(group.decay)))
    return found


def _row(
    rule: RuleFacts,
    known: Mapping[str, RuleFacts] | None,
    form: RulesForm | None,
    asked: dict[str, dict[str, str]],
    names: Mapping[str, str],
) -> RuleRow:
    was = known.get(rule.code, rule) if known else rule
    holds = rule.counting is Counting.WHILE
    return RuleRow(
        rule=rule,
        icon=next((ICONS[code] for code in sorted(rule.event_types) if code in ICONS), PART_ICONS[rule.part]),
        cap=_counts(rule),
        asks=[condition_in_words(each, asked, names) for each in rule.conditions],
        fades=decay_in_words(rule.decay),
        points=form[f"{rule.code}-points"] if form else None,
        cap_count=form[f"{rule.code}-cap_count"] if form and not holds and rule.counting is Counting.EACH else None,
        was_points=was.points if was.points != rule.points else None,
        was_cap=cap_in_words(was.cap_count, was.cap_days) if was.cap_count != rule.cap_count else "",
        is_new=known is not None and rule.code not in known,
    )


def _counts(rule: RuleFacts) -> str:
    if rule.counting is Counting.WHILE:
        return _("as long as it holds")
    return _("the first time") if rule.counting is Counting.FIRST else cap_in_words(rule.cap_count, rule.cap_days)


def cap_in_words(count: int, days: int) -> str:
    """Return how often a rule counts."""
    if not count:
        return _("each time")
    text = ngettext("%(count)s time in %(days)s days", "%(count)s times in %(days)s days", count)
    return text % {"count": count, "days": days}


def condition_in_words(
    condition: Condition | EventCondition, asked: dict[str, dict[str, str]], names: Mapping[str, str]
) -> str:
    """Return what a rule asks for as a few words."""
    if isinstance(condition, EventCondition):
        types = ", ".join(names.get(each, each) for each in sorted(condition.types))
        words = {"types": types, "days": condition.days}
        return ngettext(
            "%(types)s: %(times)s time in %(days)s days", "%(types)s: %(times)s times in %(days)s days", condition.times
        ) % (words | {"times": condition.times})
    field = RULE_FIELD_NAMES.get(condition.field)
    if field is None:
        field = _("Property “%(name)s”") % {"name": condition.field.removeprefix(PROPERTY)}
    compared = f"{field} {OPERATORS[condition.operator]}"
    return compared if condition.operator in WITHOUT_VALUE else f"{compared} {value_in_words(condition, asked)}"


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


def change_in_words(change: Change) -> str:
    """Return one difference as a sentence: what it was, what it becomes."""
    if change.field in (ADDED, REMOVED):
        pattern = _("%(name)s: added.") if change.field == ADDED else _("%(name)s: removed.")
        return pattern % {"name": change.name}
    params = {"name": change.name, "old": _value(change.field, change.old), "new": _value(change.field, change.new)}
    return str(CHANGED[change.field]) % params


CHANGED: dict[str, Any] = {
    "threshold": gettext_lazy("Hand over at %(new)s instead of %(old)s."),
    "rearm_margin": gettext_lazy("Hand over again after a fall of %(new)s instead of %(old)s."),
    "inactivity_points": gettext_lazy("Silence takes %(new)s points instead of %(old)s."),
    "inactivity_days": gettext_lazy("Silence begins to count after %(new)s days instead of %(old)s."),
    "inactivity_mode": gettext_lazy("Silence takes points %(new)s, not %(old)s."),
    "floor": gettext_lazy("The lowest score is %(new)s instead of %(old)s."),
    "ceiling": gettext_lazy("The highest score is %(new)s instead of %(old)s."),
    "fades_twice": gettext_lazy("That silence takes points where they fade too is meant: %(new)s instead of %(old)s."),
    "fit_limits": gettext_lazy("Grades: who they are, from %(new)s instead of %(old)s."),
    "interest_limits": gettext_lazy("Grades: what they do, from %(new)s instead of %(old)s."),
    "order": gettext_lazy("The rules stand in another order."),
    "points": gettext_lazy("%(name)s: %(new)s points instead of %(old)s."),
    "cap_count": gettext_lazy("%(name)s: counts %(new)s times instead of %(old)s (0 is each time)."),
    "cap_days": gettext_lazy("%(name)s: counted over %(new)s days instead of %(old)s."),
    "name": gettext_lazy("%(new)s: was called “%(old)s”."),
    "part": gettext_lazy("%(name)s: stands under “%(new)s” instead of “%(old)s”."),
    "event_types": gettext_lazy("%(name)s: for %(new)s instead of %(old)s."),
    "counting": gettext_lazy("%(name)s: %(new)s instead of %(old)s."),
    "conditions": gettext_lazy("%(name)s: asks for other things (%(new)s instead of %(old)s)."),
    "decay": gettext_lazy("%(name)s: fades – %(new)s, not %(old)s."),
    "least": gettext_lazy("%(name)s: never below %(new)s instead of %(old)s."),
    "most": gettext_lazy("%(name)s: never above %(new)s instead of %(old)s."),
    "group": gettext_lazy("%(name)s: in the group %(new)s instead of %(old)s."),
    "fast_track": gettext_lazy("%(name)s: straight to sales, %(new)s instead of %(old)s."),
}


def _value(field: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return str(_("none"))
    if isinstance(value, Decay):
        return decay_in_words(value) or str(_("not at all"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if words := {"part": SCORE_PARTS, "counting": COUNTINGS, "inactivity_mode": INACTIVITY_MODES}.get(field):
        return str(words[value])
    return (
        _several(field, value)
        if isinstance(value, tuple | frozenset)
        else formats.number(value)
        if isinstance(value, int)
        else str(value)
    )


def _several(field: str, value: tuple[Any, ...] | frozenset[str]) -> str:
    if field == "conditions":
        return "; ".join(condition_in_words(each, {}, {}) for each in value if not isinstance(each, str))
    return ", ".join(str(each) for each in (value if isinstance(value, tuple) else sorted(value)))
