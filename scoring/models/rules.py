"""Scoring models: versioned sets of weighted rules (S-3, S-6, D-47)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.models import User
from scoring.enums import ModelState, ScorePart


@audited()
class ScoringModel(models.Model):
    """One version. Published versions never change; a change is a new version.

    A full `inactivity_days` of silence takes `inactivity_points` away, down to `floor`.
    A lead is armed again at or below `threshold - rearm_margin` (D-27).
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, default=ModelState.DRAFT, choices=[(state, state) for state in ModelState])
    threshold = models.IntegerField(default=50)
    rearm_margin = models.PositiveIntegerField(default=10)
    inactivity_points = models.PositiveIntegerField(default=10)
    inactivity_days = models.PositiveIntegerField(default=30)
    floor = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="published"), name="scoring_model_one_published"
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="scoring_model_one_draft"),
            models.CheckConstraint(condition=Q(threshold__gt=0), name="scoring_model_threshold"),
            models.CheckConstraint(condition=Q(inactivity_days__gt=0), name="scoring_model_inactivity_days"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


@audited()
class ScoringRule(models.Model):
    """Points for an event, at most `cap_count` counted events in `cap_days` local days."""

    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="rules")
    code = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=10, default=ScorePart.BEHAVIOUR, choices=[(part, part) for part in ScorePart])
    event_types = ArrayField(models.CharField(max_length=100))
    points = models.IntegerField()
    cap_count = models.PositiveSmallIntegerField(default=3)
    cap_days = models.PositiveSmallIntegerField(default=30)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["model", "code"], name="scoring_rule_once")]

    def __str__(self) -> str:
        return self.name
