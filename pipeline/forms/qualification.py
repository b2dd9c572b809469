"""The sheet that assesses one element of a deal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from pipeline.enums import QUALIFICATION, Element
from pipeline.facts import AssessmentFacts
from pipeline.forms.deals import person_choices
from pipeline.labels.qualification import LEVEL_CHOICES, NOT_APPLICABLE
from pipeline.models import Opportunity

NOT_HERE = "none"


class AssessForm(RecordForm):
    """How well an element is known, from whom, since when."""

    level = forms.ChoiceField(label=_("How sure are we?"), widget=forms.RadioSelect)
    note = forms.CharField(
        required=False, max_length=1000, label=_("What was said"), widget=forms.Textarea(attrs={"rows": 2})
    )
    contact_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Who said it"))
    said_on = DayField(label=_("When"))

    def __init__(self, *args: Any, deal: Opportunity, element: Element, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(str(int(level)), words) for level, words in LEVEL_CHOICES.items()]
        if element not in QUALIFICATION:
            levels.append((NOT_HERE, NOT_APPLICABLE))
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        if "level" not in self.initial:
            self.fields["level"].widget.attrs["data-focus"] = True  # a choice has a value before it is made
        self.fields["contact_id"].choices = person_choices(deal)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the command takes."""
        level = self.cleaned_data["level"]
        applies = level != NOT_HERE
        return {**self.cleaned_data, "level": int(level) if applies else 0, "applies": applies}


def standing_values(standing: AssessmentFacts | None) -> dict[str, Any]:
    """Return what the form begins with: what is known now, so that hearing it again is one click."""
    if standing is None:
        return {}
    level = str(int(standing.level)) if standing.applies else NOT_HERE
    return {"level": level, "note": standing.note, "contact_id": standing.contact_id}
