"""A person who is scored and not yet accepted by sales (S-1, S-10)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Concat

from crm.enums import Approach, Channel, Seniority, Via
from crm.lib.audit import append_only, audited
from crm.lib.sql import Fold
from crm.models import Account, Activity, Campaign, Contact, Source, User
from crm.models.base import Record
from pipeline.models import Opportunity
from scoring.enums import LeadStatus


@audited()
class Lead(Record):
    """Who is interested and how we reach them; the score is in `LeadScore`."""

    first_name = models.CharField(max_length=200, blank=True, default="")
    last_name = models.CharField(max_length=200, blank=True, default="")
    email = models.EmailField(max_length=254, null=True, blank=True, unique=True)
    phone = models.CharField(max_length=20, blank=True, default="")
    company = models.CharField(max_length=300, blank=True, default="")
    job_title = models.CharField(max_length=200, blank=True, default="")
    seniority = models.CharField(
        max_length=20, default=Seniority.UNKNOWN, choices=[(level, level) for level in Seniority]
    )
    industry = models.CharField(max_length=100, blank=True, default="")
    employee_count = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    technologies = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    channel = models.CharField(
        max_length=10, default=Channel.INBOUND, choices=[(channel, channel) for channel in Channel]
    )
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="leads")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="leads")
    approach = models.CharField(
        max_length=10, blank=True, default="", choices=[(approach, approach) for approach in Approach]
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="leads")
    status = models.CharField(
        max_length=20, default=LeadStatus.NEW, choices=[(status, status) for status in LeadStatus]
    )
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="leads")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="leads")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        indexes = [
            models.Index(fields=["status", "id"], name="lead_by_status"),
            models.Index(fields=["owner", "status"], name="lead_by_owner"),
            models.Index(fields=["created_at"], name="lead_by_creation"),
            GinIndex(
                OpClass(
                    Fold(Concat("first_name", models.Value(" "), "last_name", models.Value(" "), "company")),
                    "gin_trgm_ops",
                ),
                name="lead_name_search",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or self.job_title or f"#{self.pk}"

    @property
    def full_name(self) -> str:
        """Return the names joined, empty when none is known."""
        return f"{self.first_name} {self.last_name}".strip()


class LeadStatusEvent(models.Model):
    """A change of status, append-only; figures on leads fold these."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="status_events")
    old = models.CharField(max_length=20, blank=True, default="")
    new = models.CharField(max_length=20, choices=[(status, status) for status in LeadStatus])
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    via = models.CharField(max_length=10, choices=[(via, via) for via in Via])
    reason = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["lead", "occurred_at", "id"], name="lead_status_fold"),
            models.Index(fields=["new", "occurred_at"], name="lead_status_when"),
        ]

    def __str__(self) -> str:
        return f"{self.old} to {self.new}"


class LeadActivity(models.Model):
    """An activity that belongs to a lead (D-12)."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="activity_links")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lead_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lead", "activity"], name="lead_activity_once")]

    def __str__(self) -> str:
        return str(self.activity)


class Conversion(models.Model):
    """What a lead became. A lead converts once; a deal has at most one lead."""

    lead = models.OneToOneField(Lead, models.PROTECT, related_name="conversion")
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="conversions")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="conversions")
    opportunity = models.OneToOneField(Opportunity, models.PROTECT, null=True, blank=True, related_name="conversion")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.lead} on {self.at}"


class LeadKnown(models.Model):
    """What rules may ask of a lead, its account and its contact, from a moment on; append-only, one row a change."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="known", db_index=False)
    valid_from = models.DateTimeField()
    recorded_at = models.DateTimeField()
    known = models.JSONField(default=dict)

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["lead", "valid_from", "id"], name="lead_known_replay")]

    def __str__(self) -> str:
        return f"{self.lead} from {self.valid_from}"
