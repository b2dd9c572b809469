"""The form of a next step, whose day may be chosen or written: "call Henrik fri"."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.enums import ActivityKind
from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.labels import ACTIVITY_KINDS, choices
from pipeline.commands.opportunities import StepPlan
from pipeline.forms.deals import person_choices
from pipeline.labels.step_words import step_lexicon
from pipeline.models import Opportunity
from pipeline.policies.step_words import SpokenStep, read_step

KINDS = {
    kind: ACTIVITY_KINDS[kind]
    for kind in (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.DEMO, ActivityKind.EMAIL, ActivityKind.TASK)
}
PURPOSE_LENGTH = 300


class StepForm(RecordForm):
    """A next step: what, when, and agreed with whom. A chosen day counts before a written one; many deals share no person."""

    purpose = forms.CharField(max_length=PURPOSE_LENGTH, label=_("What happens next"))
    kind = forms.ChoiceField(required=False, choices=choices(KINDS, empty=_("As written")), label=_("How"))
    due_on = DayField(label=_("On"))
    due_at = forms.TimeField(required=False, label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}))
    agreed_with_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Agreed with"))

    def __init__(self, *args: Any, deal: Opportunity | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if "agreed_with_id" in self.fields and deal is not None:
            self.fields["agreed_with_id"].choices = person_choices(deal)  # type: ignore[attr-defined]
        self.fields["due_on"].required = "purpose" not in self.fields

    def clean(self) -> dict[str, Any]:
        """Take from the words what no field says."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("purpose"):
            return values
        spoken = read_step(values["purpose"], today=self.today, lexicon=step_lexicon())
        values["kind"] = values.get("kind") or spoken.kind or ActivityKind.TASK
        if values.get("due_on") or "due_on" in self.errors:
            return values
        if spoken.due_on is None:
            self.add_error(
                "due_on", ValidationError(_("Choose a day, or write it: “call Henrik Friday”."), code="day_needed")
            )
            return values
        values |= {"purpose": spoken.purpose, "due_on": spoken.due_on}
        values["due_at"] = values.get("due_at") or spoken.due_at
        return values


def step_plan(values: Mapping[str, Any]) -> StepPlan:
    """Return the step that a valid form describes."""
    return StepPlan(
        purpose=values["purpose"],
        due_on=values["due_on"],
        due_at=step_moment(values),
        kind=ActivityKind(values["kind"]),
        agreed_with_id=values.get("agreed_with_id"),
    )


def step_moment(values: Mapping[str, Any]) -> datetime | None:
    """Return the instant where an hour was given, in the person's zone."""
    if not values.get("due_at"):
        return None
    return timezone.make_aware(datetime.combine(values["due_on"], values["due_at"]))


def read_words(text: str, *, deal: Opportunity, today: date) -> tuple[SpokenStep, str]:
    """Return what a sentence says of a step of this deal, and the name of the person it means."""
    people = person_choices(deal)[1:]
    spoken = read_step(text[:PURPOSE_LENGTH], today=today, lexicon=step_lexicon(), people=people)
    return spoken, dict(people).get(spoken.person_id, "")
