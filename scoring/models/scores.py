"""What the score was when it was last computed: a cache, never a source (D-28)."""

from django.db import models

from scoring.models.leads import Lead
from scoring.models.rules import ScoringModel


class LeadScore(models.Model):
    """Score with its parts as of `computed_at`; it holds until `next_change_at` unless something happens."""

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="score")
    score = models.FloatField(default=0)
    fit = models.FloatField(default=0)
    behaviour = models.FloatField(default=0)
    engagement = models.FloatField(default=0)
    inactivity = models.FloatField(default=0)
    # A to D, empty where the rules set no limits for grades.
    grade = models.CharField(max_length=1, blank=True, default="", db_default="")
    model = models.ForeignKey(ScoringModel, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    last_activity_at = models.DateTimeField(null=True, blank=True)
    next_change_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-score", "lead"], name="lead_score_order"),
            models.Index(
                fields=["next_change_at"], condition=models.Q(next_change_at__isnull=False), name="lead_score_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.score}"
