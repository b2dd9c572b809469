"""The sheets of one rule and one group: conditions as rows in words."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import ACCOUNT_KINDS, CHANNELS, SENIORITIES, choices
from crm.lib.errors import CommandRefused
from scoring.enums import Counting, DecayKind, Operator, ScorePart
from scoring.facts import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.forms import ScoringForm
from scoring.labels import SCORE_PARTS, sentence
from scoring.labels.rules import COUNTINGS, DECAYS, OPERATORS, RULE_FIELD_NAMES
from scoring.policies.asking import WITH_LIST, WITHOUT_VALUE
from scoring.policies.conditions import PROPERTY
from scoring.queries.choices import get_event_types, get_source_names

SPARE = 2  # empty rows for further conditions
MOST_ROWS = 24
PLACES = ("field", "property", "operator", "value")


class FadingForm(ScoringForm):
    """What a rule and a group have in common."""

    name = forms.CharField(max_length=200, label=_("What a lead does or is"))
    part = forms.ChoiceField(choices=choices(SCORE_PARTS), label=_("Heading"))
    decay_kind = forms.ChoiceField(required=False, choices=choices(DECAYS, empty=_("–")), label=_("How points fade"))
    decay_days = forms.IntegerField(required=False, label=_("Days"))
    decay_percent = forms.IntegerField(required=False, label=_("Percent lost every 30 days"))
    decay_steps = forms.CharField(required=False, max_length=200, label=_("Steps"), help_text=_("30: 100, 90: 50"))
    least = forms.IntegerField(required=False, label=_("Never below"))
    most = forms.IntegerField(required=False, label=_("Never above"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    code = ""
    is_stale = False
    at = ""

    def clean_decay_steps(self) -> tuple[tuple[int, int], ...]:
        """Return steps as pairs of age and percent left."""
        text = self.cleaned_data["decay_steps"]
        try:
            pairs = [pair.split(":") for pair in text.split(",") if pair.strip()]
            return tuple((int(age), int(left)) for age, left in pairs)
        except ValueError as error:
            raise forms.ValidationError(_("Write steps as age in days and percent left: 30: 100, 90: 50.")) from error

    def fading(self) -> dict[str, Any]:
        """Return what the draft takes of what both have."""
        values, kind = self.cleaned_data, self.cleaned_data["decay_kind"]
        decay = kind and Decay(
            DecayKind(kind), values["decay_days"] or 0, values["decay_percent"] or 0, values["decay_steps"]
        )
        return {
            "name": values["name"], "part": ScorePart(values["part"]), "decay": decay or None, "least": values["least"],
            "most": values["most"],
        }  # fmt: skip

    def refuse(self, refused: CommandRefused) -> None:
        """Show each refusal at its field of this sheet; what is wrong elsewhere stands above."""
        for refusal in refused.refusals:
            name = dict(refusal.params).get("field", "").removeprefix(f"{self.at}-")
            self.add_error(self.place(name), sentence(refusal))

    def place(self, name: str) -> str | None:
        """Return at which field something is shown."""
        return name if name in self.fields else None


class GroupForm(FadingForm):
    """Rules that share a heading, a fading and limits."""

    def __init__(self, data: Any = None, *, group: GroupFacts | None, version: int | None) -> None:
        self.code = group.code if group else ""
        self.at = f"group-{self.code}"
        initial = _fading(group) if group else {"part": ScorePart.BEHAVIOUR}
        super().__init__(data, initial=initial | {"version": version})
        self.fields["name"].label = _("Name of the group")

    def wanted(self) -> dict[str, Any]:
        """Return the group as the draft takes it."""
        return self.fading()


class RuleForm(FadingForm):
    """One rule. Conditions are `c0-field`, `c0-operator`, and of what happened lately, `e0-types`, `e0-times`."""

    group = forms.ChoiceField(required=False, label=_("Group"))
    counting = forms.ChoiceField(choices=choices(COUNTINGS), label=_("Gives points"), widget=forms.RadioSelect)
    event_types = forms.MultipleChoiceField(
        required=False, choices=get_event_types, label=_("When a lead…"), widget=forms.CheckboxSelectMultiple
    )
    points = forms.IntegerField(label=_("Points"))
    cap_count = forms.IntegerField(required=False, label=_("Counts at most"), help_text=_("times; 0 is every time"))
    cap_days = forms.IntegerField(required=False, label=_("in so many days"))
    fast_track = forms.BooleanField(required=False, label=_("Straight to sales, whatever the score"))

    field_choices: ClassVar[list[tuple[str, Any]]] = [
        ("", "–"),
        *((name, str(words)) for name, words in RULE_FIELD_NAMES.items()),
        (PROPERTY, _("A property of the event")),
    ]

    def __init__(self, data: Any = None, *, rule: RuleFacts | None, model: ModelFacts, version: int | None) -> None:
        self.rule, self.code = rule, rule.code if rule else ""
        self.at = self.code
        self.asked = get_asked_values()
        initial = _rule_values(rule, self.asked) if rule else _NEW
        super().__init__(data, initial=initial | {"version": version})
        groups = [(group.code, group.name) for group in model.groups]
        self.fields["group"].choices = [("", _("None")), *groups]  # type: ignore[attr-defined]  # of this field
        known = rule.conditions if rule else ()
        self.columns = self._rows("c", sum(isinstance(each, Condition) for each in known))
        self.happened = self._rows("e", sum(isinstance(each, EventCondition) for each in known))
        for row in range(self.columns):
            self._add_condition(row)
        for row in range(self.happened):
            self._add_event(row)

    @property
    def offered(self) -> list[str]:
        """Return the words for codes that a value can be."""
        return sorted({words for known in self.asked.values() for words in known.values()})

    @property
    def condition_rows(self) -> list[dict[str, Any]]:
        """Return the rows about fields."""
        return [{place: self[f"c{row}-{place}"] for place in PLACES} for row in range(self.columns)]

    @property
    def event_rows(self) -> list[dict[str, Any]]:
        """Return the rows about what happened lately."""
        return [
            {place: self[f"e{row}-{place}"] for place in ("types", "times", "days")} for row in range(self.happened)
        ]

    def wanted(self) -> dict[str, Any]:
        """Return the rule as the draft takes it."""
        values = self.cleaned_data
        given = {name: values[name] for name in ("cap_count", "cap_days") if values[name] is not None}
        return self.fading() | given | {
            "group": values["group"], "counting": Counting(values["counting"]), "points": values["points"],
            "event_types": frozenset(values["event_types"]), "fast_track": values["fast_track"],
            "conditions": (*self._conditions(), *self._events()),
        }  # fmt: skip

    def place(self, name: str) -> str | None:
        """Return at which field something is shown; of conditions, at the row they stand in."""
        if name.startswith("conditions-"):
            places = [*self._filled("c", "field"), *self._filled("e", "types")]
            number = int(name.removeprefix("conditions-"))
            row = places[number] if number < len(places) else ""
            return f"{row}-value" if row.startswith("c") else f"{row}-types" if row else None
        return super().place(name) or ("c0-field" if name == "conditions" else None)

    def _rows(self, letter: str, known: int) -> int:
        ending = "field" if letter == "c" else "times"
        sent = sum(f"{letter}{row}-{ending}" in self.data for row in range(MOST_ROWS)) if self.is_bound else 0
        more = 1 if self.is_bound and self.data.get("more") else 0
        return min(max(sent + SPARE * more, 0 if self.is_bound else known + SPARE), MOST_ROWS)

    def _add_condition(self, row: int) -> None:
        self.fields |= {
            f"c{row}-field": forms.ChoiceField(required=False, choices=self.field_choices, label=_("Field")),
            f"c{row}-property": forms.CharField(required=False, max_length=100, label=_("Name of the property")),
            f"c{row}-operator": forms.ChoiceField(required=False, choices=choices(OPERATORS), label=_("Compared")),
            f"c{row}-value": forms.CharField(
                required=False,
                max_length=2000,
                label=_("Value"),
                widget=forms.TextInput(attrs={"list": "asked-values"}),
            ),
        }

    def _add_event(self, row: int) -> None:
        types = forms.MultipleChoiceField(required=False, choices=get_event_types, label=_("Did"))
        types.widget.attrs["size"] = 4
        self.fields |= {
            f"e{row}-types": types,
            f"e{row}-times": forms.IntegerField(required=False, label=_("times at least")),
            f"e{row}-days": forms.IntegerField(required=False, label=_("in so many days")),
        }

    def _filled(self, letter: str, place: str) -> list[str]:
        rows = self.columns if letter == "c" else self.happened
        return [f"{letter}{row}" for row in range(rows) if self.cleaned_data.get(f"{letter}{row}-{place}")]

    def _conditions(self) -> list[Condition]:
        found = []
        for at in self._filled("c", "field"):
            name, operator = self.cleaned_data[f"{at}-field"], Operator(self.cleaned_data[f"{at}-operator"])
            name += self.cleaned_data[f"{at}-property"] if name == PROPERTY else ""
            found.append(Condition(name, operator, self._value(name, operator, self.cleaned_data[f"{at}-value"])))
        return found

    def _value(self, name: str, operator: Operator, text: str) -> Any:
        codes = {words.casefold(): code for code, words in self.asked.get(name, {}).items()}
        parts = [part.strip() for part in (text.split(",") if operator in WITH_LIST else [text]) if part.strip()]
        values = tuple(codes.get(part.casefold(), part) for part in parts)
        if operator in WITH_LIST:
            return values
        return values[0] if values else None

    def _events(self) -> list[EventCondition]:
        return [
            EventCondition(
                frozenset(self.cleaned_data[f"{at}-types"]),
                self.cleaned_data[f"{at}-times"] or 1,
                self.cleaned_data[f"{at}-days"] or 30,
            )
            for at in self._filled("e", "types")
        ]


_NEW: dict[str, Any] = {
    "part": ScorePart.BEHAVIOUR, "counting": Counting.EACH, "points": 10, "cap_count": 3, "cap_days": 30,
}  # fmt: skip


def _fading(part: RuleFacts | GroupFacts) -> dict[str, Any]:
    decay = part.decay
    return {
        "name": part.name, "part": part.part, "least": part.least, "most": part.most,
        "decay_kind": decay.kind if decay else "", "decay_days": decay.days if decay else 30,
        "decay_percent": decay.percent if decay else None,
        "decay_steps": ", ".join(f"{age}: {left}" for age, left in decay.steps) if decay else "",
    }  # fmt: skip


def _rule_values(rule: RuleFacts, asked: dict[str, dict[str, str]]) -> dict[str, Any]:
    names = ("group", "counting", "points", "cap_count", "cap_days", "fast_track")
    values = _fading(rule) | {name: getattr(rule, name) for name in names} | {"event_types": sorted(rule.event_types)}
    fields = [each for each in rule.conditions if isinstance(each, Condition)]
    for row, each in enumerate(fields):
        is_property = each.field.startswith(PROPERTY)
        values |= {
            f"c{row}-field": PROPERTY if is_property else each.field,
            f"c{row}-property": each.field.removeprefix(PROPERTY) if is_property else "",
            f"c{row}-operator": each.operator,
            f"c{row}-value": "" if each.operator in WITHOUT_VALUE else value_in_words(each, asked),
        }
    events = [each for each in rule.conditions if isinstance(each, EventCondition)]
    for row, lately in enumerate(events):
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
        "lead.source": get_source_names(),
    }
