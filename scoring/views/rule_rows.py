"""The rules under their headings, a row each, as their table shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from scoring.enums import Counting, ScorePart
from scoring.facts import GroupFacts, ModelFacts, RuleFacts
from scoring.figures.hits import Hits
from scoring.forms.asked import Asked, get_asked_values
from scoring.forms.rules import RulesForm
from scoring.labels import SCORE_PARTS
from scoring.views.rule_words import cap_in_words, condition_in_words, decay_in_words

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
    asked: Asked,
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
