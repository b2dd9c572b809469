"""What marketing and sales agreed on: what their words mean, and the goals they share (LT-068, LT-139, LT-141)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.lib.audit import append_only, audited
from crm.models import User
from scoring.enums import AgreedTerm, GoalMeasure
from scoring.models.handoffs import Crossing


@audited()
class AgreedDefinition(models.Model):
    """One wording of a term. The latest that both sides agreed to is in force; at most one is being agreed on."""

    term = models.CharField(max_length=20, choices=[(term, term) for term in AgreedTerm])
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    marketing_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    marketing_at = models.DateTimeField(null=True, blank=True)
    sales_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sales_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="agreed_definition_number"),
            models.UniqueConstraint(
                fields=["term"], condition=Q(agreed_at=None, withdrawn_at=None), name="agreed_definition_one_open"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(marketing_at__isnull=False, sales_at__isnull=False),
                name="agreed_definition_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.number}"


class LeadGoal(models.Model):
    """A share both teams want to reach, from a moment on; append-only, the latest holds."""

    measure = models.CharField(max_length=20, choices=[(measure, measure) for measure in GoalMeasure])
    share = models.DecimalField(max_digits=5, decimal_places=4)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["measure", "-at"], name="lead_goal_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="lead_goal_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.share}"


class CrossingRules(models.Model):
    """Which rules had given a lead points when it crossed, by their codes: found by a job, once, for figures."""

    crossing = models.OneToOneField(Crossing, models.CASCADE, primary_key=True, related_name="rules_then")
    rules = ArrayField(models.CharField(max_length=100), default=list)

    def __str__(self) -> str:
        return ", ".join(self.rules)
