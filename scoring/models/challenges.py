"""A second version of the rules tried on a share of the leads (S-12, B29)."""

from django.db import models
from django.db.models import F, Q

from crm.lib.audit import append_only, audited
from crm.models import User
from scoring.enums import ChallengeEnd, ChallengeMetric
from scoring.models.leads import Lead
from scoring.models.rules import ScoringModel


@audited()
class Challenge(models.Model):
    """`percent` of the leads that come while it runs are scored by the challenger; one runs at a time.

    Share, metric and smallest sample are fixed when it starts, and so is the seed by which leads are drawn.
    """

    champion = models.ForeignKey(ScoringModel, models.PROTECT, related_name="+")
    challenger = models.OneToOneField(ScoringModel, models.PROTECT, related_name="challenge")
    percent = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=30, choices=[(metric, metric) for metric in ChallengeMetric])
    minimum = models.PositiveIntegerField()  # leads on each side, before anybody is said to be better
    seed = models.CharField(max_length=32)
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_as = models.CharField(max_length=10, blank=True, default="", choices=[(end, end) for end in ChallengeEnd])
    end_reason = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ended_as"], condition=Q(ended_at=None), name="challenge_one_runs"),
            models.CheckConstraint(condition=Q(percent__range=(1, 99), minimum__gt=0), name="challenge_makes_sense"),
            models.CheckConstraint(condition=~Q(champion=F("challenger")), name="challenge_of_two"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="challenge_end_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenger} against {self.champion}"


class ChallengeLead(models.Model):
    """On which side a lead is: drawn once, before it is scored for the first time, and never changed."""

    lead = models.OneToOneField(Lead, models.PROTECT, primary_key=True, related_name="challenge")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="leads")
    is_challenger = models.BooleanField()
    assigned_at = models.DateTimeField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.lead_id}: {'challenger' if self.is_challenger else 'champion'}"
