"""What people did, will do and what customers did (C-5, D-25, D-36, D-37)."""

from django.db import models

from crm.enums import (
    ActivityKind,
    ActivityOutcome,
    Approach,
    Direction,
    MeetingEvent,
    Seniority,
)
from crm.lib.audit import append_only, audited
from crm.models.accounts import Account
from crm.models.base import Record
from crm.models.contacts import Contact
from crm.models.people import User


@audited()
class Activity(Record):
    """A call, e-mail, meeting, demo, note or task. Deals and leads are linked from their own apps.

    `occurred_at` is when it took place or is to take place; `done_at` is empty while it lies ahead.
    `is_customer_action` is derived on writing: by the customer, or inbound, or a meeting held (D-25).
    """

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ActivityKind])
    subject = models.CharField(max_length=300, blank=True, default="")
    note = models.TextField(blank=True, default="")
    occurred_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=[(outcome, outcome) for outcome in ActivityOutcome]
    )
    direction = models.CharField(
        max_length=10, blank=True, default="", choices=[(direction, direction) for direction in Direction]
    )
    by_customer = models.BooleanField(default=False)
    is_customer_action = models.BooleanField(default=False)
    channel = models.CharField(max_length=20, blank=True, default="")  # phone, e-mail, LinkedIn, video, in person …
    is_conversation = models.BooleanField(null=True, blank=True)  # True: we talked; False: an attempt; None: neither
    obstacle = models.CharField(max_length=100, blank=True, default="")
    stated_reason = models.CharField(max_length=300, blank=True, default="")
    approach = models.CharField(
        max_length=10, blank=True, default="", choices=[(approach, approach) for approach in Approach]
    )
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answered_by")
    duration_minutes = models.PositiveIntegerField(null=True, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="activities")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="activities")
    contact_level = models.CharField(
        max_length=20, blank=True, default="", choices=[(level, level) for level in Seniority]
    )  # as it was then
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="activities")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-occurred_at"], name="activity_by_account"),
            models.Index(fields=["contact", "-occurred_at"], name="activity_by_contact"),
            models.Index(fields=["owner", "-occurred_at"], name="activity_by_owner"),
            models.Index(
                fields=["owner", "occurred_at"],
                condition=models.Q(done_at=None, archived_at=None),
                name="activity_open",
            ),
            # When customers were first met, asked of many deals at once (B3).
            models.Index(
                fields=["id"],
                include=["occurred_at", "recorded_at"],
                condition=models.Q(
                    outcome=ActivityOutcome.HELD,
                    kind__in=[ActivityKind.DEMO, ActivityKind.MEETING],
                    archived_at=None,
                ),
                name="activity_held",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.kind


class ActivityParticipant(models.Model):
    """Somebody who took part: a contact or a colleague."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="participations")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="participations")
    contact_level = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact__isnull=False) ^ models.Q(user__isnull=False), name="participant_is_somebody"
            ),
            models.UniqueConstraint(
                fields=["activity", "contact", "user"], nulls_distinct=False, name="participant_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.user)


class MeetingChange(models.Model):
    """What happened to a meeting, append-only: scheduled, moved, held, no show (D-36)."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="meeting_changes")
    event = models.CharField(max_length=10, choices=[(event, event) for event in MeetingEvent])
    meeting_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_customer = models.BooleanField(default=False)

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["activity", "recorded_at"], name="meeting_change_order")]

    def __str__(self) -> str:
        return f"{self.event} {self.meeting_at}"
