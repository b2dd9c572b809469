"""What is asked where somebody asks for an approval, answers one, promises something, or sets the policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.labels import ROLES
from crm.queries.people import active_people
from pipeline.enums import PolicyArea, PromiseState
from pipeline.labels.promises import AREAS, PROMISE_STATES
from pipeline.policies.promises import ANSWERING
from pipeline.queries.promises import people_who_answer


class AmountField(forms.DecimalField):
    """A number as people write it, with a comma or a point."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_digits": 10, "decimal_places": 2, **kwargs})

    def to_python(self, value: Any) -> Any:
        """Return the number; the comma is the point of many languages."""
        return super().to_python(value.strip().rstrip("%").replace(",", ".") if isinstance(value, str) else value)


class AskForm(RecordForm):
    """How far the deal is to go in one area, and why."""

    area = forms.ChoiceField(label=_("What about"), choices=AREAS.items)
    asked = AmountField(label=_("How much"))
    why = forms.CharField(max_length=1000, label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class DecideForm(RecordForm):
    """Yes or no, and why not."""

    answer = forms.CharField(
        required=False, max_length=1000, label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 3})
    )


class DelegateForm(RecordForm):
    """Who answers instead."""

    to_id = forms.TypedChoiceField(coerce=int, label=_("Hand it on to"))

    def __init__(self, *args: Any, without: set[int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_who_answer().exclude(pk__in=[pk for pk in without if pk]).values_list("pk", "name")
        self.fields["to_id"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class PromiseForm(RecordForm):
    """What we do for the customer, by when, and who sees to it."""

    text = forms.CharField(max_length=500, label=_("What we promise"), widget=forms.Textarea(attrs={"rows": 2}))
    due_on = DayField(label=_("By"))
    owner_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Who sees to it"))
    area = forms.ChoiceField(required=False, label=_("Falls under the policy for"), choices=())
    asked = AmountField(required=False, label=_("How much"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("None of these")), *AREAS.items()]  # type: ignore[attr-defined]
        people = active_people().values_list("pk", "name")
        self.fields["owner_id"].choices = [("", _("The deal’s owner")), *people]  # type: ignore[attr-defined]


class EndPromiseForm(RecordForm):
    """What became of a promise."""

    state = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect, initial=PromiseState.KEPT,
        choices=[(state, words) for state, words in PROMISE_STATES.items() if state != PromiseState.OPEN],
    )  # fmt: skip
    ended_on = DayField(label=_("When"))


class PolicyForm(RecordForm):
    """What may be promised in one area from today on."""

    free_to = AmountField(required=False, label=_("Freely up to"))
    approval_to = AmountField(required=False, label=_("With an approval up to"))
    role = forms.ChoiceField(
        label=_("Who approves"),
        choices=[(role, words) for role, words in ROLES.items() if role in ANSWERING],
    )
    approver_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Always this person"))
    standard = AmountField(required=False, label=_("Our standard"))
    answer_hours = forms.IntegerField(label=_("Working hours to answer"), min_value=1, max_value=400)
    hint = forms.CharField(required=False, max_length=300, label=_("What sellers should know"))

    def __init__(self, *args: Any, area: PolicyArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_who_answer().values_list("pk", "name")
        self.fields["approver_id"].choices = [("", _("Whoever holds the role")), *people]  # type: ignore[attr-defined]
        if area not in {PolicyArea.DELIVERY_DATE, PolicyArea.PAYMENT_TERMS}:
            del self.fields["standard"]


class CheckForm(RecordForm):
    """Whether it was delivered as sold, and what was not."""

    as_sold = forms.ChoiceField(
        label=_("Was it delivered as sold?"), widget=forms.RadioSelect,
        choices=[("yes", _("As sold")), ("no", _("Something differs"))],
    )  # fmt: skip
    gap = forms.CharField(
        required=False, max_length=1000, label=_("What differs"), widget=forms.Textarea(attrs={"rows": 3})
    )
    checked_on = DayField(label=_("Checked on"))

    def values(self) -> dict[str, Any]:
        """Return what the command takes."""
        return {**self.cleaned_data, "as_sold": self.cleaned_data["as_sold"] == "yes"}
