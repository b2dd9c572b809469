"""What is asked about a deal's economics: a line, a cost, hours, potential, strategic value; and what we assume."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField, MoneyFormField
from crm.forms.records import RecordForm
from crm.labels import choices
from crm.queries.people import active_people
from pipeline.enums import Billing, EffortKind
from pipeline.forms.promises import AmountField
from pipeline.labels.economics import (
    BILLINGS,
    COST_KINDS,
    EFFORT_KINDS,
    EXPANSION_KINDS,
    STRATEGIC_KINDS,
    WEIGHTS,
    number_text,
)
from pipeline.models import OpportunityLine
from pipeline.queries.economics import products_on_sale


class ShareField(AmountField):
    """A share between 0 and 1 as people write it: 12.5 or 12.5%."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": Decimal(0), "max_value": Decimal(100), "max_digits": 5, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show a share in percent; what was typed stays as it was typed."""
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        """Return the share."""
        percent = super().clean(value)
        return None if percent is None else percent / 100


class HoursField(forms.CharField):
    """Reads 1:30, 1.5 or 1,5 as minutes."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "1:30"})
        super().__init__(**{"widget": widget, "max_length": 10, **kwargs})

    def clean(self, value: Any) -> int:
        """Return the minutes."""
        typed = super().clean(value).strip()
        hours, colon, minutes = typed.partition(":")
        if colon and hours.isdecimal() and hours.isascii() and minutes.isascii() and minutes.isdecimal():
            if int(minutes) < 60:
                return int(hours) * 60 + int(minutes)
        elif not colon:
            found = forms.DecimalField(max_digits=5, decimal_places=2).clean(typed.replace(",", "."))
            return int((found * 60).to_integral_value())
        raise ValidationError(_("Write hours like 1:30 or 1.5."), code="invalid")


class QuantityField(AmountField):
    """How many, to a thousandth."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, "decimal_places": 3, "min_value": Decimal("0.001"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show no zeros that say nothing."""
        return number_text(value) if isinstance(value, Decimal) else value


class LineForm(RecordForm):
    """What is sold: a product or words, how many, at what price, discount and cost, billed how."""

    product_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Product"))
    description = forms.CharField(required=False, max_length=300, label=_("What is sold"))
    quantity = QuantityField(label=_("How many"), initial=Decimal(1))
    price = MoneyFormField(required=False, label=_("List price of one"))
    discount = ShareField(label=_("Discount in percent"), initial=Decimal(0))
    cost = MoneyFormField(required=False, label=_("What one costs us"))
    billing = forms.ChoiceField(choices=choices(BILLINGS), label=_("Billed"), initial=Billing.ONE_OFF)
    months = forms.IntegerField(required=False, min_value=1, max_value=600, label=_("For how many months"))
    is_standard = forms.BooleanField(required=False, initial=True, label=_("A standard package"))

    def __init__(self, *args: Any, row: OpportunityLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(product.pk, str(product)) for product in products_on_sale()]
        if row is not None and row.product is not None and row.product_id not in dict(offered):
            offered.append((row.product.pk, str(row.product)))
        self.fields["product_id"].choices = [("", _("None of the list")), *offered]  # type: ignore[attr-defined]


class CostForm(RecordForm):
    """A direct cost beside those of the lines."""

    kind = forms.ChoiceField(choices=choices(COST_KINDS), label=_("What for"))
    amount = MoneyFormField(required=False, label=_("How much"), help_text=_("Empty where nobody knows yet"))
    note = forms.CharField(required=False, max_length=300, label=_("Note"))

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class EffortForm(RecordForm):
    """Hours somebody spent on the deal."""

    minutes = HoursField(label=_("How long"))
    kind = forms.ChoiceField(choices=choices(EFFORT_KINDS), label=_("On what"), initial=EffortKind.DISCOVERY)
    on = DayField(label=_("When"))
    user_id = forms.TypedChoiceField(coerce=int, label=_("Who"))
    note = forms.CharField(required=False, max_length=300, label=_("Note"))

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = list(active_people().values_list("pk", "name"))  # type: ignore[attr-defined]


class ExpansionForm(RecordForm):
    """What the customer could buy more of in a year."""

    kind = forms.ChoiceField(choices=choices(EXPANSION_KINDS), label=_("Where they can grow"))
    yearly = MoneyFormField(label=_("Worth in a year"))
    note = forms.CharField(required=False, max_length=300, label=_("What it rests on"))

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["kind"]


class StrategicForm(RecordForm):
    """What a deal is worth beside its money, and why."""

    kind = forms.ChoiceField(choices=choices(STRATEGIC_KINDS), label=_("What it brings"))
    weight = forms.TypedChoiceField(
        coerce=int, choices=choices(WEIGHTS), initial=1, widget=forms.RadioSelect, label=_("How much that matters")
    )
    value = MoneyFormField(required=False, label=_("What that is worth to us"))
    justification = forms.CharField(max_length=1000, label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["kind"]


class ApproveForm(RecordForm):
    """Why a strategic value may count."""

    reason = forms.CharField(max_length=1000, label=_("Why it may count"), widget=forms.Textarea(attrs={"rows": 3}))
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class AssumptionsForm(RecordForm):
    """What we assume of every deal from today on."""

    margin_floor = ShareField(required=False, label=_("Lowest gross margin in percent"))
    payback_limit_months = forms.IntegerField(
        required=False, min_value=1, max_value=600, label=_("Longest payback in months")
    )
    churn = ShareField(required=False, max_digits=5, label=_("Customers who leave in a month, in percent"))
    horizon_months = forms.IntegerField(min_value=1, max_value=600, label=_("Lifetime counted, in months"))
    pursuit = MoneyFormField(required=False, label=_("Usual cost of pursuing a deal to its end"))
    onboarding = MoneyFormField(required=False, label=_("Onboarding of a new customer"))
    lead = MoneyFormField(required=False, label=_("Cost of a lead"))
    source_name = forms.CharField(required=False, max_length=200, label=_("Where the figures come from"))


class RatesForm(RecordForm):
    """What an hour of each kind costs from today on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, words in EFFORT_KINDS.items():
            self.fields[kind] = MoneyFormField(required=False, label=words, currency=kwargs.get("currency", "EUR"))

    def values(self) -> dict[str, Any]:
        """Return the rate of each kind."""
        return {"rates": self.cleaned_data}


class ProductForm(RecordForm):
    """Something on the price list."""

    name = forms.CharField(max_length=300, label=_("Name"))
    code = forms.CharField(required=False, max_length=100, label=_("Code"))
    family = forms.CharField(required=False, max_length=100, label=_("Family"))
    price = MoneyFormField(required=False, label=_("List price"))
    cost = MoneyFormField(required=False, label=_("What it costs us"))


def effort_start(today: date, user_id: int) -> dict[str, Any]:
    """Return what the form for hours begins with: today, oneself."""
    return {"on": today, "user_id": user_id, "kind": EffortKind.DISCOVERY}
