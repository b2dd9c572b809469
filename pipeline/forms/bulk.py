"""The forms that change many deals at once: which deals, as they were seen, and what each is given."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms.records import RecordForm
from crm.models import User
from pipeline.commands.bulk import BulkChange, SeenDeal
from pipeline.enums import BulkKind
from pipeline.forms.deals import DealForm
from pipeline.forms.steps import StepForm, step_plan
from pipeline.queries.bulk import ChosenDeal, get_open_setpoints

REASON_LENGTH = 2000
CHOSEN = re.compile(r"(\d{1,18})\.(\d{1,9})\.([\w-]{0,20})", re.ASCII)
STEP_FIELDS = ("purpose", "kind", "due_on", "due_at")


class ChosenForm(forms.Form):
    """The chosen deals, each with its version and what stood in the column: `12.3.2027-03-31,14.1.`."""

    deals = forms.CharField(max_length=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: BulkKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_deals(self) -> list[SeenDeal]:
        """Return the deals; what is not written by us is none."""
        told = [CHOSEN.fullmatch(part) for part in self.cleaned_data["deals"].split(",")]
        if not all(told):
            raise ValidationError(_("Choose the deals again."), code="unreadable")
        return [SeenDeal(int(each[1]), int(each[2]), self._value(each[3])) for each in told if each]

    @property
    def ids(self) -> list[int]:
        """Return whom a valid form names; nobody where it is not."""
        return [each.opportunity_id for each in self.cleaned_data["deals"]] if self.is_valid() else []

    def _value(self, text: str) -> Any:
        try:
            if self.kind == BulkKind.EXPECTED_CLOSE_ON:
                return date.fromisoformat(text) if text else None
            return int(text) if self.kind == BulkKind.OWNER else text
        except ValueError:
            raise ValidationError(_("Choose the deals again."), code="unreadable") from None


def chosen_text(deals: Iterable[ChosenDeal]) -> str:
    """Return the deals as `ChosenForm` reads them."""
    return ",".join(f"{deal.id}.{deal.version}.{'' if deal.value is None else deal.value}" for deal in deals)


class SetpointForm(RecordForm):
    """Where the deals go, and why where facts miss or they go back."""

    setpoint_id = forms.TypedChoiceField(coerce=int, label=_("Setpoint"))
    reason = forms.CharField(
        required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Reason for moving without what is missing, 20 characters or more; the next review shows it"),
    )  # fmt: skip

    def __init__(self, *args: Any, deal_ids: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_pipeline: list[Any] = list(get_open_setpoints(deal_ids))
        shown = by_pipeline[0][1] if len(by_pipeline) == 1 else by_pipeline
        self.fields["setpoint_id"].choices = [("", "–"), *shown]  # type: ignore[attr-defined]


def change_form(kind: BulkKind, *, deal_ids: Collection[int], user: User, today: date, data: Any = None) -> RecordForm:
    """Return the form that asks what the deals are given."""
    if kind == BulkKind.SETPOINT:
        return SetpointForm(data, deal_ids=deal_ids)
    if kind == BulkKind.NEXT_STEP:
        return StepForm(data, only=STEP_FIELDS, deal=None, today=today)
    form = DealForm(data, only=(str(kind),), user=user)
    form.fields[str(kind)].required = True
    return form


def read_change(kind: BulkKind, form: RecordForm) -> BulkChange:
    """Return the change that a valid form asks for."""
    values = form.cleaned_data
    if kind == BulkKind.NEXT_STEP:
        return BulkChange(kind, step_plan(values))
    return BulkChange(kind, values[str(kind)], values.get("reason", ""))
