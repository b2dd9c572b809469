"""What is sold, at what price and at what direct cost (P-13, B15)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.lib.fields import MoneyField
from crm.models.base import Record
from pipeline.enums import Billing, CostKind
from pipeline.models.opportunities import Opportunity


@audited()
class Product(Record):
    """Something on the price list."""

    name = models.CharField(max_length=300)
    code = models.CharField(max_length=100, blank=True, default="")
    family = models.CharField(max_length=100, blank=True, default="")
    price = MoneyField(null=True, blank=True)
    cost = MoneyField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@audited()
class OpportunityLine(models.Model):
    """One line of a deal: a product at a list price with its discount; `cost` is what one of it costs us to provide.

    `list_price` is what one stood at on the price list when it was put in by hand; a price below it is a discount too.
    `months` is the term of what is billed by the month or year; a one-off line has none.
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="lines")
    description = models.CharField(max_length=300, blank=True, default="")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    price = MoneyField(null=True, blank=True)
    list_price = MoneyField(null=True, blank=True)
    cost = MoneyField(null=True, blank=True)
    discount = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    billing = models.CharField(max_length=10, default=Billing.ONE_OFF, choices=[(kind, kind) for kind in Billing])
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_standard = models.BooleanField(default=True)  # a standard package, not made for this customer
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(discount__range=(0, 1)), name="opportunity_line_discount"),
            models.CheckConstraint(
                condition=Q(product__isnull=False) | ~Q(description=""), name="opportunity_line_names_something"
            ),
            models.CheckConstraint(
                condition=Q(billing=Billing.ONE_OFF, months=None) | (~Q(billing=Billing.ONE_OFF) & Q(months__gte=1)),
                name="opportunity_line_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.product or self.description}"

    @property
    def is_below_list(self) -> bool:
        """Whether its price is lower than the list's was, so that the difference is a discount."""
        price, listed = self.price, self.list_price
        if price is None or listed is None or price.currency != listed.currency:
            return False
        return price.amount < listed.amount


@audited()
class OpportunityCost(models.Model):
    """A direct cost of a deal beside those of its lines: services, custom development, what is bought in (EE-055)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in CostKind])
    amount = MoneyField(null=True, blank=True)  # null where it is known to come, but not how much
    note = models.CharField(max_length=300, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
