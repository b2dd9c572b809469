"""What is sold (P-13's first form: an imported product makes one line)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.lib.fields import MoneyField
from crm.models.base import Record
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
    """One line of a deal: a product at a price."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="lines")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    price = MoneyField(null=True, blank=True)
    cost = MoneyField(null=True, blank=True)
    discount = models.DecimalField(max_digits=5, decimal_places=4, default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(discount__range=(0, 1)), name="opportunity_line_discount")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.product}"
