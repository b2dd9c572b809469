"""What happened lately as rows of fields: `e0-types`, `e0-often`, `e0-times`, `e0-days`, and of which property."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.facts import EventCondition
from scoring.forms.asked import Asked
from scoring.forms.comparing import ComparingRows, comparison_values, labelled
from scoring.forms.fading import SHAPES, whole
from scoring.policies.conditions import PROPERTY
from scoring.queries.choices import get_event_types

SPARE = 1  # empty rows for further conditions
PLACES = ("types", "often", "times", "days", "property", "operator", "value")
AT_LEAST, NOT_ONCE = "", "none"
OFTEN = [(AT_LEAST, _("at least")), (NOT_ONCE, _("not once"))]


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


class EventRows(ComparingRows):
    """The rows that ask how often something happened."""

    happened = 0

    def add_event_rows(self, known: int) -> None:
        """Make fields for what a rule asks for, and for some more."""
        self.happened = self.count_rows("e", "times", known=known, spare=SPARE)
        for row in range(self.happened):
            self._add_row(f"e{row}")

    @property
    def event_rows(self) -> list[dict[str, Any]]:
        """Return the rows, each with what goes with its choices and what is wrong in it."""
        return [self._shaped_row(f"e{row}") for row in range(self.happened)]

    def filled_event_rows(self) -> list[str]:
        """Return which rows say anything."""
        values = self.cleaned_data
        rows = (f"e{row}" for row in range(self.happened))
        return [row for row in rows if values.get(f"{row}-types") or values.get(f"{row}-property")]

    def read_events(self) -> list[EventCondition]:
        """Return what the rows say."""
        return [self._read_row(row) for row in self.filled_event_rows()]

    def _shaped_row(self, row: str) -> dict[str, Any]:
        found: dict[str, Any] = {place: self[f"{row}-{place}"] for place in PLACES}
        found["is_counted"] = found["often"].value() != NOT_ONCE
        found["is_compared"] = bool(found["property"].value())
        found["takes_value"] = self.takes_value(row)
        found["errors"] = [error for place in PLACES for error in found[place].errors]
        return found

    def _add_row(self, row: str) -> None:
        self.fields |= {
            f"{row}-types": TypesField(
                required=False, choices=_types_or_none, label=_("Did"), widget=OneOrMore(attrs=labelled(_("Did")))
            ),
            f"{row}-often": forms.ChoiceField(
                required=False,
                choices=OFTEN,
                label=_("How often"),
                widget=forms.Select(attrs=labelled(_("How often"), **SHAPES)),
            ),
            f"{row}-times": _small(_("times at least"), "1"),
            f"{row}-days": _small(_("in so many days"), "30"),
        }
        self.add_comparison(row, placeholder=_("Any, or a property by its name"), **SHAPES)

    def _read_row(self, row: str) -> EventCondition:
        values = self.cleaned_data
        times, days = values.get(f"{row}-times"), values.get(f"{row}-days")
        is_none = values.get(f"{row}-often") == NOT_ONCE
        return EventCondition(
            frozenset(values.get(f"{row}-types", ())),
            times=0 if is_none else 1 if times is None else times,
            days=30 if days is None else days,
            where=self.read_comparison(row, PROPERTY) if values.get(f"{row}-property") else None,
        )


def event_values(conditions: Sequence[EventCondition], asked: Asked) -> dict[str, Any]:
    """Return the values of the rows that say how often a rule asks for something."""
    values: dict[str, Any] = {}
    for row, each in enumerate(conditions):
        values |= {
            f"e{row}-types": sorted(each.types),
            f"e{row}-often": AT_LEAST if each.times else NOT_ONCE,
            f"e{row}-times": each.times or None,
            f"e{row}-days": each.days,
        }
        if each.where is not None:
            values |= comparison_values(f"e{row}", each.where, asked)
    return values


def _types_or_none() -> list[tuple[str, Any]]:
    return [("", _("Did…")), *get_event_types()]


def _small(words: Any, example: str) -> forms.IntegerField:
    return whole(words, required=False, widget=forms.NumberInput(attrs=labelled(words, placeholder=example)))
