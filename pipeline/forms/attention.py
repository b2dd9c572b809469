"""What is asked where a warning rests, a deal waits, or one that languishes is to go on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm


class RestForm(RecordForm):
    """Until when, and why."""

    until = DayField(label=_("Until"))
    reason = forms.CharField(max_length=300, label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))


class RestartForm(RecordForm):
    """What gets the deal going again."""

    note = forms.CharField(
        max_length=1000, label=_("What gets it going again"), widget=forms.Textarea(attrs={"rows": 4})
    )
