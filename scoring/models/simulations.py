"""What if: rules tried on the real past (S-7)."""

from django.db import models

from crm.models import User
from scoring.models.rules import ScoringModel


class Simulation(models.Model):
    """One try of a version against the one in force, over all leads as of `as_of`.

    `rules` and `in_force` are what was tried, whatever became of the draft since. Leads that came from `split_at` on
    are held against what the earlier ones taught. `result` are counts, from which every threshold is told.
    """

    model = models.ForeignKey(ScoringModel, models.SET_NULL, null=True, blank=True, related_name="simulations")
    number = models.PositiveIntegerField()
    model_version = models.PositiveIntegerField()
    rules = models.JSONField()
    in_force = models.JSONField()
    as_of = models.DateTimeField()
    split_at = models.DateTimeField()
    leads = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"v{self.number} on {self.as_of}"


class SimulationPart(models.Model):
    """The leads of these ids, both ends included; `result` is empty until they were tried."""

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="parts")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    leads = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["simulation", "first"], name="simulation_part_once")]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"
