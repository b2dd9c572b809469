"""The sheet of one rule: what gives the points, on which conditions, how many and how long."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from crm.lib.errors import CommandRefused
from scoring.enums import Counting, ScorePart
from scoring.facts import ModelFacts, RuleFacts
from scoring.forms.asked import get_asked_values
from scoring.forms.condition_rows import ConditionRows, condition_values
from scoring.forms.fading import SHAPES, fading_of, whole
from scoring.labels.rules import COUNTINGS
from scoring.queries.choices import get_event_types


class RuleForm(ConditionRows):
    """One rule. What does not go with what was chosen is not asked for and not taken."""

    group = forms.ChoiceField(required=False, label=_("Group"))
    counting = forms.ChoiceField(
        choices=choices(COUNTINGS), label=_("Gives points"), widget=forms.RadioSelect(attrs=SHAPES)
    )
    event_types = forms.MultipleChoiceField(
        required=False, choices=get_event_types, label=_("When a lead…"), widget=forms.CheckboxSelectMultiple
    )
    points = whole(_("Points"))
    cap_count = whole(_("Counts at most"), required=False, help_text=_("times; 0 is every time"))
    cap_days = whole(_("in so many days"), required=False)
    fast_track = forms.BooleanField(required=False, label=_("Straight to sales, whatever the score"))

    def __init__(self, data: Any = None, *, rule: RuleFacts | None, model: ModelFacts, version: int | None) -> None:
        self.rule, self.code = rule, rule.code if rule else ""
        self._refused: RuleFacts | None = None
        self.at = self.code
        initial = _rule_values(rule) if rule else _NEW
        super().__init__(data, initial=initial | {"version": version})
        groups = [(group.code, group.name) for group in model.groups]
        self.fields["group"].choices = [("", _("None")), *groups]  # type: ignore[attr-defined]  # of this field
        self.add_rows(rule.conditions if rule else ())

    @property
    def holds(self) -> bool:
        """Whether the points are for what a lead is, and not for what it does."""
        return bool(self["counting"].value() == Counting.WHILE)

    @property
    def counts_each(self) -> bool:
        """Whether it matters how often something counts."""
        return self["counting"].value() == Counting.EACH or bool({"cap_count", "cap_days"} & set(self.errors))

    @property
    def sketch(self) -> RuleFacts | None:
        """Return the rule as it stands in the form, finished or not; None where nothing was said yet."""
        if self._refused or not self.is_bound:
            return self._refused or self.rule
        return RuleFacts(code=self.code, **self.wanted()) if hasattr(self, "cleaned_data") else None

    def refuse(self, refused: CommandRefused) -> None:
        """Show each refusal at its field, beside what the form said."""
        self._refused = self.sketch  # a field with an error gives its value no more
        super().refuse(refused)

    def wanted(self) -> dict[str, Any]:
        """Return the rule as the draft takes it."""
        values = self.cleaned_data
        given = {name: values[name] for name in ("cap_count", "cap_days") if values.get(name) is not None}
        counting = Counting(values.get("counting") or Counting.EACH)
        holds = counting is Counting.WHILE
        return self.fading() | given | {
            "group": values.get("group", ""), "counting": counting, "points": values.get("points") or 0,
            "event_types": frozenset(() if holds else values.get("event_types", ())),
            "fast_track": not holds and values.get("fast_track", False), "conditions": self.conditions(),
        }  # fmt: skip


_NEW: dict[str, Any] = {
    "part": ScorePart.BEHAVIOUR, "counting": Counting.EACH, "points": 10, "cap_count": 3, "cap_days": 30,
}  # fmt: skip


def _rule_values(rule: RuleFacts) -> dict[str, Any]:
    names = ("group", "counting", "points", "cap_count", "cap_days", "fast_track")
    values = fading_of(rule) | {name: getattr(rule, name) for name in names}
    return values | {"event_types": sorted(rule.event_types)} | condition_values(rule.conditions, get_asked_values())
