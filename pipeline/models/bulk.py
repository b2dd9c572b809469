"""Changes that somebody made to many deals at once, and what became of each (D-22)."""

from django.db import models

from crm.lib.audit import append_only
from crm.models import User
from pipeline.enums import BulkKind, BulkOutcome
from pipeline.models.opportunities import Opportunity

# Nothing is rewritten but that it was undone, once.
UNDOING = "OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL"


class BulkEdit(models.Model):
    """One change of many deals: `value` under the name of what was set, `reason` where facts were missing."""

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in BulkKind])
    value = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=2000, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = append_only(may_change=UNDOING)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class BulkAnswer(models.Model):
    """What became of one of the deals. `version` and the events numbered `first_seq` to `last_seq` are what it left."""

    bulk_edit = models.ForeignKey(BulkEdit, models.PROTECT, related_name="answers")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=[(outcome, outcome) for outcome in BulkOutcome])
    refusals = models.JSONField(default=list, blank=True)
    override_allowed = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    first_seq = models.PositiveIntegerField(null=True, blank=True)
    last_seq = models.PositiveIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = append_only(may_change=UNDOING)
        constraints = [models.UniqueConstraint(fields=["bulk_edit", "opportunity"], name="bulk_answer_once")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.outcome}"
