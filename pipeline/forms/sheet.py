"""The sheet that asks for the facts a move misses: one small group of fields each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from crm.enums import ActivityKind
from crm.forms.fields import DayField, LocalDateTimeField
from pipeline.commands.opportunities import GivenFacts, StepPlan
from pipeline.commands.opportunities.sheet import GivenAttestation
from pipeline.enums import SAID_BY_SOMEBODY, Evidence, Fact
from pipeline.facts import CriterionFacts
from pipeline.forms.deals import person_choices
from pipeline.labels import REFUSALS
from pipeline.models import Opportunity

STEPS = (Fact.NEXT_STEP_AGREED, Fact.CLOSING_STEP_SET)


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


class SheetForm(forms.Form):
    """Fields for each missing fact; all optional, since what stays missing may be given a reason instead."""

    def __init__(self, *args: Any, missing: Sequence[CriterionFacts], deal: Opportunity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = list(missing)
        people = person_choices(deal)
        self._groups = [(criterion, self._add(criterion, people)) for criterion in self.missing]

    def _add(self, criterion: CriterionFacts, people: list[Any]) -> list[str]:
        fields = self._fields_of(criterion, people)
        new = {name: field for name, field in fields.items() if name not in self.fields}
        for field in new.values():
            field.required = False
        self.fields.update(new)
        return list(new)

    def _fields_of(self, criterion: CriterionFacts, people: list[Any]) -> dict[str, forms.Field]:
        if criterion.evidence == Evidence.ATTESTED:
            stem = f"fact{criterion.version_id}"
            return {
                f"{stem}_note": forms.CharField(max_length=1000, label=_("What was said")),
                f"{stem}_contact": _person(people, _("Who said it")),
                f"{stem}_on": DayField(label=_("When")),
            }
        if criterion.check_code in STEPS:
            return {
                "step_purpose": forms.CharField(max_length=300, label=_("What happens next")),
                "step_with": _person(people, _("Agreed with")),
                "step_on": DayField(label=_("On")),
            }
        known: dict[str, dict[str, forms.Field]] = {
            Fact.DECISION_DATE_KNOWN: {"decision_on": DayField(label=_("Decision date"))},
            Fact.MEETING_DATED: {"meeting_at": LocalDateTimeField(label=_("When do we meet?"))},
            Fact.FIRST_MEETING_HELD: {"held_at": LocalDateTimeField(label=_("When was it held?"))},
        }
        return known.get(criterion.check_code, {})

    def groups(self) -> list[FactGroup]:
        """Return the missing facts with their fields, for the template."""
        return [FactGroup(criterion, [self[name] for name in names]) for criterion, names in self._groups]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where something was said, for who said it where that counts, and for the day of a step."""
        values: dict[str, Any] = super().clean() or {}
        for name, value in list(values.items()):
            day = (
                name.removesuffix("_note") + "_on"
                if name.endswith("_note")
                else "step_on"
                if name == "step_purpose"
                else ""
            )
            if day and value and not values.get(day) and day not in self.errors:
                self.add_error(day, ValidationError(_("Choose a day."), code="day_needed"))
        for criterion in self.missing:
            stem = f"fact{criterion.version_id}"
            if criterion.code in SAID_BY_SOMEBODY and values.get(f"{stem}_note") and not values.get(f"{stem}_contact"):
                self.add_error(f"{stem}_contact", ValidationError(REFUSALS["person_needed"], code="person_needed"))
        return values

    def given(self) -> GivenFacts:
        """Return what was filled in."""
        values = self.cleaned_data
        step = None
        if values.get("step_purpose") and values.get("step_on"):
            step = StepPlan(values["step_purpose"], values["step_on"], None, ActivityKind.TASK, values.get("step_with"))
        return GivenFacts(
            attestations=[given for criterion in self.missing if (given := self._attestation(criterion))],
            decision_on=values.get("decision_on"),
            meeting_at=values.get("meeting_at"),
            held_at=values.get("held_at"),
            step=step,
        )

    def _attestation(self, criterion: CriterionFacts) -> GivenAttestation | None:
        stem = f"fact{criterion.version_id}"
        note = self.cleaned_data.get(f"{stem}_note")
        if not note:
            return None
        on = self.cleaned_data[f"{stem}_on"]
        return GivenAttestation(criterion.version_id, on, note, self.cleaned_data.get(f"{stem}_contact"))


def _person(people: list[Any], words: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=people, coerce=int, empty_value=None, label=words)
