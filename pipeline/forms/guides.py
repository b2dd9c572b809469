"""What is asked of a message guide: for whom, and the fixed texts (TR-036)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import PersonaField
from crm.forms.playbook import text_area
from crm.forms.records import RecordForm
from crm.labels import SENIORITIES
from pipeline.labels.guides import TEXT_HINTS, TEXT_NAMES
from pipeline.policies.guides import LEVELS, LONGEST_TEXT, TEXTS
from pipeline.queries.guides import open_competitors


class GuideForm(RecordForm):
    """A guide in plain text."""

    seniority = forms.ChoiceField(required=False, label=_("Level"))
    persona_id = PersonaField(label=_("Persona"), empty=_("Any persona"))
    competitor_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Competitor"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_level = [("", _("Any level")), *((str(level), SENIORITIES[level]) for level in LEVELS)]
        self.fields["seniority"].choices = any_level  # type: ignore[attr-defined]
        rivals = open_competitors().values_list("pk", "name")
        self.fields["competitor_id"].choices = [("", _("Any competitor")), *rivals]  # type: ignore[attr-defined]
        for name in TEXTS:
            self.fields[name] = forms.CharField(
                required=False, max_length=LONGEST_TEXT, label=TEXT_NAMES[name], help_text=TEXT_HINTS[name],
                widget=text_area(), strip=False,
            )  # fmt: skip
