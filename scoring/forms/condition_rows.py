"""What a rule asks for as rows of fields: `c0-field`, `c0-operator`, and what happened lately beneath."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from scoring.enums import FieldKind
from scoring.facts import Condition, EventCondition
from scoring.forms.asked import Asked, get_asked_values
from scoring.forms.comparing import comparison_values, labelled
from scoring.forms.event_rows import EventRows, event_values
from scoring.forms.fading import SHAPES
from scoring.labels.rules import OPERATORS, RULE_FIELD_NAMES
from scoring.policies import asking
from scoring.policies.conditions import PROPERTY, of_events, of_fields
from scoring.queries.choices import get_known_values

SPARE = 2  # empty rows for further conditions
PLACES = ("field", "property", "operator", "value")
Conditions = tuple[Condition | EventCondition, ...]


class ConditionRows(EventRows):
    """The rows in which a rule's conditions are built."""

    field_choices: ClassVar[list[tuple[str, Any]]] = [
        ("", _("Ask for…")),
        *((name, str(words)) for name, words in RULE_FIELD_NAMES.items()),
        (PROPERTY, _("A property of the event")),
    ]

    def add_rows(self, conditions: Conditions) -> None:
        """Make fields for the conditions a rule has, and for some more."""
        self.asked = get_asked_values()
        self.columns = self.count_rows("c", "field", known=len(of_fields(conditions)), spare=SPARE)
        for row in range(self.columns):
            self._add_condition(f"c{row}")
        self.add_event_rows(len(of_events(conditions)))

    @property
    def condition_rows(self) -> list[dict[str, Any]]:
        """Return the rows about fields, each with how its field can be compared and the values known of it."""
        return [self._shaped(f"c{row}") for row in range(self.columns)]

    @property
    def offered(self) -> dict[str, list[str]]:
        """Return, for each field that is asked for, values to choose from in words."""
        names = {self[f"c{row}-field"].value() or "" for row in range(self.columns)}
        found = {}
        for name in sorted(names - {"", PROPERTY}):
            known = [str(words) for words in self.asked[name].values()] if name in self.asked else None
            found[name] = known if known is not None else get_known_values(name)
        return found

    def place(self, name: str) -> str | None:
        """Return at which field something is shown; of conditions, at the row they stand in."""
        if name.startswith("conditions-"):
            places = [*self._filled(), *self.filled_event_rows()]
            number = int(name.removeprefix("conditions-"))
            row = places[number] if number < len(places) else ""
            return f"{row}-value" if row.startswith("c") else f"{row}-types" if row else None
        return super().place(name) or ("c0-field" if name == "conditions" else None)

    def conditions(self) -> Conditions:
        """Return what the rows say."""
        fields = [self.read_comparison(row, self.cleaned_data[f"{row}-field"]) for row in self._filled()]
        return (*fields, *self.read_events())

    def _shaped(self, row: str) -> dict[str, Any]:
        name = self[f"{row}-field"].value() or ""
        kind = FieldKind.ANY if name == PROPERTY else asking.FIELDS.get(name)
        if kind:
            offered = {operator: OPERATORS[operator] for operator in asking.OPERATORS[kind]}
            self.fields[f"{row}-operator"].widget.choices = choices(offered)
        if name and name != PROPERTY:
            self.fields[f"{row}-value"].widget.attrs["list"] = f"values-{name}"
        found: dict[str, Any] = {place: self[f"{row}-{place}"] for place in PLACES}
        found["of_event"] = name == PROPERTY
        found["takes_value"] = self.takes_value(row)
        found["errors"] = [error for place in PLACES for error in found[place].errors]
        return found

    def _add_condition(self, row: str) -> None:
        self.fields[f"{row}-field"] = forms.ChoiceField(
            required=False,
            choices=self.field_choices,
            label=_("Field"),
            widget=forms.Select(attrs=labelled(_("Field"), **SHAPES)),
        )
        self.add_comparison(row, placeholder=_("Property, as senders name it"))

    def _filled(self) -> list[str]:
        rows = (f"c{row}" for row in range(self.columns))
        return [row for row in rows if self.cleaned_data.get(f"{row}-field")]


def condition_values(conditions: Conditions, asked: Asked) -> dict[str, Any]:
    """Return the values of the rows that say what a rule asks for."""
    values = event_values(of_events(conditions), asked)
    for row, each in enumerate(of_fields(conditions)):
        values[f"c{row}-field"] = PROPERTY if each.field.startswith(PROPERTY) else each.field
        values |= comparison_values(f"c{row}", each, asked)
    return values
