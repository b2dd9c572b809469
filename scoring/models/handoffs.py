"""Crossings of the threshold and what sales did with them (S-9, D-27)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from crm.lib.audit import append_only, audited
from crm.models import Reason, User
from scoring.enums import CrossingState, HandoffAnswer, RoutedBy, WaitingReason
from scoring.models.events import LeadEvent
from scoring.models.leads import Lead, LeadKnown
from scoring.models.rules import ScoringModel


@audited()
class Crossing(models.Model):
    """A lead went over the threshold by an event, or by what became known of it, then. Once, whatever runs how often."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="crossings")
    # A visitor's event may cross for two leads, one after the other, where the visitor turns out to have been another one.
    event = models.ForeignKey(
        LeadEvent, models.PROTECT, null=True, blank=True, related_name="crossings", db_index=False
    )
    known = models.OneToOneField(LeadKnown, models.PROTECT, null=True, blank=True, related_name="crossing")
    fast_track = models.BooleanField(default=False)  # handed over for what it asked, whatever its score
    model = models.ForeignKey(ScoringModel, models.PROTECT, related_name="+")
    score = models.FloatField()
    crossed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in CrossingState])
    waiting_reason = models.CharField(
        max_length=10, blank=True, default="", choices=[(reason, reason) for reason in WaitingReason]
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event=None, known__isnull=False) | Q(event__isnull=False, known=None),
                name="crossing_by_one_cause",
            ),
            models.UniqueConstraint(fields=["event", "lead"], name="crossing_once_by_an_event"),
        ]
        indexes = [
            models.Index(fields=["lead", "crossed_at"], name="crossing_by_lead"),
            models.Index(fields=["crossed_at"], condition=Q(state="waiting"), name="crossing_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.lead} at {self.crossed_at}"


@audited()
class Handoff(models.Model):
    """A lead in sales' hands, to be answered by `due_at`. At most one is open a lead."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="handoffs")
    crossing = models.OneToOneField(Crossing, models.PROTECT, related_name="handoff")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="handoffs")
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    away_days = ArrayField(models.DateField(), default=list, blank=True)  # working days on which the clock stands still
    routed_by = models.CharField(
        max_length=14, blank=True, default="", choices=[(reason, reason) for reason in RoutedBy]
    )
    territory = models.ForeignKey("Territory", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(
        max_length=10, blank=True, default="", choices=[(answer, answer) for answer in HandoffAnswer]
    )
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True, default="")
    recycle_on = models.DateField(null=True, blank=True)  # when a lead sent back is nurtured again
    recycled_at = models.DateTimeField(null=True, blank=True)  # when that was done, or found needless
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(answered_at=None), name="handoff_one_open"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="handoff_answer_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(answered_at=None), name="handoff_open"),
            models.Index(
                fields=["recycle_on"],
                condition=Q(recycle_on__isnull=False, recycled_at=None),
                name="handoff_to_recycle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead} to {self.owner}"


class EndedClock(models.Model):
    """Somebody was to answer a handoff until it was given to another; append-only. The running clock is the handoff's."""

    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="ended_clocks")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["assigned_at"], name="ended_clock_when")]

    def __str__(self) -> str:
        return f"{self.owner} until {self.ended_at}"
