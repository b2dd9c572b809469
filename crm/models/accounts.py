"""Companies (C-3, D-44)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from crm.enums import AccountKind
from crm.lib.audit import audited
from crm.lib.fields import MoneyField
from crm.lib.sql import Fold
from crm.models.base import Record
from crm.models.people import User
from crm.models.sources import Source


@audited()
class Account(Record):
    """A company: prospect, customer, former customer or partner."""

    name = models.CharField(max_length=300)
    domain = models.CharField(max_length=253, null=True, blank=True, unique=True)
    registration_number = models.CharField(max_length=100, blank=True, default="")
    industry = models.CharField(max_length=100, blank=True, default="")
    employee_count = models.PositiveIntegerField(null=True, blank=True)
    annual_revenue = MoneyField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    city = models.CharField(max_length=200, blank=True, default="")
    growth_stage = models.CharField(max_length=100, blank=True, default="")
    technologies = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, default=AccountKind.PROSPECT, choices=[(kind, kind) for kind in AccountKind])
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="accounts")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    customer_since = models.DateField(null=True, blank=True)
    churned_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        indexes = [
            models.Index(Fold("name"), "id", name="account_by_name"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="account_name_search"),
            models.Index(fields=["owner", "id"], name="account_by_owner"),
            models.Index(
                fields=["industry"],
                name="account_by_industry",
                condition=models.Q(archived_at=None, merged_into=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class CustomerPeriod(models.Model):
    """A span of days an account was a customer, so that churn and return are known as of any day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="customer_periods")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "from_on"], name="customer_period_once"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="customer_period_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} from {self.from_on}"
