"""What happened to deals, append-only: the source of every figure (D-7, D-20, D-21)."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from crm.enums import Via
from crm.lib.audit import append_only
from crm.models import User
from pipeline.events import EventKind
from pipeline.models.opportunities import Opportunity


class OpportunityEvent(models.Model):
    """One change. `occurred_at` is when it was true, `recorded_at` when we knew; shapes in pipeline/events.py."""

    # No index of its own: a constraint and an index below begin with the deal.
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in EventKind])
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    via = models.CharField(max_length=10, choices=[(via, via) for via in Via])
    reference = models.CharField(max_length=100, blank=True, default="")
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    idempotency_key = models.CharField(max_length=200, null=True, blank=True)

    class Meta:
        # What an import had to assume may make way for the history it lacked.
        triggers = append_only(may_delete="OLD.detail ->> 'backfilled' = 'true'")
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "seq"], name="opportunity_event_order"),
            # A constraint, since a unique field brings a second index for LIKE, which no key is asked with.
            models.UniqueConstraint(fields=["idempotency_key"], name="opportunity_event_key"),
        ]
        indexes = [
            models.Index(fields=["kind", "occurred_at"], include=["opportunity"], name="opportunity_event_when"),
            models.Index(fields=["opportunity", "occurred_at", "seq"], name="opportunity_event_fold"),
            # What a deal was worth and whose it was at a moment; which deals ever changed in that; what was learnt late.
            models.Index(
                fields=["opportunity", "kind", "occurred_at", "seq"],
                include=["new", "recorded_at"],
                condition=models.Q(kind__in=[EventKind.SETPOINT, EventKind.OWNER, EventKind.AMOUNT]),
                name="opportunity_event_value",
            ),
            models.Index(
                fields=["kind", "opportunity"],
                condition=models.Q(kind__in=[EventKind.OWNER, EventKind.AMOUNT], old__isnull=False),
                name="opportunity_event_changed",
            ),
            BrinIndex(fields=["recorded_at"], autosummarize=True, name="opportunity_event_learnt"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at}"
