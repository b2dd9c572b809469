"""What is asked of a meeting: when and with whom, and the three things to learn (LT-050, FI-011)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import LocalDateTimeField, contact_choices
from crm.forms.playbook import text_area
from crm.forms.records import RecordForm
from pipeline.labels.meetings import SECTION_HINTS, SECTION_NAMES
from pipeline.policies.meetings import LONGEST_SECTION, SECTIONS


class MeetingRecordForm(RecordForm):
    """Where the customer stands, what makes it hard, where they want to be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECTIONS:
            self.fields[name] = forms.CharField(
                required=False, max_length=LONGEST_SECTION, label=SECTION_NAMES[name], help_text=SECTION_HINTS[name],
                widget=text_area(4), strip=False,
            )  # fmt: skip


class MeetingForm(MeetingRecordForm):
    """A meeting that was held, with what was learned."""

    occurred_at = LocalDateTimeField(label=_("When"))
    subject = forms.CharField(required=False, max_length=300, label=_("Subject"))
    contact_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("With whom"))

    def __init__(self, *args: Any, account_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_id"].choices = contact_choices(account_id)  # type: ignore[attr-defined]
