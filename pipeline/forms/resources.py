"""What is asked where somebody asks for shared hours, gives or declines them, or says how many there are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.lib import formats
from crm.queries.people import active_people
from pipeline.enums import ResourceKind
from pipeline.forms.promises import AmountField
from pipeline.labels.resources import RESOURCE_GATES, RESOURCE_KINDS
from pipeline.models import Resource
from pipeline.queries.questions import people_who_deliver
from pipeline.queries.resources import resources_in_use


class HoursField(AmountField):
    """A number of hours, with a comma or a point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 5, **kwargs})


class RequestForm(RecordForm):
    """Whose hours, for what, how many and until when."""

    giver = forms.ChoiceField(label=_("Whose hours"))
    purpose = forms.CharField(max_length=1000, label=_("What for"), widget=forms.Textarea(attrs={"rows": 2}))
    hours = HoursField(label=_("Hours"))
    due_on = DayField(label=_("Needed until"))
    reason = forms.CharField(
        required=False, max_length=1000, label=_("Why all the same"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where the deal’s economics are not known, or speak against it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(resources_in_use())
        kinds = [(kind, words) for kind, words in RESOURCE_KINDS.items() if any(each.kind == kind for each in people)]
        named = [(f"{each.kind}:{each.pk}", f"{RESOURCE_KINDS[ResourceKind(each.kind)]}: {each}") for each in people]
        self.fields["giver"].choices = [*kinds, *named]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the command takes."""
        values = dict(self.cleaned_data)
        kind, _colon, pk = values.pop("giver").partition(":")
        return {**values, "kind": kind, "resource_id": int(pk) if pk else None}


class AcceptForm(RecordForm):
    """Who gives the hours, and from which week on."""

    resource_id = forms.TypedChoiceField(coerce=int, label=_("Who gives them"))
    week = forms.TypedChoiceField(coerce=date.fromisoformat, label=_("From the week of"))
    answer = forms.CharField(required=False, max_length=1000, label=_("What they should know"))

    def __init__(self, *args: Any, givers: Sequence[Resource], weeks: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resource_id"].choices = [(each.pk, str(each)) for each in givers]  # type: ignore[attr-defined]
        self.fields["week"].choices = [(week.isoformat(), formats.short_day(week)) for week in weeks]  # type: ignore[attr-defined]


class DeclineForm(RecordForm):
    """Why not."""

    answer = forms.CharField(max_length=1000, label=_("Why not"), widget=forms.Textarea(attrs={"rows": 2}))


class FinishForm(RecordForm):
    """How many hours it took."""

    hours = HoursField(label=_("Hours spent"))
    on = DayField(label=_("On"))
    note = forms.CharField(required=False, max_length=300, label=_("What was done"))


class ResourceForm(RecordForm):
    """Whose hours deals share, and how many a week."""

    user_id = forms.TypedChoiceField(coerce=int, label=_("Who"))
    kind = forms.ChoiceField(label=_("Gives the hours of"), choices=RESOURCE_KINDS.items)
    weekly_hours = HoursField(label=_("Hours a week"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = list(active_people().values_list("pk", "name"))  # type: ignore[attr-defined]


class WeeksForm(RecordForm):
    """How many hours somebody has in each of the next weeks; empty is the usual number."""

    def __init__(self, *args: Any, weeks: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for week in weeks:
            label = _("Week of %(day)s") % {"day": formats.short_day(week)}
            self.fields[f"week-{week}"] = HoursField(required=False, label=label, min_value=0, max_value=168)

    def values(self) -> dict[str, Any]:
        """Return the hours of each week that was sent, by its Monday."""
        sent = self.cleaned_data.items()
        return {"hours": {date.fromisoformat(name.removeprefix("week-")): hours for name, hours in sent}}


class GatesForm(RecordForm):
    """What must be known of a deal before hours of each kind are asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, words in RESOURCE_KINDS.items():
            self.fields[str(kind)] = forms.ChoiceField(required=False, label=words, choices=RESOURCE_GATES.items())

    def values(self) -> dict[str, Any]:
        """Return the gate of each kind."""
        return {"gates": self.cleaned_data}


class QuestionForm(RecordForm):
    """What is asked of whom in product, delivery or operations."""

    to_id = forms.TypedChoiceField(coerce=int, label=_("Whom"))
    text = forms.CharField(max_length=1000, label=_("What do you ask?"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_id"].choices = list(people_who_deliver().values_list("pk", "name"))  # type: ignore[attr-defined]


class AnswerForm(RecordForm):
    """The answer to a question."""

    answer = forms.CharField(max_length=2000, label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 4}))
