"""The lines of a business case as they are typed: the customer's figures, costs and benefits (B28)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.labels import REFUSALS, refusal_sentence
from crm.lib import formats
from crm.lib.amounts import AmountUnclear, parse_amount
from crm.lib.values import Refusal
from crm.policies.money import LARGEST
from pipeline.enums import CaseSide
from pipeline.facts import CaseKpiFacts, CaseRowFacts
from pipeline.policies.business_cases import row_of


class PlainAmountField(forms.CharField):
    """An amount in the currency of the case: `48k`, `48 000`; nothing typed is None."""

    def __init__(self, *, negative: bool = False, **kwargs: Any) -> None:
        self.negative = negative
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        super().__init__(**{"required": False, "max_length": 40, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show a number as plain digits; what was typed stays as it was typed."""
        return f"{value.normalize() + 0:f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        """Return the number."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            amount = parse_amount(typed, decimal_mark=str(formats.locale().number_symbols["latn"]["decimal"]))
        except AmountUnclear as error:
            raise ValidationError(REFUSALS[error.code], code=error.code) from None
        if abs(amount) > LARGEST or amount != round(amount, 2):
            raise ValidationError(refusal_sentence(Refusal.of("amount_too_large")), code="amount_too_large")
        if amount < 0 and not self.negative:
            raise ValidationError(refusal_sentence(Refusal.of("amount_negative")), code="amount_negative")
        return amount


class LineForm(forms.Form):
    """One line of the sheet; empty it is none, `gone` takes it away."""

    id = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    gone = forms.BooleanField(required=False, label=gettext_lazy("Take away"))
    words: tuple[str, ...] = ()

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"use_required_attribute": False, **kwargs})
        self.fields |= self.more_fields()
        self.fields["gone"] = self.fields.pop("gone")  # last in the line
        for field in self.fields.values():
            said = _("%(column)s, line %(n)s") % {"column": field.label, "n": number}
            field.widget.attrs["aria-label"] = said

    def more_fields(self) -> dict[str, forms.Field]:
        """Return the fields that depend on the case."""
        return {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed, or it is to go."""
        values = self.cleaned_data
        return bool(values.get("gone")) or not any(values.get(name) not in (None, "") for name in self.words)


class KpiForm(LineForm):
    """A figure the customer steers by."""

    name = forms.CharField(required=False, max_length=120, label=gettext_lazy("Their figure"))
    unit = forms.CharField(required=False, max_length=40, label=gettext_lazy("Unit"))
    now = PlainAmountField(negative=True, label=gettext_lazy("Now"))
    goal = PlainAmountField(negative=True, label=gettext_lazy("Goal"))
    our_part = forms.CharField(required=False, max_length=300, label=gettext_lazy("What of ours moves it"))
    words = ("name", "unit", "now", "goal", "our_part")

    def facts(self) -> CaseKpiFacts:
        """Return what was typed."""
        values = self.cleaned_data
        return CaseKpiFacts(**{name: values[name] for name in self.words}, kpi_id=values["id"])


class RowForm(LineForm):
    """A cost or a benefit: at the start, then in each year; an empty year is as the one before it."""

    label = forms.CharField(required=False, max_length=200, label=gettext_lazy("What for"))
    at_start = PlainAmountField(label=gettext_lazy("At the start"))

    def __init__(self, *args: Any, years: int, kpis: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        self.years, self.kpis = [f"y{year}" for year in range(1, years + 1)], kpis
        self.words = ("label", "at_start", *self.years)
        super().__init__(*args, **kwargs)

    def more_fields(self) -> dict[str, forms.Field]:
        """Return a field for each year, and which of their figures a benefit moves."""
        more: dict[str, forms.Field] = {
            name: PlainAmountField(label=_("Year %(n)s") % {"n": year}) for year, name in enumerate(self.years, start=1)
        }
        if self.kpis:
            more["kpi"] = forms.ChoiceField(required=False, choices=[("", "–"), *self.kpis], label=_("Moves"))
        return more

    def facts(self, side: CaseSide, kpis: Mapping[str, str]) -> CaseRowFacts:
        """Return what was typed; `kpis` names the figures by their lines."""
        values, yearly = self.cleaned_data, [Decimal(0)]
        for name in self.years:
            yearly.append(yearly[-1] if values[name] is None else values[name])
        return row_of(
            side, values["label"], values["at_start"] or Decimal(0), yearly[1:],
            kpi=kpis.get(values.get("kpi", ""), ""), row_id=values["id"],
        )  # fmt: skip

    @property
    def cells(self) -> list[Any]:
        """Return the fields of the amounts."""
        return [self[name] for name in ("at_start", *self.years)]
