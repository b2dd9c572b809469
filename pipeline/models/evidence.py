"""Next steps and attested facts (P-2, D-25)."""

from django.db import models
from django.db.models import Q

from crm.enums import ActivityKind
from crm.lib.audit import audited
from crm.models import Contact, User
from pipeline.models.opportunities import Opportunity
from pipeline.models.setpoints import CriterionVersion


@audited()
class NextStep(models.Model):
    """A mutually agreed step. Open until done or dropped; the deal's current one is the earliest open."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="next_steps")
    kind = models.CharField(max_length=10, default=ActivityKind.TASK, choices=[(kind, kind) for kind in ActivityKind])
    purpose = models.CharField(max_length=300)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)  # where an hour was agreed
    agreed_with = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, related_name="next_steps")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_at=None) | Q(dropped_at=None), name="next_step_ends_once")
        ]
        indexes = [
            models.Index(
                fields=["opportunity", "due_on"], condition=Q(done_at=None, dropped_at=None), name="next_step_open"
            ),
            models.Index(
                fields=["owner", "due_on"], condition=Q(done_at=None, dropped_at=None), name="next_step_open_by_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.purpose


@audited()
class Attestation(models.Model):
    """Somebody states that a criterion is met: who said it, when, and what was said. Revoked, never deleted."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="attestations")
    criterion_version = models.ForeignKey(CriterionVersion, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    said_on = models.DateField()
    note = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "criterion_version"],
                condition=Q(revoked_at=None),
                name="attestation_once",
            )
        ]

    def __str__(self) -> str:
        return self.note
