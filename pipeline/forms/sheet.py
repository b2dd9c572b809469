"""The sheet that asks for the facts a move misses: one small group of fields each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from crm.enums import ActivityKind
from crm.forms.fields import DayField, LocalDateTimeField, MoneyFormField
from crm.forms.records import RecordForm
from crm.labels import choices
from crm.lib.labels import label
from pipeline.commands.facts import GivenAssessment, GivenAttestation, GivenFacts, GivenPerson
from pipeline.commands.opportunities import StepPlan
from pipeline.enums import FACT_ELEMENTS, SAID_BY_SOMEBODY, Evidence, Fact, Level, StakeholderRole
from pipeline.facts import CriterionFacts
from pipeline.forms.deals import person_choices
from pipeline.labels import DEAL_TYPES, FIELD_NAMES, REFUSALS
from pipeline.models import Opportunity

STEPS = (Fact.NEXT_STEP_AGREED, Fact.CLOSING_STEP_SET)
ROLES: Mapping[str, StakeholderRole] = {
    Fact.DECISION_MAKER_MET: StakeholderRole.DECISION_MAKER,
    Fact.ECONOMIC_BUYER_NAMED: StakeholderRole.ECONOMIC_BUYER,
    Fact.CHAMPION_NAMED: StakeholderRole.CHAMPION,
}
KNOWN_LEVELS = (Level.TOLD, Level.CONFIRMED)
# What is a field of the deal itself, and what is logged or noted as a whole.
DEAL_FIELDS = ("deal_type", "amount", "expected_close_on", "decision_on", "required_results", "go_live_on")
FIELDS: Mapping[str, Callable[[], dict[str, forms.Field]]] = {
    Fact.DEAL_TYPE_KNOWN: lambda: {
        "deal_type": forms.ChoiceField(choices=choices(DEAL_TYPES, empty="–"), label=FIELD_NAMES["deal_type"])
    },
    Fact.AMOUNT_KNOWN: lambda: {"amount": MoneyFormField(label=FIELD_NAMES["amount"])},
    Fact.CLOSE_DATE_KNOWN: lambda: {"expected_close_on": DayField(label=FIELD_NAMES["expected_close_on"])},
    Fact.DECISION_DATE_KNOWN: lambda: {"decision_on": DayField(label=FIELD_NAMES["decision_on"])},
    Fact.RESULTS_KNOWN: lambda: {
        "required_results": forms.CharField(max_length=1000, label=FIELD_NAMES["required_results"])
    },
    Fact.GO_LIVE_KNOWN: lambda: {"go_live_on": DayField(label=FIELD_NAMES["go_live_on"])},
    Fact.MEETING_DATED: lambda: {"meeting_at": LocalDateTimeField(label=_("When do we meet?"))},
    Fact.FIRST_MEETING_HELD: lambda: {"held_at": LocalDateTimeField(label=_("When was it held?"))},
    Fact.QUALIFICATION_ASSESSED: lambda: {
        "rest_is_unknown": forms.BooleanField(label=_("Note every element that nobody assessed yet as unknown"))
    },
}


@dataclass(frozen=True, slots=True)
class FactGroup:
    """A missing fact with the fields that would meet it; none where another group's fields do."""

    criterion: CriterionFacts
    fields: list[BoundField]


class MoveForm(forms.Form):
    """Where to, what the person saw, and why."""

    to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    key = forms.CharField(required=False, max_length=100)
    override = forms.CharField(required=False, max_length=2000, label=_("Reason"))
    reason = forms.CharField(required=False, max_length=2000, label=_("Reason"))
    sheet = forms.BooleanField(required=False)

    def sentences(self) -> list[str]:
        """Return what is wrong; nobody types a setpoint or a version, so these say what to do instead."""
        instead = {
            "to": _("Choose the setpoint it moves to."),
            "version": _("This page is out of date. Load it again, then move the deal."),
        }
        return [
            str(instead.get(name) or f"{self.fields[name].label}: {' '.join(map(str, errors))}")
            for name, errors in self.errors.items()
        ]


class SheetForm(RecordForm):
    """Fields for each missing fact; all optional, since what stays missing may be given a reason instead."""

    def __init__(self, *args: Any, missing: Sequence[CriterionFacts], deal: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = list(missing)
        people = person_choices(deal)
        self._groups = [(criterion, self._add(criterion, people)) for criterion in self.missing]

    def _add(self, criterion: CriterionFacts, people: list[Any]) -> list[str]:
        new = {name: each for name, each in fields_of(criterion, people).items() if name not in self.fields}
        for each in new.values():
            each.required = False
        self.fields.update(new)
        return list(new)

    def groups(self) -> list[FactGroup]:
        """Return the missing facts with their fields, for the template."""
        return [FactGroup(criterion, [self[name] for name in names]) for criterion, names in self._groups]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where something was said, for who said it where that counts, and for the day of a step."""
        values: dict[str, Any] = super().clean() or {}
        for name in list(values):
            if (day := _day_of(name)) and values[name]:
                self._ask_for_day(day)
        for criterion in self.missing:
            stem = _stem(criterion)
            if criterion.check_code == Fact.DECISION_MAKER_MET and values.get(f"{stem}_contact"):
                self._ask_for_day(f"{stem}_on")
            if not values.get(f"{stem}_contact") and self._needs_person(criterion, values):
                self.add_error(f"{stem}_contact", ValidationError(REFUSALS["person_needed"], code="person_needed"))
        return values

    def _ask_for_day(self, day: str) -> None:
        if not self.cleaned_data.get(day) and day not in self.errors:
            self.add_error(day, ValidationError(_("Choose a day."), code="day_needed"))

    def _needs_person(self, criterion: CriterionFacts, values: Mapping[str, Any]) -> bool:
        stem = _stem(criterion)
        if criterion.check_code in FACT_ELEMENTS:
            return bool(values.get(f"{stem}_note")) and values.get(f"{stem}_level") != Level.CONFIRMED
        if criterion.check_code == Fact.DECISION_MAKER_MET:
            return bool(values.get(f"{stem}_on"))
        return criterion.code in SAID_BY_SOMEBODY and bool(values.get(f"{stem}_note"))

    def given(self) -> GivenFacts:
        """Return what was filled in."""
        values = self.cleaned_data
        step = None
        if values.get("step_purpose") and values.get("step_on"):
            step = StepPlan(values["step_purpose"], values["step_on"], None, ActivityKind.TASK, values.get("step_with"))
        return GivenFacts(
            attestations=tuple(filter(None, map(self._attestation, self.missing))),
            assessments=tuple(filter(None, map(self._assessment, self.missing))),
            rest_is_unknown=bool(values.get("rest_is_unknown")),
            people=tuple(filter(None, map(self._named, self.missing))),
            fields={name: values[name] for name in DEAL_FIELDS if values.get(name)},
            meeting_at=values.get("meeting_at"),
            held_at=values.get("held_at"),
            step=step,
        )

    def has_something(self) -> bool:
        """Whether a valid form was filled in; where not, its first field says so."""
        if self.given() != GivenFacts():
            return True
        for first in list(self.fields)[:1]:
            self.add_error(first, ValidationError(self.fields[first].error_messages["required"], code="required"))
        return False

    def _attestation(self, criterion: CriterionFacts) -> GivenAttestation | None:
        stem = _stem(criterion)
        note = self.cleaned_data.get(f"{stem}_note")
        if not note or criterion.evidence != Evidence.ATTESTED:
            return None
        on = self.cleaned_data[f"{stem}_on"]
        return GivenAttestation(criterion.version_id, on, note, self.cleaned_data.get(f"{stem}_contact"))

    def _assessment(self, criterion: CriterionFacts) -> GivenAssessment | None:
        stem, values = _stem(criterion), self.cleaned_data
        on = values.get(f"{stem}_on")
        if criterion.check_code not in FACT_ELEMENTS or on is None:
            return None
        level = Level(values.get(f"{stem}_level") or Level.TOLD)
        element = FACT_ELEMENTS[Fact(criterion.check_code)]
        return GivenAssessment(element, level, on, values.get(f"{stem}_note", ""), values.get(f"{stem}_contact"))

    def _named(self, criterion: CriterionFacts) -> GivenPerson | None:
        contact_id = self.cleaned_data.get(f"{_stem(criterion)}_contact")
        role = ROLES.get(criterion.check_code)
        if role is None or contact_id is None:
            return None
        return GivenPerson(contact_id, role, self.cleaned_data.get(f"{_stem(criterion)}_on"))


def fields_of(criterion: CriterionFacts, people: list[Any]) -> dict[str, forms.Field]:
    """Return the fields that meet a criterion: those of an attested note, of an element, of a person or of the deal."""
    stem, code = _stem(criterion), criterion.check_code
    if criterion.evidence == Evidence.ATTESTED:
        return {f"{stem}_note": _note(), f"{stem}_contact": _person(people, _("Who said it")), f"{stem}_on": _day()}
    if code in FACT_ELEMENTS:
        return {
            f"{stem}_note": _note(),
            f"{stem}_contact": _person(people, _("Who said it")),
            f"{stem}_on": _day(),
            f"{stem}_level": forms.TypedChoiceField(
                choices=[(level.value, label("level", level)) for level in KNOWN_LEVELS], coerce=int, initial=Level.TOLD.value,
                label=_("How well we know it"),
            ),
        }  # fmt: skip
    if code in ROLES:
        who = {f"{stem}_contact": _person(people, label("stakeholder_role", ROLES[code]))}
        return who | ({f"{stem}_on": _day(_("Met on"))} if code == Fact.DECISION_MAKER_MET else {})
    if code in STEPS:
        return {
            "step_purpose": forms.CharField(max_length=300, label=_("What happens next")),
            "step_with": _person(people, _("Agreed with")),
            "step_on": _day(_("On")),
        }
    make = FIELDS.get(code)
    return make() if make else {}


def _stem(criterion: CriterionFacts) -> str:
    """Return what the names of its fields begin with: what is typed stays where the criterion is worded anew meanwhile."""
    return f"fact{criterion.criterion_id}"


def _day_of(name: str) -> str:
    """Return the field of the day that something given in this one needs."""
    return "step_on" if name == "step_purpose" else name.removesuffix("_note") + "_on" if name.endswith("_note") else ""


def _note() -> forms.CharField:
    return forms.CharField(max_length=1000, label=_("What was said"))


def _day(words: Any = None) -> DayField:
    return DayField(label=words or _("When"))


def _person(people: list[Any], words: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=people, coerce=int, empty_value=None, label=words)
