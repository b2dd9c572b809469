"""The fields in which something is compared: `c0-property`, `c0-operator`, `c0-value`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from scoring.enums import Operator
from scoring.facts import Condition
from scoring.forms.asked import Asked, value_in_words
from scoring.forms.fading import SHAPES, FadingForm
from scoring.labels.rules import OPERATORS
from scoring.policies.asking import WITH_LIST, WITHOUT_VALUE
from scoring.policies.conditions import PROPERTY

MOST_ROWS = 24


class ComparingRows(FadingForm):
    """What rows about fields and rows about what happened have in common."""

    asked: Asked

    def count_rows(self, letter: str, ending: str, *, known: int, spare: int) -> int:
        """Return how many rows of a kind there are: those sent, or those a rule has with some to spare."""
        sent = sum(f"{letter}{row}-{ending}" in self.data for row in range(MOST_ROWS)) if self.is_bound else 0
        more = 1 if self.is_bound and self.data.get("more") else 0
        return min(max(sent + spare * more, 0 if self.is_bound else known + spare), MOST_ROWS)

    def add_comparison(self, row: str, **of_property: Any) -> None:
        """Make the fields of one comparison; `of_property` are attributes of the one that names a property."""
        self.fields |= {
            f"{row}-property": forms.CharField(
                required=False,
                max_length=100,
                label=_("Name of the property"),
                widget=forms.TextInput(attrs=labelled(_("Name of the property"), **of_property)),
            ),
            f"{row}-operator": forms.ChoiceField(
                required=False,
                choices=choices(OPERATORS),
                label=_("Compared"),
                widget=forms.Select(attrs=labelled(_("Compared"), **SHAPES)),
            ),
            f"{row}-value": forms.CharField(
                required=False,
                max_length=2000,
                label=_("Value"),
                widget=forms.TextInput(attrs=labelled(_("Value"), autocomplete="off", placeholder=_("Value"))),
            ),
        }

    def takes_value(self, row: str) -> bool:
        """Whether a row is compared with anything."""
        return self[f"{row}-operator"].value() not in WITHOUT_VALUE

    def read_comparison(self, row: str, name: str) -> Condition:
        """Return what a row says of a field, or of the property that it names."""
        values = self.cleaned_data
        name += values.get(f"{row}-property", "") if name == PROPERTY else ""
        operator = Operator(values.get(f"{row}-operator") or Operator.IS)
        return Condition(name, operator, self._value(name, operator, values.get(f"{row}-value", "")))

    def _value(self, name: str, operator: Operator, text: str) -> Any:
        codes = {words.casefold(): code for code, words in self.asked.get(name, {}).items()}
        parts = [part.strip() for part in (text.split(",") if operator in WITH_LIST else [text]) if part.strip()]
        values = tuple(codes.get(part.casefold(), part) for part in parts)
        if operator in WITH_LIST:
            return values
        return values[0] if values else None


def labelled(words: Any, **more: Any) -> dict[str, Any]:
    """Return attributes of a field that has no label beside it."""
    return {"aria-label": words, **more}


def comparison_values(row: str, condition: Condition, asked: Asked) -> dict[str, Any]:
    """Return the values of the fields that say what a condition compares."""
    name = condition.field
    return {
        f"{row}-property": name.removeprefix(PROPERTY) if name.startswith(PROPERTY) else "",
        f"{row}-operator": condition.operator,
        f"{row}-value": "" if condition.operator in WITHOUT_VALUE else value_in_words(condition, asked),
    }
