"""The shape of the rules' page: settings of a model and the numbers in its rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from crm.lib.errors import CommandRefused
from scoring.enums import InactivityMode
from scoring.facts import ModelFacts
from scoring.forms import ScoringForm
from scoring.labels import sentence
from scoring.labels.rules import INACTIVITY_MODES
from scoring.policies.grades import LIMITS

NUMBERS = ("threshold", "rearm_margin", "inactivity_points", "inactivity_days")
OPTIONAL = ("inactivity_mode", "floor", "ceiling", "fades_twice")
GRADED = ("fit_limits", "interest_limits")
USUAL = {"fit_limits": (5, 15, 30), "interest_limits": (20, 40, 60)}


class RulesForm(forms.Form):
    """Settings and points of a model: one number each, rules' fields named `<rule>-points` and `<rule>-cap_count`.

    Grades have three limits each, named `fit_limits-0` and so on. What the page did not send stays as it is.
    """

    threshold = forms.IntegerField(label=_("Hand over at"))
    rearm_margin = forms.IntegerField(label=_("Again after falling by"))
    inactivity_points = forms.IntegerField(label=_("Points lost"))
    inactivity_days = forms.IntegerField(label=_("Days without activity"))
    inactivity_mode = forms.ChoiceField(required=False, choices=choices(INACTIVITY_MODES), label=_("How often"))
    floor = forms.IntegerField(required=False, label=_("Lowest score"))
    ceiling = forms.IntegerField(required=False, label=_("Highest score"))
    fades_twice = forms.ChoiceField(
        required=False,
        choices=[("", _("Keep them apart")), ("1", _("Both are meant"))],
        label=_("Silence where points fade"),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, model: ModelFacts, version: int | None = None) -> None:
        super().__init__(data, initial=_initial(model) | {"version": version})
        self.model = model
        for name in ("inactivity_points", "inactivity_days", "inactivity_mode"):
            self.fields[name].widget.attrs["aria-label"] = self.fields[name].label
        for rule in model.rules:
            words = {"rule": rule.name, "days": rule.cap_days}
            self.fields[f"{rule.code}-points"] = _number(_("Points: %(rule)s") % words)
            self.fields[f"{rule.code}-cap_count"] = _number(_("At most, in %(days)s days: %(rule)s") % words)
            self.fields[f"{rule.code}-cap_count"].required = False
        for name in GRADED:
            for at, letter in enumerate(LETTERS[name]):
                self.fields[f"{name}-{at}"] = _number(letter)
                self.fields[f"{name}-{at}"].required = False

    @property
    def settings(self) -> dict[str, Any]:
        """Return the model's own settings, those that were sent."""
        found = {name: self.cleaned_data[name] for name in NUMBERS}
        found |= {name: self.cleaned_data[name] for name in OPTIONAL if name in self.data}
        if "inactivity_mode" in found:
            found["inactivity_mode"] = InactivityMode(found["inactivity_mode"] or InactivityMode.EACH)
        if "floor" in found:
            found["floor"] = found["floor"] or 0
        if "fades_twice" in found:
            found["fades_twice"] = bool(found["fades_twice"])
        if all(f"{name}-0" in self.data for name in GRADED):
            found |= self._graded()
        return found

    def _graded(self) -> dict[str, tuple[int, ...]]:
        """Return the limits of grades: the first one typed brings the others along, one that is emptied ends them."""
        typed = {name: [self.cleaned_data[f"{name}-{at}"] for at in range(LIMITS)] for name in GRADED}
        empty = [limit is None for limits in typed.values() for limit in limits]
        if all(empty) or (any(empty) and self.model.fit_limits):
            return dict.fromkeys(GRADED, ())
        return {
            name: tuple(usual if limit is None else limit for usual, limit in zip(USUAL[name], limits, strict=True))
            for name, limits in typed.items()
        }

    @property
    def rules(self) -> dict[str, dict[str, int]]:
        """Return the rules' numbers by code."""
        return {
            rule.code: {
                name: value
                for name in ("points", "cap_count")
                if (value := self.cleaned_data[f"{rule.code}-{name}"]) is not None
            }
            for rule in self.model.rules
        }

    @property
    def limits(self) -> list[dict[str, Any]]:
        """Return the limits of grades as rows of fields."""
        labels = {"fit_limits": _("Who they are"), "interest_limits": _("What they do")}
        return [
            {"label": labels[name], "name": name, "fields": [self[f"{name}-{at}"] for at in range(LIMITS)]}
            for name in GRADED
        ]

    def refuse(self, refused: CommandRefused) -> None:
        """Show each refusal at its field."""
        for refusal in refused.refusals:
            name = dict(refusal.params).get("field", "")
            shown = next((known for known in (name, f"{name}-0") if known in self.fields), None)
            self.add_error(shown, sentence(refusal))


class PublishForm(ScoringForm):
    """Why the rules change."""

    reason = forms.CharField(max_length=500, label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)


LETTERS = {
    "fit_limits": (_("Fits somewhat, from"), _("Fits well, from"), _("Fits best, from")),
    "interest_limits": (_("Some interest, from"), _("Good interest, from"), _("Best interest, from")),
}


def _initial(model: ModelFacts) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(model, name) for name in (*NUMBERS, "inactivity_mode", "floor", "ceiling")}
    values["fades_twice"] = "1" if model.fades_twice else ""
    for rule in model.rules:
        values |= {f"{rule.code}-points": rule.points, f"{rule.code}-cap_count": rule.cap_count}
    for name in GRADED:
        values |= {f"{name}-{at}": limit for at, limit in enumerate(getattr(model, name))}
    return values


def _number(label: Any) -> forms.IntegerField:
    """Return a field in a table cell, which has no label beside it."""
    return forms.IntegerField(label=label, widget=forms.NumberInput(attrs={"aria-label": label}))
