"""What figures on feedback look up instead of replaying (S-11)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from scoring.models.handoffs import Crossing


class CrossingRules(models.Model):
    """Which rules had given a lead points when it crossed, by their codes: found by a job, once, for figures."""

    crossing = models.OneToOneField(Crossing, models.CASCADE, primary_key=True, related_name="rules_then")
    rules = ArrayField(models.CharField(max_length=100), default=list)

    def __str__(self) -> str:
        return ", ".join(self.rules)
