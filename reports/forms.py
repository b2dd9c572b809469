"""What people type into the pages of reports; shapes only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Team, User
from crm.queries.access import get_access
from pipeline.commands.opportunities import StepPlan
from pipeline.forms.steps import StepForm, step_plan
from pipeline.models import Pipeline
from reports.queries.named import NotUnderstood, read_moment, read_period_code
from reports.queries.people import people_to_choose

PERIOD_HINT = _("2026, 2026Q3 or 2026-07")


class RecordField(forms.ChoiceField):
    """A choice among a few records read once, both for what is offered and for what is understood."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty = empty
        self.records: dict[str, Any] = {}

    def offer(self, records: Iterable[Any], *, key: str = "pk") -> None:
        """Offer these records, in this order."""
        self.records = {str(getattr(record, key)): record for record in records}
        named = [(value, str(record)) for value, record in self.records.items()]
        self.choices = [("", self.empty), *named] if self.empty is not None else named

    def clean(self, value: Any) -> Any:
        """Return the record, None for none."""
        return self.records.get(super().clean(value))


class QbrForm(forms.Form):
    """Which team's quarter review is wanted."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), empty_label=None)
    quarter = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: Any, teams: Any, quarters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["quarter"].choices = quarters  # type: ignore[attr-defined]


class ActionForm(forms.Form):
    """One action of a quarter review."""

    text = forms.CharField(label=_("What is to be done"), max_length=500, strip=True)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who"), required=False, empty_label="–")
    due_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    agreed_with_id = forms.TypedChoiceField(label=_("Agreed with"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_to_choose()  # type: ignore[attr-defined]
        for name in [name for name in self.fields if only and name != only]:
            del self.fields[name]


class FilterForm(forms.Form):
    """The filters of the figures page; all live in the address."""

    period = forms.CharField(
        label=_("Period"),
        required=False,
        max_length=10,
        strip=True,
        widget=forms.TextInput(attrs={"placeholder": "2026Q3", "title": PERIOD_HINT}),
    )
    team = RecordField(label=_("Team"), required=False, empty=_("All I may see"))
    owner = RecordField(label=_("Person"), required=False, empty=_("Everybody"))
    pipeline = RecordField(label=_("Pipeline"), required=False, empty=_("All"))
    as_of = forms.CharField(
        label=_("As of"), required=False, max_length=40, widget=forms.DateInput(attrs={"type": "date"})
    )
    known_at = forms.CharField(
        label=_("As known on"), required=False, max_length=40, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        access = get_access(user)
        everybody = access.is_admin or access.is_marketing
        teams = Team.objects.filter(archived_at=None).order_by("name")
        reach = set(access.managed_team_ids) | ({access.own_team_id} if access.own_team_id else set())
        people = people_to_choose().only("name", "email")
        ids = access.team_user_ids | access.managed_user_ids | {access.user_id}
        self._offer("team", teams if everybody else teams.filter(pk__in=reach))
        self._offer("owner", people if everybody else people.filter(pk__in=ids))
        self._offer("pipeline", Pipeline.objects.filter(retired_at=None), key="code")

    def _offer(self, name: str, records: Iterable[Any], **how: str) -> None:
        field: Any = self.fields[name]
        field.offer(records, **how)

    def _clean_moment(self, name: str, option: Any) -> Any:
        try:
            return read_moment(self.cleaned_data[name], option=str(option))
        except NotUnderstood:
            raise forms.ValidationError(_("Write a date like 2026-09-30.")) from None

    def clean_as_of(self) -> Any:
        """Return the moment the date means: the end of the day (D-46)."""
        return self._clean_moment("as_of", self.fields["as_of"].label)

    def clean_known_at(self) -> Any:
        """Return the moment the date means: the end of the day (D-46)."""
        return self._clean_moment("known_at", self.fields["known_at"].label)

    def clean_period(self) -> Any:
        """Return the period; none means each figure's own."""
        if not self.cleaned_data["period"]:
            return None
        try:
            return read_period_code(self.cleaned_data["period"])
        except NotUnderstood:
            raise forms.ValidationError(
                _("Write 2026 for a year, 2026Q3 for a quarter, 2026-07 for a month.")
            ) from None

    def asked(self) -> dict[str, Any]:
        """Return what to ask the figures; a filter that was not understood is left out and said beside its field."""
        self.is_valid()
        known = self.cleaned_data
        return {name: known.get(name) for name in ("period", "team", "owner", "pipeline", "as_of", "known_at")}


class FollowingStepForm(StepForm):
    """The step after one that was done; leaving it empty plans none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = False

    def plan(self) -> StepPlan | None:
        """Return the next step of a valid form, None where none is planned."""
        return step_plan(self.cleaned_data) if self.cleaned_data.get("purpose") else None
