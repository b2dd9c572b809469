"""Forms of a deal: whole for a new one, one field at a time in place, its facts, its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import AccountField, DayField, LocalDateTimeField, MoneyFormField, contact_choices
from crm.forms.records import RecordForm
from crm.labels import choices
from crm.lib.labels import label
from crm.models import Campaign, Reason, Source, User
from crm.queries.access import get_access
from pipeline.enums import NOT_RECORDED, Outcome
from pipeline.labels import APPROACHES, CATEGORIES, DEAL_TYPES, FIELD_NAMES, OUTCOMES
from pipeline.models import Competitor, Opportunity, Stage
from pipeline.policies.closing import NEEDS
from pipeline.queries.opportunities import contacts_of, possible_owners
from pipeline.queries.setpoints import get_criteria, get_pipelines


def person_choices(deal: Opportunity) -> list[tuple[Any, str]]:
    """Return the people who can speak for the customer of a deal; the first choice is nobody."""
    return [("", "–"), *((person.pk, str(person)) for person in contacts_of(deal))]


def owner_choices(user: User) -> list[tuple[int, str]]:
    """Return the people this person may give a deal to."""
    return [(person.pk, str(person)) for person in possible_owners(get_access(user))]


class DealForm(RecordForm):
    """A deal's own fields, named like its columns."""

    account_id = AccountField(max_length=320)
    name = forms.CharField(max_length=300)
    amount = MoneyFormField(required=False)
    expected_close_on = DayField(required=False)
    decision_on = DayField(required=False)
    required_results = forms.CharField(required=False, max_length=1000)
    go_live_on = DayField(required=False)
    pipeline_code = forms.ChoiceField(required=False)
    deal_type = forms.ChoiceField(choices=choices(DEAL_TYPES, empty="–"))
    category = forms.ChoiceField(choices=choices(CATEGORIES), initial="pipeline")
    approach = forms.ChoiceField(required=False, choices=choices(APPROACHES, empty="–"))
    contact_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    stage_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    owner_id = forms.TypedChoiceField(coerce=int)
    source_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    campaign_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    first_meeting_at = LocalDateTimeField(required=False, label=_("First meeting"))
    override = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, *args: Any, user: User, account_id: int | None = None, setpoint_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = label("deal_field", name)
        if "pipeline_code" in self.fields:
            self._offer_pipelines()
        lists: dict[str, Any] = {
            "owner_id": lambda: owner_choices(user),
            "contact_id": lambda: contact_choices(account_id),
            "stage_id": lambda: _stages_of(setpoint_id),
            "source_id": lambda: _named(Source),
            "campaign_id": lambda: _named(Campaign),
        }
        for name, options in lists.items():
            if name in self.fields:
                self.fields[name].choices = options  # type: ignore[attr-defined]

    def _offer_pipelines(self) -> None:
        """Ask for the pipeline where there are several."""
        pipelines = [(pipeline.code, pipeline.name) for pipeline in get_pipelines()]
        if len(pipelines) > 1:
            self.fields["pipeline_code"].choices = pipelines  # type: ignore[attr-defined]
        else:
            del self.fields["pipeline_code"]


def _stages_of(setpoint_id: int | None) -> list[tuple[Any, str]]:
    stages = Stage.objects.filter(setpoint=setpoint_id, retired_at=None).order_by("order", "pk")
    return list(stages.values_list("pk", "name"))


def _named(model: Any) -> list[tuple[Any, str]]:
    rows = model.objects.filter(archived_at=None).order_by("name").values_list("pk", "name")
    return [("", "–"), *rows]


CLOSING_FIELDS: dict[str, tuple[str, ...]] = {
    Outcome.WON: ("closed_on", "amount", "reason_code", "competitor", "note"),
    Outcome.LOST: ("closed_on", "reason_code", "competitor", "note"),
    Outcome.NO_DECISION: ("closed_on", "reason_code", "revisit_on", "note"),
    Outcome.DECLINED: ("closed_on", "reason_code", "criteria", "note", "revisit_on"),
}
REASON_LABELS = {
    Outcome.WON: _("Why did we win?"),
    Outcome.LOST: _("Why did we lose?"),
    Outcome.NO_DECISION: _("Why was nothing decided?"),
    Outcome.DECLINED: _("What spoke against it most?"),
}


class ReopenForm(RecordForm):
    """What a deal that goes on as a new one asks for: its first meeting, or why there is none yet."""

    first_meeting_at = LocalDateTimeField(required=False, label=_("First meeting"))
    override = forms.CharField(
        required=False, max_length=2000, label=FIELD_NAMES["override"], widget=forms.Textarea(attrs={"rows": 2})
    )


class CloseForm(RecordForm):
    """What one outcome asks for (P-5)."""

    closed_on = DayField(label=_("Closed on"))
    amount = MoneyFormField(required=False, label=_("Final value"))
    reason_code = forms.ChoiceField(required=False)
    competitor = forms.CharField(
        required=False, max_length=200, label=_("Who won it?"),
        widget=forms.TextInput(attrs={"list": "competitor-choices", "autocomplete": "off"}),
    )  # fmt: skip
    criteria = forms.MultipleChoiceField(
        required=False, label=_("What else spoke against it?"), widget=forms.CheckboxSelectMultiple
    )
    revisit_on = DayField(required=False, label=_("Try again on"))
    note = forms.CharField(
        required=False, max_length=10_000, label=_("What happened?"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, outcome: str, pipeline_id: int, **kwargs: Any) -> None:
        super().__init__(*args, only=CLOSING_FIELDS[outcome], **kwargs)
        self.fields = {name: self.fields[name] for name in CLOSING_FIELDS[outcome]}
        for name in NEEDS[Outcome(outcome)]:
            self.fields[name].required = True
        reasons = Reason.objects.filter(kind=outcome, retired_at=None).exclude(code=NOT_RECORDED)
        choices = list(reasons.values_list("code", "name"))
        if outcome == Outcome.DECLINED:
            choices = [(each.code, dict(choices).get(each.code, each.text)) for each in get_criteria(pipeline_id)]
            self.fields["criteria"].choices = choices  # type: ignore[attr-defined]
        self.fields["reason_code"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]
        self.fields["reason_code"].label = REASON_LABELS[Outcome(outcome)]
        if outcome == Outcome.WON:
            self.fields["competitor"].label = _("Who else was in it?")


def competitor_names() -> list[str]:
    """Return the firms we meet, for suggestions."""
    return list(Competitor.objects.filter(archived_at=None).order_by("name").values_list("name", flat=True)[:200])


def outcome_choices() -> list[tuple[str, Any]]:
    """Return the outcomes in the order of the dialog."""
    return choices(OUTCOMES)
