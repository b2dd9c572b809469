"""What is typed into the calendars: holidays and absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.forms.settings import country_choices
from crm.models import User
from crm.queries.calendars import people_to_note


class AbsenceForm(RecordForm):
    """Somebody is away."""

    user_id = forms.TypedChoiceField(coerce=int, label=_("Who"))
    from_on = DayField(label=_("First day"))
    to_on = DayField(label=_("Last day"))
    note = forms.CharField(required=False, max_length=200, label=_("Note"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"user_id": user.pk}, **kwargs})
        people = [(person.pk, str(person)) for person in people_to_note(user)]
        self.fields["user_id"].choices = people  # type: ignore[attr-defined]


class HolidaysForm(RecordForm):
    """The holidays of a country, pasted."""

    country = forms.ChoiceField(required=False, label=_("Country"))
    days = forms.CharField(
        label=_("Days"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=60_000,
        help_text=_("A day and its name in each line: 2026-12-25 Christmas Day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Everywhere")), *country_choices()[1:]]  # type: ignore[attr-defined]
