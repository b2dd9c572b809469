"""How well each element of a deal is known: the evidence behind qualification, milestones and progress (P-9, P-21)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import append_only
from crm.models import Contact, User
from pipeline.enums import Element, Level
from pipeline.models.opportunities import Opportunity


class Assessment(models.Model):
    """What we were told of one element, by whom and on which day. Append-only: all that may be added is its end.

    A question of the champion, the executives or the economic driver stands at 0 (no) or at the level of who said so.
    What does not apply to the deal leaves its progress, for the reason in `note` (B31).
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="assessments", db_index=False)
    element = models.CharField(max_length=30, choices=[(element, element) for element in Element])
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    said_on = models.DateField()
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True, default="")
    applies = models.BooleanField(default=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = append_only(
            may_change="OLD.ended_at IS NULL AND to_jsonb(OLD) - 'ended_at' = to_jsonb(NEW) - 'ended_at'"
        )
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "element"], condition=Q(ended_at=None), name="assessment_one_current"
            ),
            models.CheckConstraint(condition=Q(level__range=(0, 3)), name="assessment_level"),
            models.CheckConstraint(
                condition=Q(applies=True) | (Q(level=0) & ~Q(note="")), name="assessment_not_applicable_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["opportunity", "element", "at"], name="assessment_history")]

    def __str__(self) -> str:
        return f"{self.element} {self.level}"
