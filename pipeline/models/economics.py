"""What a deal is worth to us and to the customer beyond its price (P-13, B16, B28, B30)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.lib.fields import CurrencyField, MoneyField
from crm.models import Contact, User
from pipeline.enums import CaseSide, ExpansionKind, StrategicKind
from pipeline.models.opportunities import Opportunity


@audited()
class EconomicAssumptions(models.Model):
    """What the organisation assumes when it judges deals, from a day on; the latest row in force counts.

    Shares are between 0 and 1: `churn` a month, `margin_floor` of net. `payback_limit_months` flags longer
    ones; `onboarding` and `lead` are costs of one new customer and of one lead, `pursuit` what pursuing a deal to its
    end usually costs.
    """

    valid_from = models.DateField(unique=True)
    margin_floor = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    churn = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    horizon_months = models.PositiveSmallIntegerField(default=60)
    payback_limit_months = models.PositiveSmallIntegerField(null=True, blank=True)
    onboarding = MoneyField(null=True, blank=True)
    lead = MoneyField(null=True, blank=True)
    pursuit = MoneyField(null=True, blank=True)
    source_name = models.CharField(max_length=200, blank=True, default="")  # where the figures come from

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(churn=None) | Q(churn__range=(0, 1)), name="assumed_churn"),
            models.CheckConstraint(
                condition=Q(margin_floor=None) | Q(margin_floor__range=(0, 1)), name="assumed_margin_floor"
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.valid_from}"


@audited()
class ExpansionPotential(models.Model):
    """What a customer could buy more of in a year (EE-059)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="expansions")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ExpansionKind])
    yearly = MoneyField()
    note = models.CharField(max_length=300, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "kind"], name="expansion_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.yearly}"


@audited()
class StrategicValue(models.Model):
    """What a deal is worth beside its money, why, and who agreed that it may count (EE-060, EE-061)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="strategic_values")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in StrategicKind])
    weight = models.PositiveSmallIntegerField()  # 1 some, 2 much, 3 decisive
    value = MoneyField(null=True, blank=True)
    justification = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True, default="")  # why it may count, as the approver says
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "kind"], name="strategic_value_once_a_kind"),
            models.CheckConstraint(condition=Q(weight__range=(1, 3)), name="strategic_value_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.weight}"


@audited()
class BusinessCase(models.Model):
    """The customer's own case for buying, in their numbers (B28). One a deal.

    Shared by an address signed over `share_key`, a random text that a withdrawn case loses; `shared_until` is the last
    local day it opens. `justification` is for us alone, `measure` is the result in the customer's own terms.
    """

    opportunity = models.OneToOneField(Opportunity, models.PROTECT, related_name="business_case")
    currency = CurrencyField()
    years = models.PositiveSmallIntegerField(default=3)
    discount_rate = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    justification = models.CharField(max_length=1000, blank=True, default="")
    measure = models.CharField(max_length=300, blank=True, default="")
    is_co_built = models.BooleanField(default=False)
    co_built_with = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    co_built_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    share_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    shared_until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(years__range=(1, 10)), name="business_case_years"),
            models.CheckConstraint(condition=Q(discount_rate__range=(0, 1)), name="business_case_rate"),
            models.CheckConstraint(
                condition=Q(is_co_built=False, co_built_with=None, co_built_on=None)
                | Q(is_co_built=True, co_built_with__isnull=False, co_built_on__isnull=False),
                name="business_case_co_built_with",
            ),
            models.CheckConstraint(
                condition=Q(share_key=None) | Q(shared_until__isnull=False), name="business_case_share_ends"
            ),
        ]

    def __str__(self) -> str:
        return str(self.opportunity)


@audited()
class BusinessCaseKpi(models.Model):
    """A figure the customer steers by, where it stands, where they want it, and what of ours moves it (TR-042)."""

    case = models.ForeignKey(BusinessCase, models.PROTECT, related_name="kpis")
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=40, blank=True, default="")
    now = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    goal = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    our_part = models.CharField(max_length=300, blank=True, default="")
    order = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


@audited()
class BusinessCaseRow(models.Model):
    """A cost or a benefit of the case: what it brings or takes at the start and in each year.

    `kpi` is the customer's figure that a benefit comes from.
    """

    case = models.ForeignKey(BusinessCase, models.PROTECT, related_name="rows")
    side = models.CharField(max_length=10, choices=[(side, side) for side in CaseSide])
    label = models.CharField(max_length=200)
    at_start = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    yearly = ArrayField(models.DecimalField(max_digits=16, decimal_places=2), size=10, default=list, blank=True)
    kpi = models.ForeignKey(BusinessCaseKpi, models.PROTECT, null=True, blank=True, related_name="rows")
    order = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["side", "order", "id"]

    def __str__(self) -> str:
        return self.label
