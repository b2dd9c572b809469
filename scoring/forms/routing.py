"""What is typed about how leads find their rep."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import TagsField
from crm.forms.settings import team_choices
from scoring.forms import ScoringForm
from scoring.queries.reps import active_reps


def rep_choices() -> list[tuple[Any, str]]:
    """Return the active reps."""
    return [("", "–"), *((person.pk, str(person)) for person in active_reps())]


class TerritoryForm(ScoringForm):
    """Which leads are whose."""

    name = forms.CharField(max_length=100, label=_("Name"))
    order = forms.IntegerField(min_value=0, max_value=999, initial=0, label=_("Order"), help_text=_("Lowest first."))
    countries = TagsField(
        required=False, max_length=1000, label=_("Countries"), help_text=_("Two letters each: EE, LV, LT.")
    )
    languages = TagsField(required=False, max_length=1000, label=_("Languages"), help_text=_("Codes: et, lv, en."))
    industries = TagsField(required=False, max_length=5000, label=_("Industries"))
    team_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Team"))
    rep_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("or one rep"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, given in (("team_id", team_choices), ("rep_id", rep_choices)):
            self.fields[name].choices = given  # type: ignore[attr-defined]


class ShareForm(ScoringForm):
    """How many leads a rep takes."""

    capacity = forms.IntegerField(
        min_value=0, max_value=10, label=_("Share"), help_text=_("Twice the share, twice the leads. 0 takes no turn.")
    )
    languages = TagsField(required=False, max_length=1000, label=_("Languages"), help_text=_("Codes: et, lv, en."))


class TermsForm(ScoringForm):
    """What marketing and sales agreed on."""

    answer_minutes = forms.IntegerField(min_value=15, max_value=4800, label=_("Answered within (working minutes)"))
    remind_minutes = forms.IntegerField(min_value=0, max_value=4799, label=_("Reminded before that (minutes)"))
    trial_percent = forms.IntegerField(
        min_value=0,
        max_value=50,
        label=_("Low scores to try (percent of what reps call)"),
        help_text=_("Drawn each week, so that we learn what low scores are worth. 0 draws none."),
    )
    pauses_when_away = forms.BooleanField(
        required=False,
        label=_("The clock stands still while a rep is away"),
        help_text=_("Days of absence count as holidays do, also in clocks that run."),
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
