"""Form fields every app may use: money, companies, people, moments."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.labels import REFUSALS, refusal_sentence
from crm.lib import formats
from crm.lib.amounts import AmountUnclear, parse_amount
from crm.lib.moments import EARLIEST, LATEST
from crm.lib.values import Money
from crm.models import Account, Contact
from crm.policies.money import money_refusal
from crm.queries.accounts import match_account, open_accounts
from crm.queries.people import people_who_hold
from crm.queries.personas import open_personas

OUT_OF_CALENDAR = _("Choose a year from 1900 to 2199.")
NO_SUCH_ACCOUNT = _("No account of that name. Choose one from the list, or add it first.")
V = TypeVar("V", date, datetime)
NUMBERED = re.compile(r"\(#(\d{1,18})\)\s*$")


def amount_text(money: Money | None) -> str:
    """Return how an amount stands in its input: plain digits, its currency after it."""
    if money is None:
        return ""
    amount = money.amount.quantize(Decimal(1)) if money.amount == money.amount.to_integral_value() else money.amount
    return f"{amount:f} {money.currency}"


class MoneyFormField(forms.CharField):
    """Reads `48k`, `48 000 EUR` or `EUR 48,000.00` as Money; without a code it is `currency`."""

    CODE = re.compile(r"\b([A-Za-z]{3})\b")

    def __init__(self, *, currency: str = "EUR", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(**{"max_length": 60, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        """Show Money as text; what was typed stays as it was typed."""
        return amount_text(value) if isinstance(value, Money) else value

    def clean(self, value: Any) -> Money | None:
        """Return the Money, or None for nothing typed."""
        typed = super().clean(value)
        if not typed:
            return None
        code = self.CODE.search(typed)
        mark = str(formats.locale().number_symbols["latn"]["decimal"])
        try:
            amount = parse_amount(self.CODE.sub("", typed).strip(), decimal_mark=mark)
        except AmountUnclear as error:
            raise ValidationError(REFUSALS[error.code], code=error.code) from None
        money = Money(amount, code[1].upper() if code else self.currency)
        if refusal := money_refusal(money):
            raise ValidationError(refusal_sentence(refusal), code=refusal.code)
        return money


class OwnerField(forms.TypedChoiceField):
    """Somebody who may own records, as an id; `seen` keeps an owner who may not any more."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"coerce": int, "empty_value": None, "required": False, **kwargs}
        super().__init__(choices=self._people, **kwargs)

    @staticmethod
    def _people() -> list[tuple[Any, Any]]:
        people = [(person.pk, str(person)) for person in people_who_hold()]
        return [("", "–"), *people]


class PersonaField(forms.TypedChoiceField):
    """A kind of buyer as an id, `empty` for none; one that is no longer offered can only be replaced."""

    def __init__(self, *, empty: Any = "–", **kwargs: Any) -> None:
        kwargs = {"coerce": int, "empty_value": None, "required": False, **kwargs}
        super().__init__(choices=lambda: [("", empty), *open_personas().values_list("pk", "name")], **kwargs)


class AccountField(forms.CharField):
    """A company by name, domain or the `(#12)` a suggestion ends with, as an id."""

    widget = forms.TextInput(attrs={"list": "account-choices", "autocomplete": "off", "data-account-field": True})

    def prepare_value(self, value: Any) -> Any:
        """Show a company with its number, so that two of one name stay apart."""
        if isinstance(value, int):
            account = Account.objects.filter(pk=value).first()
            return account_choice(account) if account else ""
        return value

    def clean(self, value: Any) -> int | None:
        """Return the id, or None for nothing typed."""
        typed = super().clean(value)
        if not typed:
            return None
        numbered = NUMBERED.search(typed)
        if numbered:
            found = open_accounts().filter(pk=int(numbered[1])).first()
        else:
            found = match_account(typed if "." in typed else None, typed)
        if found is None:
            raise ValidationError(NO_SUCH_ACCOUNT, code="unknown_account")
        return int(found.pk)


def account_choice(account: Account) -> str:
    """Return how a company stands in a picker."""
    return f"{account.name} (#{account.pk})"


def contact_choices(account_id: int | None) -> list[tuple[Any, str]]:
    """Return the people of a company as choices."""
    if account_id is None:
        return [("", "–")]
    people = Contact.objects.filter(account_id=account_id, archived_at=None, merged_into=None, erased_at=None)
    return [("", "–"), *((contact.pk, str(contact)) for contact in people.order_by("last_name", "first_name", "pk"))]


class LocalDateTimeField(forms.DateTimeField):
    """A moment in the person's zone, in the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        formats_known = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(**{"widget": widget, "input_formats": formats_known, **kwargs})

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, in a year that stays one in every zone."""
        moment = super().to_python(value)
        return _in_calendar(moment, moment.date()) if moment else None

    def prepare_value(self, value: Any) -> Any:
        """Show the moment in the person's zone."""
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.localtime(value).replace(second=0, microsecond=0)
        return value


class DayField(forms.DateField):
    """A day in the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **kwargs})

    def to_python(self, value: Any) -> date | None:
        """Return the day, in a year people meant."""
        day = super().to_python(value)
        return _in_calendar(day, day) if day else None


def _in_calendar(value: V, day: date) -> V:
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(OUT_OF_CALENDAR, code="out_of_range")
    return value


class TagsField(forms.CharField):
    """Words between commas, as a list."""

    def prepare_value(self, value: Any) -> Any:
        """Show the list as text."""
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[str]:
        """Return the words."""
        return [word.strip() for word in (super().clean(value) or "").split(",") if word.strip()]
