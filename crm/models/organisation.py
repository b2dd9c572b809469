"""The one organisation of this installation (D-1), its zones, rates and switches."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.enums import RateKind
from crm.lib.audit import audited
from crm.lib.fields import CurrencyField


def weekdays() -> list[int]:
    """Return Monday to Friday, as `date.isoweekday()` counts them."""
    return [1, 2, 3, 4, 5]


@audited()
class Organisation(models.Model):
    """One row. Settings only seed it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=200)
    currency = CurrencyField(default="EUR")
    fiscal_year_start_month = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10, default="en")
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=weekdays)
    evidence_qualifies = models.BooleanField(default=False)  # D-18: qualified by the evidenced setpoint
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="organisation_is_one"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start_month__range=(1, 12)), name="organisation_fiscal_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class OrganisationTimeZone(models.Model):
    """The zone whose days bound periods and decay, from a local date on."""

    zone = models.CharField(max_length=64)
    valid_from = models.DateField(unique=True)

    def __str__(self) -> str:
        return f"{self.zone} from {self.valid_from}"


@audited()
class ExchangeRate(models.Model):
    """One unit of `currency` in units of the report currency, from a date on."""

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in RateKind])
    currency = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "currency", "valid_from"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} ({self.kind}, {self.valid_from})"


@audited()
class FeatureSwitch(models.Model):
    """A module that is off (D-45). No row means on."""

    module = models.CharField(max_length=50, unique=True)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.module}: {'on' if self.is_on else 'off'}"
