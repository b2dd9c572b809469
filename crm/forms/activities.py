"""Logging, completing and moving activities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import AccountField, LocalDateTimeField, contact_choices
from crm.forms.records import RecordForm
from crm.labels import ACTIVITY_CHANNELS, ACTIVITY_KINDS, ACTIVITY_OUTCOMES, DIRECTIONS, OBSTACLES, choices

CUSTOMER_ACTED = _("The customer moved the sale on")
EDITABLE = ("subject", "contact_id", "direction", "by_customer", "channel", "duration_minutes", "obstacle", "note")


class ActivityForm(RecordForm):
    """What was done, or is to be done; a call by default."""

    kind = forms.ChoiceField(choices=choices(ACTIVITY_KINDS), initial="call")
    subject = forms.CharField(required=False, max_length=300)
    account_id = AccountField(required=False, max_length=320)
    contact_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    occurred_at = LocalDateTimeField(required=False, label=_("When"))
    planned = forms.BooleanField(required=False, label=_("It is still ahead"))
    outcome = forms.ChoiceField(required=False, choices=choices(ACTIVITY_OUTCOMES, empty="–"))
    direction = forms.ChoiceField(required=False, choices=choices(DIRECTIONS, empty="–"), label=_("Who reached out"))
    by_customer = forms.BooleanField(required=False, label=CUSTOMER_ACTED)
    participant_contact_ids = forms.TypedMultipleChoiceField(
        required=False, coerce=int, label=_("Who else took part"), widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(required=False, choices=choices(ACTIVITY_CHANNELS, empty="–"), label=_("Reached by"))
    obstacle = forms.ChoiceField(
        required=False, choices=choices(OBSTACLES, empty="–"), label=_("What stood in the way")
    )
    duration_minutes = forms.IntegerField(required=False, min_value=0, max_value=1440, label=_("Minutes"))
    note = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))
    opportunity = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lead = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, account_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = contact_choices(account_id)
        self.fields["contact_id"].choices = people  # type: ignore[attr-defined]
        self.fields["participant_contact_ids"].choices = people[1:]  # type: ignore[attr-defined]

    @property
    def says_more(self) -> bool:
        """Whether something was filled in, or is wrong, in what the form folds away."""
        return any(self[name].value() or self[name].errors for name in ("channel", "obstacle", "duration_minutes"))


class CompleteForm(RecordForm):
    """How it went."""

    outcome = forms.ChoiceField(required=False, choices=choices(ACTIVITY_OUTCOMES, empty="–"))
    by_customer = forms.BooleanField(required=False, label=CUSTOMER_ACTED)
    note = forms.CharField(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcomes: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {code: word for code, word in ACTIVITY_OUTCOMES.items() if code in outcomes}
        self.fields["outcome"].choices = choices(words, empty="–")  # type: ignore[attr-defined]


class EditForm(ActivityForm):
    """What an activity says, to be put right; its time and outcome have forms of their own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in (*EDITABLE, "version")}


class MoveForm(RecordForm):
    """Another time for something planned."""

    to = LocalDateTimeField(label=_("New time"))
    by_customer = forms.BooleanField(required=False, label=_("The customer asked for it"))
    version = forms.IntegerField(widget=forms.HiddenInput)
