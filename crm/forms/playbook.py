"""What is asked of a kind of buyer, and of what is worth knowing of a company."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.enums import Burner, InsightKind
from crm.forms.fields import DayField, contact_choices
from crm.forms.records import RecordForm
from crm.labels import BURNERS, INSIGHT_KINDS, choices, field_label
from crm.policies.insights import LONGEST_TEXT
from crm.policies.personas import LINES, TEXTS
from crm.policies.personas import LONGEST_TEXT as LONGEST_PERSONA_TEXT


def text_area(rows: int = 3) -> forms.Textarea:
    """Return the input of a text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class PersonaForm(RecordForm):
    """A kind of buyer, in plain text."""

    name = forms.CharField(max_length=LINES["name"])
    position = forms.CharField(required=False, max_length=LINES["position"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name] = forms.CharField(
                required=False, max_length=LONGEST_PERSONA_TEXT, widget=text_area(), strip=False
            )
        for name, field in self.fields.items():
            field.label = field_label(name, model="crm.Persona")


class InsightForm(RecordForm):
    """One thing worth knowing before a call."""

    kind = forms.ChoiceField(choices=choices(INSIGHT_KINDS), initial=InsightKind.AIM)
    text = forms.CharField(max_length=LONGEST_TEXT, widget=text_area(2))
    burner = forms.ChoiceField(required=False, choices=choices(BURNERS, empty="–"))
    on = DayField(required=False)
    told_by_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, account_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_by_id"].choices = contact_choices(account_id)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = field_label(name.removesuffix("_id"), model="crm.AccountInsight")
        self.fields["burner"].help_text = _("Of a goal only. What they work on now stands on the front burner.")
        self.fields["on"].help_text = _("When it happened, or when it comes.")


def insight_values(values: Mapping[str, Any] | None, *, kind: str = "") -> dict[str, Any]:
    """Return what the form of an insight begins with; a new goal is on the front burner."""
    if values is not None:
        return dict(values)
    known = kind if kind in list(InsightKind) else InsightKind.AIM
    return {"kind": known, "burner": Burner.FRONT if known == InsightKind.GOAL else ""}
