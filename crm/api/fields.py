"""Fields of the API: ids as text, money in its currency's decimals, times in UTC; strict about types."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from babel.numbers import get_currency_precision, list_currencies
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.lib.moments import EARLIEST, LATEST
from crm.lib.values import Money
from crm.models import User

ID = re.compile(r"[0-9]{1,18}")
AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?")
Visible = Callable[[User], QuerySet[Any]]


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$"})
class Id(serializers.Field):
    """A key: bigint inside, text outside."""

    default_error_messages: ClassVar = {"invalid": gettext_lazy("An id is a text of digits.")}

    def to_representation(self, value: Any) -> str:
        """Return the id as text."""
        return str(value)

    def to_internal_value(self, data: Any) -> int:
        """Return the id as a number."""
        if not isinstance(data, str) or not ID.fullmatch(data):
            self.fail("invalid")
        return int(data)


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$"})
class RelatedId(Id):
    """The key of another record, which must be one the person may see."""

    default_error_messages: ClassVar = {"unknown": gettext_lazy("There is no such record, or you may not see it.")}

    def __init__(self, *, visible: Visible, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visible = visible

    def to_internal_value(self, data: Any) -> int:
        """Return the id of a record that is there for the person."""
        pk = super().to_internal_value(data)
        if not self.visible(self.context["request"].user).filter(pk=pk).exists():
            self.fail("unknown")
        return pk


class RelatedIds(serializers.ListField):
    """The keys of some other records, which must all be ones the person may see."""

    child = Id()
    default_error_messages: ClassVar = RelatedId.default_error_messages

    def __init__(self, *, visible: Visible, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 100, **kwargs})
        self.visible = visible

    def to_internal_value(self, data: Any) -> list[int]:
        """Return the ids of records that are there for the person."""
        ids: list[int] = super().to_internal_value(data)
        if self.visible(self.context["request"].user).filter(pk__in=ids).count() < len(set(ids)):
            self.fail("unknown")
        return ids


class Text(serializers.CharField):
    """A text and nothing that could be read as one."""

    default_error_messages: ClassVar = {"invalid": gettext_lazy("Not a text.")}

    def to_internal_value(self, data: Any) -> str:
        """Return the text without blanks around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Email(serializers.EmailField):
    """An e-mail address, in lower case."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address in lower case."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data).lower()


class Whole(serializers.IntegerField):
    """A whole number from 0 that a column can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 2_147_483_647, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        """Return the number; text and fractions are none."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false, in JSON's own words."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the truth value."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Instant(serializers.DateTimeField):
    """A moment, given and taken as ISO 8601; without an offset it is UTC."""

    default_error_messages: ClassVar = {"range": gettext_lazy("A year from 1900 to 2199.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": dt.UTC, **kwargs})

    def to_internal_value(self, value: Any) -> dt.datetime:
        """Return the aware moment."""
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        moment = super().to_internal_value(value)
        if not EARLIEST.year < moment.year < LATEST.year:
            self.fail("range")
        return moment

    def to_representation(self, value: Any) -> str:
        """Return the moment in UTC, whatever zone the request runs in."""
        return instant_json(value) or ""


class Day(serializers.DateField):
    """A date without a time."""

    default_error_messages: ClassVar = {"range": gettext_lazy("A year from 1900 to 2199.")}

    def to_internal_value(self, value: Any) -> dt.date:
        """Return the date."""
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("range")
        return day


class Choice(serializers.ChoiceField):
    """One of a closed list; only text can be one."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the choice."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "object",
        "required": ["amount", "currency"],
        "additionalProperties": False,
        "properties": {
            "amount": {"type": "string", "pattern": r"^[0-9]{1,14}(\.[0-9]{1,2})?$", "example": "1250.00"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "example": "EUR"},
        },
    }
)
class MoneyValue(serializers.Field):
    """`{"amount": "1250.00", "currency": "EUR"}`; the amount is a text, since a JSON number may lose digits."""

    default_error_messages: ClassVar = {
        "shape": gettext_lazy('Write {{"amount": "1250.00", "currency": "EUR"}}, the amount as a text.'),
        "amount": gettext_lazy("Digits with at most two decimals after a point, from 0, such as 1250.00."),
        "currency": gettext_lazy("An ISO 4217 code, such as EUR."),
        "decimals": gettext_lazy("An amount in {currency} has at most {decimals} decimals."),
    }

    def to_representation(self, value: Money) -> dict[str, str]:
        """Return amount and currency as text."""
        return value.as_json()

    def to_internal_value(self, data: Any) -> Money:
        """Return the money, or say what is wrong with it."""
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(currency, str) or currency not in list_currencies():
            self.fail("currency")
        if not isinstance(amount, str) or not AMOUNT.fullmatch(amount):
            self.fail("amount")
        decimals = get_currency_precision(currency)
        if len(amount.partition(".")[2].rstrip("0")) > decimals:
            self.fail("decimals", currency=currency, decimals=decimals)
        return Money(Decimal(amount), currency)


class Shape(serializers.Serializer[Any]):
    """What goes in and out. A field nobody knows, or that cannot be written, is refused instead of ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values by the name of their source."""
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        errors: dict[str, Any] = {}
        for name in data:
            if name not in self.fields:
                errors[str(name)] = [_("There is no such field.")]
            elif self.fields[name].read_only:
                errors[name] = [_("This field cannot be written.")]
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**as_map(error.detail), **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return values


def as_map(detail: Any) -> dict[str, Any]:
    """Return what a serializer found wrong, which of an object is a map."""
    return dict(detail)


def instant_json(value: dt.datetime | None) -> str | None:
    """Return a moment as the API writes it."""
    return None if value is None else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
