"""What leads did, append-only (S-2, D-10, D-40)."""

from django.db import models

from crm.enums import Via
from crm.lib.audit import audited
from scoring.enums import NotCounted
from scoring.models.leads import Lead


@audited()
class LeadEventType(models.Model):
    """A kind of event this installation knows. `qualifies` means it ends a spell of silence (D-47).

    A retired one is taken no more; what was recorded keeps counting.
    """

    code = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    qualifies = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """Somebody we do not know yet."""

    key = models.CharField(max_length=200, unique=True)
    first_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class VisitorIdentity(models.Model):
    """From a moment on, a visitor is known to be a lead; earlier events of theirs count too."""

    visitor = models.ForeignKey(Visitor, models.PROTECT, related_name="identities")
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="identities")
    identified_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "lead"], name="visitor_identity_once")]

    def __str__(self) -> str:
        return f"{self.visitor} is {self.lead}"


class LeadEvent(models.Model):
    """One thing a lead or a visitor did. `idempotency_key` is unique for ever; `not_counted` says why it gives nothing.

    `judged_at` is since when it says so, where that turned out later: until then a scanner's click counted, and what
    somebody was to confirm did not.
    """

    idempotency_key = models.CharField(max_length=200, unique=True)
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, blank=True, related_name="events", db_index=False)
    visitor = models.ForeignKey(Visitor, models.PROTECT, null=True, blank=True, related_name="events", db_index=False)
    type = models.CharField(max_length=100)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    properties = models.JSONField(default=dict, blank=True)
    via = models.CharField(max_length=10, choices=[(via, via) for via in Via])
    not_counted = models.CharField(
        max_length=10, blank=True, default="", db_default="", choices=[(reason, reason) for reason in NotCounted]
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead__isnull=False) | models.Q(visitor__isnull=False),
                name="lead_event_of_somebody",
            )
        ]
        indexes = [
            # All that most replays ask for: whether it counts and what it was stand beside.
            models.Index(fields=["lead", "occurred_at", "id"], include=["type", "not_counted"], name="lead_event_past"),
            models.Index(
                fields=["visitor", "occurred_at"], condition=models.Q(visitor__isnull=False), name="lead_event_visitor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.occurred_at}"
