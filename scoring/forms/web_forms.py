"""The shape of a form that marketing puts on a website."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import OwnerField, TagsField
from crm.forms.records import source_choices
from crm.labels import choices
from scoring.forms import ScoringForm, campaign_choices
from scoring.labels.events import FORM_FIELDS


class WebFormForm(ScoringForm):
    """A form for a website."""

    name = forms.CharField(max_length=200, label=_("Name, as its reader sees it"))
    code = forms.CharField(max_length=100, label=_("In its address"), help_text="demo-request")
    intro = forms.CharField(required=False, max_length=1000, label=_("What stands above it"))
    asked = forms.MultipleChoiceField(
        choices=choices(FORM_FIELDS), widget=forms.CheckboxSelectMultiple, label=_("Asks for")
    )
    required = forms.MultipleChoiceField(
        required=False, choices=choices(FORM_FIELDS), widget=forms.CheckboxSelectMultiple, label=_("Needs")
    )
    consent_text = forms.CharField(required=False, max_length=1000, label=_("What they consent to"))
    thanks = forms.CharField(max_length=1000, label=_("What it says afterwards"))
    double_opt_in = forms.BooleanField(
        required=False, initial=True, label=_("Nothing happens before the address is confirmed by mail")
    )
    mail_subject = forms.CharField(required=False, max_length=200, label=_("Mail of thanks: subject"))
    mail_text = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Mail of thanks: text"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    source_id = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=source_choices, label=_("Source")
    )
    campaign_id = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=campaign_choices, label=_("Campaign")
    )
    owner_id = OwnerField(label=_("Whose leads these are"), help_text=_("Empty: whose turn it is."))
    origins = TagsField(
        required=False,
        max_length=2000,
        label=_("Sites that may show it"),
        help_text="https://www.example.com",
    )


class WebsiteForm(ScoringForm):
    """A site of ours that reports its visitors."""

    name = forms.CharField(max_length=200, label=_("Site"))
    origins = TagsField(max_length=2000, label=_("Its addresses"), help_text="https://www.example.com")
