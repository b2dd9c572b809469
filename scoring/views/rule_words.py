"""Rules and what changed in them, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from scoring.facts import ModelFacts, RuleFacts
from scoring.forms import RulesForm
from scoring.policies.changes import Change

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
    points: Any = None
    cap_count: Any = None
    was_points: int | None = None
    was_cap: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else than what is in force."""
        return self.was_points is not None or bool(self.was_cap)


def get_rule_rows(
    model: ModelFacts, *, form: RulesForm | None = None, before: ModelFacts | None = None
) -> list[RuleRow]:
    """Return the rules of a model as rows."""
    known = {rule.code: rule for rule in before.rules} if before else {}
    rows = []
    for rule in model.rules:
        was = known.get(rule.code, rule)
        rows.append(
            RuleRow(
                rule=rule,
                icon=next((ICONS[code] for code in sorted(rule.event_types) if code in ICONS), "mouse-pointer-click"),
                cap=cap_in_words(rule.cap_count, rule.cap_days),
                points=form[f"{rule.code}-points"] if form else None,
                cap_count=form[f"{rule.code}-cap_count"] if form else None,
                was_points=was.points if was.points != rule.points else None,
                was_cap=cap_in_words(was.cap_count, was.cap_days) if was.cap_count != rule.cap_count else "",
            )
        )
    return rows


def cap_in_words(count: int, days: int) -> str:
    """Return how often a rule counts."""
    if not count:
        return _("each time")
    text = ngettext("%(count)s time in %(days)s days", "%(count)s times in %(days)s days", count)
    return text % {"count": count, "days": days}


def change_in_words(change: Change) -> str:
    """Return one difference as a sentence: what it was, what it becomes."""
    params = {"name": change.name, "old": formats.number(change.old), "new": formats.number(change.new)}
    patterns = {
        "threshold": _("Hand over at %(new)s instead of %(old)s."),
        "rearm_margin": _("Hand over again after a fall of %(new)s instead of %(old)s."),
        "inactivity_points": _("Silence takes %(new)s points instead of %(old)s."),
        "inactivity_days": _("Silence begins to count after %(new)s days instead of %(old)s."),
        "points": _("%(name)s: %(new)s points instead of %(old)s."),
        "cap_count": _("%(name)s: counts %(new)s times instead of %(old)s (0 is each time)."),
        "cap_days": _("%(name)s: counted over %(new)s days instead of %(old)s."),
    }
    return patterns[change.field] % params
