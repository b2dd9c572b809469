"""What should be sold and done by when (P-17's tables)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.lib.fields import CurrencyField
from crm.models import Team, User
from pipeline.enums import TargetMeasure


@audited()
class Target(models.Model):
    """A number for a period and a team or a person; `period` is 2026, 2026Q3 or 2026-07."""

    period = models.CharField(max_length=7)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the day after the last
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="targets")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="targets")
    measure = models.CharField(max_length=20, choices=[(measure, measure) for measure in TargetMeasure])
    value = models.DecimalField(max_digits=16, decimal_places=2)
    currency = CurrencyField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "team", "owner", "measure"], nulls_distinct=False, name="target_once"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False) ^ Q(owner__isnull=False), name="target_of_team_or_person"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.period}"
