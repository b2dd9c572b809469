"""Shapes of what is typed about leads and rules; commands decide whether it may stand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import AccountField, DayField, LocalDateTimeField, MoneyFormField, OwnerField, TagsField
from crm.forms.records import RecordForm, source_choices
from crm.labels import CHANNELS, SENIORITIES, choices
from crm.lib.errors import CommandRefused
from crm.lib.labels import label
from crm.models import Campaign
from pipeline.enums import DealType
from pipeline.labels import FIELD_NAMES
from scoring.labels import LEAD_STATUSES, sentence
from scoring.queries.choices import get_event_types, get_reject_reasons
from scoring.queries.reps import people_who_answer


class ScoringForm(RecordForm):
    """A form that shows why a scoring command refused at its fields."""

    def refuse(self, refused: CommandRefused) -> None:
        """Show each refusal at its field where that is here."""
        for refusal in refused.refusals:
            name = dict(refusal.params).get("field", refused.field)
            shown = next((known for known in (name, f"{name}_id", f"{name}_code") if known in self.fields), None)
            self.add_error(shown, sentence(refusal))


def answerer_choices() -> list[tuple[Any, str]]:
    """Return the people who may be given a lead."""
    return [("", "–"), *((person.pk, str(person)) for person in people_who_answer())]


class LeadForm(ScoringForm):
    """A lead, whole or one field of it."""

    first_name = forms.CharField(required=False, max_length=200)
    last_name = forms.CharField(required=False, max_length=200)
    job_title = forms.CharField(required=False, max_length=200)
    seniority = forms.ChoiceField(required=False, choices=choices(SENIORITIES, empty="–"))
    company = forms.CharField(required=False, max_length=300, label=_("Company"))
    email = forms.CharField(required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"}))
    phone = forms.CharField(required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    industry = forms.CharField(required=False, max_length=100)
    employee_count = forms.IntegerField(required=False, min_value=0, max_value=2_147_483_647)
    country = forms.CharField(
        required=False, max_length=2, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    technologies = TagsField(required=False, max_length=2000)
    channel = forms.ChoiceField(choices=choices(CHANNELS), initial="inbound", label=_("Channel"))
    source_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    campaign_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Campaign"))
    account_id = AccountField(required=False, max_length=320, label=_("Account"))
    owner_id = OwnerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, given in (("source_id", source_choices), ("campaign_id", campaign_choices)):
            if name in self.fields:
                self.fields[name].choices = given  # type: ignore[attr-defined]


class RejectForm(ScoringForm):
    """Why a lead goes back to marketing."""

    reason_code = forms.ChoiceField(choices=get_reject_reasons, label=_("Why"), widget=forms.RadioSelect)
    note = forms.CharField(
        required=False, max_length=1000, label=_("Note for marketing"), widget=forms.Textarea(attrs={"rows": 3})
    )
    recycle_on = DayField(
        required=False,
        label=_("Take it up again on"),
        help_text=_("Only where the lead may come again: not now, no interest yet. Left empty, it waits for no day."),
    )


class GiveForm(ScoringForm):
    """Who answers a lead; `from_owner_id` is who had it when the form was shown, empty for nobody."""

    owner_id = forms.TypedChoiceField(coerce=int, choices=answerer_choices, label=_("Who answers it"))
    from_owner_id = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class ConvertForm(ScoringForm):
    """The deal a lead becomes; its first meeting is needed, unless no deal is opened yet (D-17)."""

    use_required_attribute = False

    deal_name = forms.CharField(required=False, max_length=300, label=_("Name of the deal"))
    account_id = AccountField(
        required=False,
        max_length=320,
        label=_("Account"),
        help_text=_("Leave empty to find it by e-mail and company, or add it."),
    )
    first_meeting_at = LocalDateTimeField(label=_("First meeting"))
    amount = MoneyFormField(required=False, label=_("Amount"))
    deal_type = forms.ChoiceField(choices=list, label=_("Deal type"))
    expected_close_on = DayField(required=False, label=_("Expected close"))
    override = forms.CharField(
        required=False, max_length=2000, label=FIELD_NAMES["override"], widget=forms.Textarea(attrs={"rows": 2})
    )
    without_deal = forms.BooleanField(required=False, label=_("Only the account and contact, no deal yet"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_meeting_at", "deal_type"):
            self.fields[name].required = not (self.data and self.data.get("without_deal"))
        kinds = [(str(kind), label("deal_type", kind)) for kind in DealType]
        self.fields["deal_type"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]


class EventForm(ScoringForm):
    """Something a lead did, entered by hand."""

    type = forms.ChoiceField(choices=get_event_types, label=_("What they did"))
    occurred_at = LocalDateTimeField(label=_("When"))
    url = forms.CharField(required=False, max_length=500, label=_("Page or document"))
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)


class EventTypeForm(ScoringForm):
    """Another kind of event: how senders write it, and how people read it."""

    name = forms.CharField(max_length=200, label=_("What a lead did"))
    code = forms.CharField(
        max_length=100, label=_("As senders write it"), help_text=_("Small letters, digits and _: demo_video_watched.")
    )
    qualifies = forms.BooleanField(required=False, initial=True, label=_("The lead was active: it ends a silence"))


class LeadListForm(forms.Form):
    """Filters of the leads page; what is wrong in the address is left out."""

    q = forms.CharField(required=False, max_length=200)
    status = forms.ChoiceField(required=False, choices=choices(LEAD_STATUSES, empty=_("Any status")))
    owner = forms.CharField(required=False, max_length=20)
    score = forms.IntegerField(required=False, min_value=0, max_value=1000)

    @property
    def values(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


def campaign_choices() -> list[tuple[Any, str]]:
    """Return the campaigns in use as choices."""
    campaigns = Campaign.objects.filter(archived_at=None).order_by("name").values_list("pk", "name")
    return [("", "–"), *campaigns]
