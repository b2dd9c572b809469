"""Scoring models: versioned sets of weighted rules (S-3, S-6, D-47)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.models import User
from scoring.enums import Counting, DecayKind, InactivityMode, ModelState, ScorePart


class Fading(models.Model):
    """How points of events fade with age; `decay_kind` empty means: as the group says."""

    decay_kind = models.CharField(max_length=10, blank=True, default="", choices=[(kind, kind) for kind in DecayKind])
    decay_days = models.PositiveSmallIntegerField(default=30)
    decay_percent = models.PositiveSmallIntegerField(default=50)
    decay_steps = models.JSONField(default=list, blank=True)  # [up to this age in days, percent left], by age
    least = models.IntegerField(null=True, blank=True)
    most = models.IntegerField(null=True, blank=True)

    class Meta:
        abstract = True


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
    inactivity_mode = models.CharField(
        max_length=4, default=InactivityMode.EACH, choices=[(mode, mode) for mode in InactivityMode]
    )
    floor = models.IntegerField(default=0)
    ceiling = models.IntegerField(null=True, blank=True)
    # From which points on fit, and what a lead does, are good for 1, 2 and 3 steps of the grade.
    fit_limits = ArrayField(models.IntegerField(), size=3, default=list, blank=True)
    interest_limits = ArrayField(models.IntegerField(), size=3, default=list, blank=True)
    fades_twice = models.BooleanField(default=False)  # silence takes points where events fade too: asked for
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
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="challenger"), name="scoring_model_one_challenger"
            ),
            models.CheckConstraint(condition=Q(threshold__gt=0), name="scoring_model_threshold"),
            models.CheckConstraint(condition=Q(inactivity_days__gt=0), name="scoring_model_inactivity_days"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


@audited()
class ScoringGroup(Fading):
    """Rules that share a part, a decay and the limits of what they bring together."""

    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="groups")
    code = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=10, choices=[(part, part) for part in ScorePart])
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["model", "code"], name="scoring_group_once")]

    def __str__(self) -> str:
        return self.name


@audited()
class ScoringRule(Fading):
    """Points for an event, at most `cap_count` counted events in `cap_days` local days, or while conditions hold.

    `conditions` are rows as `scoring.policies.conditions.read_conditions` takes them.
    """

    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="rules")
    code = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=10, default=ScorePart.BEHAVIOUR, choices=[(part, part) for part in ScorePart])
    group = models.ForeignKey(ScoringGroup, models.SET_NULL, null=True, blank=True, related_name="rules")
    counting = models.CharField(max_length=5, default=Counting.EACH, choices=[(each, each) for each in Counting])
    event_types = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    conditions = models.JSONField(default=list, blank=True)
    fast_track = models.BooleanField(default=False)
    points = models.IntegerField()
    cap_count = models.PositiveSmallIntegerField(default=3)
    cap_days = models.PositiveSmallIntegerField(default=30)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["model", "code"], name="scoring_rule_once")]

    def __str__(self) -> str:
        return self.name
