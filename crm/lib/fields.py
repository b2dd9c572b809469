"""Money as one model field over two columns (D-5)."""

from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.db import models

from crm.lib.values import Money

CURRENCY = RegexValidator(r"^[A-Z]{3}$", "An ISO 4217 code, such as EUR.")


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 3, "validators": [CURRENCY], **kwargs})


class MoneyDescriptor:
    """Reads the two columns as `Money`, or None; takes `Money`, None or, from the database, the bare amount."""

    def __init__(self, name: str) -> None:
        self.name, self.currency = name, f"{name}_currency"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        if self.name not in instance.__dict__:
            instance.refresh_from_db(fields=[self.name])
        amount = instance.__dict__[self.name]
        return None if amount is None else Money(amount, getattr(instance, self.currency))

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Money):
            instance.__dict__[self.name] = value.amount
            setattr(instance, self.currency, value.currency)
        else:
            instance.__dict__[self.name] = value


class MoneyField(models.DecimalField):
    """`numeric(16,2)` beside `<name>_currency`; queries see two plain columns."""

    # What the type checker's plugin reads: Money goes in and comes out.
    _pyi_private_set_type: Money | Decimal | None  # type: ignore[assignment]  # as documented by the plugin
    _pyi_private_get_type: Money  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 16, "decimal_places": 2, **kwargs})

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Add the currency column and read both as one value."""
        if f"{name}_currency" not in {field.name for field in cls._meta.local_fields}:
            currency = CurrencyField(blank=True, default="")
            # Same counter and added first: it precedes the amount in migrations, so it is not added twice.
            currency.creation_counter = self.creation_counter
            currency.contribute_to_class(cls, f"{name}_currency")
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, MoneyDescriptor(name))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the bare amount for the first column."""
        return model_instance.__dict__.get(self.name)

    def value_from_object(self, obj: models.Model) -> Any:
        """Return the bare amount, for forms and serialisation."""
        return obj.__dict__.get(self.name)

    def get_prep_value(self, value: Any) -> Decimal | None:
        """Accept Money in filters and updates by its amount."""
        amount: Decimal | None = super().get_prep_value(value.amount if isinstance(value, Money) else value)
        return amount

    def to_python(self, value: Any) -> Any:
        """Clean the amount; Money passes as it is."""
        return value.amount if isinstance(value, Money) else super().to_python(value)
