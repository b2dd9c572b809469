"""What is asked of a source and of a campaign (D-41)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.enums import Channel, ContentType
from crm.forms.fields import DayField
from crm.forms.records import RecordForm, source_choices
from crm.labels import CHANNELS, choices
from crm.lib.labels import label
from crm.policies.origins import LONGEST_NAME


def content_choices() -> list[tuple[str, str]]:
    """Return what a source or a campaign can be made of."""
    return [(str(kind), label("content_type", kind)) for kind in ContentType]


class SourceForm(RecordForm):
    """A standing source."""

    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    channel = forms.ChoiceField(choices=choices(CHANNELS), initial=Channel.INBOUND, label=_("Channel"))
    content_type = forms.ChoiceField(choices=content_choices, initial=ContentType.OTHER, label=_("What it is made of"))


class CampaignForm(RecordForm):
    """A dated effort within a source."""

    name = forms.CharField(max_length=LONGEST_NAME, label=_("Name"))
    source_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Source"))
    content_type = forms.ChoiceField(
        choices=content_choices,
        initial=ContentType.OTHER,
        label=_("What it is made of"),
        help_text=_("“Other” counts as what its source is made of."),
    )
    starts_on = DayField(required=False, label=_("First day"))
    ends_on = DayField(required=False, label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_id"].choices = source_choices  # type: ignore[attr-defined]
