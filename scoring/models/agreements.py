"""What marketing and sales agreed on, want to reach and tell each other (LT-067, LT-068, LT-139, LT-141)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import append_only, audited
from crm.models import User
from scoring.enums import AgreedTerm, GoalMeasure

LONGEST = 1000


@audited()
class AgreedDefinition(models.Model):
    """One wording of a term. The latest that both sides agreed to holds; at most one waits for the other side."""

    term = models.CharField(max_length=20, choices=[(term, term) for term in AgreedTerm])
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=LONGEST)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    marketing_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    marketing_at = models.DateTimeField(null=True, blank=True)
    sales_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sales_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
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

    @property
    def version(self) -> int:
        """Return 1 as long as it waits for the other side, 2 once it holds or was withdrawn: nothing else changes."""
        return 1 if self.agreed_at is None and self.withdrawn_at is None else 2


class LeadGoal(models.Model):
    """What both teams want a figure to be, from a moment on, or with no share that they want nothing of it any more.

    Append-only; the latest of a measure holds.
    """

    measure = models.CharField(max_length=20, choices=[(measure, measure) for measure in GoalMeasure])
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["measure", "-id"], name="lead_goal_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(share=None) | Q(share__gt=0, share__lte=1), name="lead_goal_is_a_share")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.share}"


@audited()
class LeadComment(models.Model):
    """What somebody of marketing or sales tells the other team, beside the board they share."""

    text = models.CharField(max_length=LONGEST)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-id"], condition=Q(removed_at=None), name="lead_comment_feed")]

    def __str__(self) -> str:
        return self.text
