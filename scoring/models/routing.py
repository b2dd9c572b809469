"""By what leads find their rep, how soon they are answered, and what reps are offered to try (S-9, FI-006)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from crm.lib.audit import audited
from crm.models import Team, User
from crm.models.base import Record
from scoring.enums import NoticeKind, TrialAnswer
from scoring.models.handoffs import Handoff
from scoring.models.leads import Lead


@audited()
class HandoffTerms(models.Model):
    """What marketing and sales agreed on: one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    answer_minutes = models.PositiveSmallIntegerField(default=240)
    remind_minutes = models.PositiveSmallIntegerField(default=60)  # before the time to answer ends
    trial_percent = models.PositiveSmallIntegerField(default=10)  # of what reps are given to call
    pauses_when_away = models.BooleanField(default=False)  # the clock stands still on days its rep is away
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="handoff_terms_are_one"),
            models.CheckConstraint(
                condition=Q(answer_minutes__range=(15, 4800))
                & Q(remind_minutes__lt=F("answer_minutes"))
                & Q(trial_percent__lte=50),
                name="handoff_terms_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"answered within {self.answer_minutes} minutes"


@audited()
class Territory(Record):
    """Leads of these countries, languages and industries are a team's or a rep's; a list left empty takes every lead."""

    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    industries = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="territories")
    rep = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="territories")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team=None, rep__isnull=False) | Q(team__isnull=False, rep=None), name="territory_of_one"
            ),
            models.UniqueConstraint(fields=["name"], condition=Q(archived_at=None), name="territory_name_once"),
        ]
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


@audited()
class RepShare(models.Model):
    """How many leads a rep takes beside the others, and in which languages; without a row a share of 1."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="lead_share")
    capacity = models.PositiveSmallIntegerField(default=1)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(capacity__lte=10), name="rep_share_at_most")]

    def __str__(self) -> str:
        return f"{self.user}: {self.capacity}"


class HandoffNotice(models.Model):
    """Somebody was told that a handoff runs out or ran out; once for each clock, whatever runs how often."""

    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in NoticeKind])
    assigned_at = models.DateTimeField()  # which clock
    to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "kind", "assigned_at"], name="handoff_notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.handoff}"


class TrialWeek(models.Model):
    """The draw of a week's leads to try; once a week. `drawn` of `eligible` is the chance each of them had."""

    week_on = models.DateField(primary_key=True)
    at = models.DateTimeField()
    percent = models.PositiveSmallIntegerField()
    eligible = models.PositiveIntegerField(default=0)
    drawn = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.drawn} of {self.eligible} in the week of {self.week_on}"


@audited()
class Trial(models.Model):
    """A lead below the threshold, drawn for a rep to call, so that nobody is blind there (FI-006)."""

    week = models.ForeignKey(TrialWeek, models.PROTECT, related_name="trials")
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="trials")
    owner = models.ForeignKey(User, models.PROTECT, related_name="trials")
    score = models.FloatField()
    drawn_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(
        max_length=10, blank=True, default="", choices=[(answer, answer) for answer in TrialAnswer]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["week", "lead"], name="trial_once_a_week"),
            models.UniqueConstraint(fields=["lead"], condition=Q(answered_at=None), name="trial_one_open"),
        ]
        indexes = [models.Index(fields=["owner"], condition=Q(answered_at=None), name="trial_open")]

    def __str__(self) -> str:
        return f"{self.lead} for {self.owner}"
