"""Conditions of a rule as rows of fields: `c0-field`, `c0-operator`, and of what happened lately, `e0-types`, `e0-times`."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import ACCOUNT_KINDS, CHANNELS, SENIORITIES, choices
from pipeline.labels import APPROACHES
from scoring.enums import FieldKind, Operator
from scoring.facts import Condition, EventCondition, RuleFacts
from scoring.forms.fading import SHAPES, FadingForm, whole
from scoring.labels.rules import OPERATORS, RULE_FIELD_NAMES
from scoring.policies import asking
from scoring.policies.asking import WITH_LIST, WITHOUT_VALUE
from scoring.policies.conditions import PROPERTY
from scoring.queries.choices import get_coded_names, get_event_types, get_known_values

SPARE, SPARE_EVENTS = 2, 1  # empty rows for further conditions
MOST_ROWS = 24
PLACES = ("field", "property", "operator", "value")
EVENT_PLACES = ("types", "times", "days")


class OneOrMore(forms.SelectMultiple):
    """A list to choose one of; where several were chosen before, all of them stay."""

    allow_multiple_selected = False

    def format_value(self, value: Any) -> list[str]:
        """Let several be shown as chosen where there are several."""
        self.allow_multiple_selected = isinstance(value, list | tuple) and len(value) > 1
        return super().format_value(value)


class TypesField(forms.MultipleChoiceField):
    """Types of events; the empty line chooses none."""

    widget = OneOrMore

    def to_python(self, value: Any) -> list[str]:
        """Return what was chosen."""
        return [each for each in super().to_python(value) if each]


class ConditionRows(FadingForm):
    """The rows in which a rule's conditions are built."""

    field_choices: ClassVar[list[tuple[str, Any]]] = [
        ("", _("Ask for…")),
        *((name, str(words)) for name, words in RULE_FIELD_NAMES.items()),
        (PROPERTY, _("A property of the event")),
    ]

    def add_rows(self, conditions: tuple[Condition | EventCondition, ...]) -> None:
        """Make fields for the conditions a rule has, and for some more."""
        self.asked = get_asked_values()
        self.columns = self._rows("c", sum(isinstance(each, Condition) for each in conditions), SPARE)
        self.happened = self._rows("e", sum(isinstance(each, EventCondition) for each in conditions), SPARE_EVENTS)
        for row in range(self.columns):
            self._add_condition(row)
        for row in range(self.happened):
            self._add_event(row)

    @property
    def condition_rows(self) -> list[dict[str, Any]]:
        """Return the rows about fields, each with how its field can be compared and the values known of it."""
        return [self._shaped(row) for row in range(self.columns)]

    @property
    def event_rows(self) -> list[dict[str, Any]]:
        """Return the rows about what happened lately."""
        return [{place: self[f"e{row}-{place}"] for place in EVENT_PLACES} for row in range(self.happened)]

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
            places = [*self._filled("c", "field"), *self._filled("e", "types")]
            number = int(name.removeprefix("conditions-"))
            row = places[number] if number < len(places) else ""
            return f"{row}-value" if row.startswith("c") else f"{row}-types" if row else None
        return super().place(name) or ("c0-field" if name == "conditions" else None)

    def conditions(self) -> tuple[Condition | EventCondition, ...]:
        """Return what the rows say."""
        return (*self._conditions(), *self._events())

    def _shaped(self, row: int) -> dict[str, Any]:
        name = self[f"c{row}-field"].value() or ""
        kind = FieldKind.ANY if name == PROPERTY else asking.FIELDS.get(name)
        if kind:
            offered = {operator: OPERATORS[operator] for operator in asking.OPERATORS[kind]}
            self.fields[f"c{row}-operator"].widget.choices = choices(offered)
        if name and name != PROPERTY:
            self.fields[f"c{row}-value"].widget.attrs["list"] = f"values-{name}"
        found: dict[str, Any] = {place: self[f"c{row}-{place}"] for place in PLACES}
        found["of_event"] = name == PROPERTY
        found["takes_value"] = self[f"c{row}-operator"].value() not in WITHOUT_VALUE
        found["errors"] = [error for place in PLACES for error in self[f"c{row}-{place}"].errors]
        return found

    def _rows(self, letter: str, known: int, spare: int) -> int:
        ending = "field" if letter == "c" else "times"
        sent = sum(f"{letter}{row}-{ending}" in self.data for row in range(MOST_ROWS)) if self.is_bound else 0
        more = 1 if self.is_bound and self.data.get("more") else 0
        return min(max(sent + spare * more, 0 if self.is_bound else known + spare), MOST_ROWS)

    def _add_condition(self, row: int) -> None:
        def labelled(words: Any, **more: Any) -> dict[str, Any]:
            return {"aria-label": words, **more}

        value = labelled(_("Value"), list="asked-values", autocomplete="off", placeholder=_("Value"))
        self.fields |= {
            f"c{row}-field": forms.ChoiceField(
                required=False,
                choices=self.field_choices,
                label=_("Field"),
                widget=forms.Select(attrs=labelled(_("Field"), **SHAPES)),
            ),
            f"c{row}-property": forms.CharField(
                required=False,
                max_length=100,
                label=_("Name of the property"),
                widget=forms.TextInput(
                    attrs=labelled(_("Name of the property"), placeholder=_("Property, as senders name it"))
                ),
            ),
            f"c{row}-operator": forms.ChoiceField(
                required=False,
                choices=choices(OPERATORS),
                label=_("Compared"),
                widget=forms.Select(attrs=labelled(_("Compared"), **SHAPES)),
            ),
            f"c{row}-value": forms.CharField(
                required=False, max_length=2000, label=_("Value"), widget=forms.TextInput(attrs=value)
            ),
        }

    def _add_event(self, row: int) -> None:
        self.fields |= {
            f"e{row}-types": TypesField(
                required=False, choices=_types_or_none, label=_("Did"), widget=OneOrMore(attrs={"aria-label": _("Did")})
            ),
            f"e{row}-times": _small(_("times at least"), "3"),
            f"e{row}-days": _small(_("in so many days"), "30"),
        }

    def _filled(self, letter: str, place: str) -> list[str]:
        rows = self.columns if letter == "c" else self.happened
        return [f"{letter}{row}" for row in range(rows) if self.cleaned_data.get(f"{letter}{row}-{place}")]

    def _conditions(self) -> list[Condition]:
        found = []
        for at in self._filled("c", "field"):
            values = self.cleaned_data
            name, operator = values[f"{at}-field"], Operator(values.get(f"{at}-operator") or Operator.IS)
            name += values.get(f"{at}-property", "") if name == PROPERTY else ""
            found.append(Condition(name, operator, self._value(name, operator, values.get(f"{at}-value", ""))))
        return found

    def _value(self, name: str, operator: Operator, text: str) -> Any:
        codes = {words.casefold(): code for code, words in self.asked.get(name, {}).items()}
        parts = [part.strip() for part in (text.split(",") if operator in WITH_LIST else [text]) if part.strip()]
        values = tuple(codes.get(part.casefold(), part) for part in parts)
        if operator in WITH_LIST:
            return values
        return values[0] if values else None

    def _events(self) -> list[EventCondition]:
        values = self.cleaned_data
        return [
            EventCondition(
                frozenset(values[f"{at}-types"]), values.get(f"{at}-times") or 1, values.get(f"{at}-days") or 30
            )
            for at in self._filled("e", "types")
        ]


def condition_values(rule: RuleFacts, asked: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return the values of the rows that say what a rule asks for."""
    values: dict[str, Any] = {}
    for row, each in enumerate(each for each in rule.conditions if isinstance(each, Condition)):
        is_property = each.field.startswith(PROPERTY)
        values |= {
            f"c{row}-field": PROPERTY if is_property else each.field,
            f"c{row}-property": each.field.removeprefix(PROPERTY) if is_property else "",
            f"c{row}-operator": each.operator,
            f"c{row}-value": "" if each.operator in WITHOUT_VALUE else value_in_words(each, asked),
        }
    for row, lately in enumerate(each for each in rule.conditions if isinstance(each, EventCondition)):
        values |= {f"e{row}-types": sorted(lately.types), f"e{row}-times": lately.times, f"e{row}-days": lately.days}
    return values


def value_in_words(condition: Condition, asked: dict[str, dict[str, str]]) -> str:
    """Return what a condition compares with, codes as the words people know them by."""
    words = asked.get(condition.field, {})
    value = condition.value
    return ", ".join(str(words.get(each, each)) for each in (value if isinstance(value, tuple) else (value,)))


def get_asked_values() -> dict[str, dict[str, str]]:
    """Return, for each field of rules that holds codes, the codes with their words."""
    seniorities = {str(code): str(words) for code, words in SENIORITIES.items()}
    return {
        "lead.seniority": seniorities,
        "contact.seniority": seniorities,
        "lead.channel": {str(code): str(words) for code, words in CHANNELS.items()},
        "account.kind": {str(code): str(words) for code, words in ACCOUNT_KINDS.items()},
        "lead.approach": {str(code): str(words) for code, words in APPROACHES.items()},
    } | get_coded_names()


def _types_or_none() -> list[tuple[str, Any]]:
    return [("", _("Did…")), *get_event_types()]


def _small(words: Any, example: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"aria-label": words, "placeholder": example})
    return whole(words, required=False, widget=widget)
