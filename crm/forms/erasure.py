"""What is asked before a person is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.records import RecordForm
from crm.policies.erasure import LONGEST_REASON


class ErasureForm(RecordForm):
    """Why, without saying who."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label=_("Reason"),
        help_text=_("It stays, so name nobody: “Asked by letter of 3 May.”"),
    )
