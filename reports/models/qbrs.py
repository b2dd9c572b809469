"""Quarterly business reviews (R-2, R-3, D-21)."""

from django.db import models

from crm.lib.audit import audited
from crm.models import Team, User
from reports.enums import PartKind, PartState, RunState


class QbrRun(models.Model):
    """One build. `as_of` and `known_at` stand here and every part uses them, retries included.

    Numbers are frozen when it is ready; a rebuild is a new `number`.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="qbrs")
    quarter = models.CharField(max_length=6)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=RunState.QUEUED, choices=[(state, state) for state in RunState])
    as_of = models.DateTimeField()
    known_at = models.DateTimeField()
    is_so_far = models.BooleanField(default=False)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "quarter", "number"], name="qbr_run_number")]

    def __str__(self) -> str:
        return f"{self.team} {self.quarter} v{self.number}"


class QbrPart(models.Model):
    """One part of a run; `payload` is its frozen content with definition versions."""

    run = models.ForeignKey(QbrRun, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in PartKind])
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=PartState.WAITING, choices=[(state, state) for state in PartState])
    payload = models.JSONField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["run", "kind"], name="qbr_part_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.kind}"


@audited()
class QbrAction(models.Model):
    """What somebody does by when; stays editable, outside the frozen part."""

    run = models.ForeignKey(QbrRun, models.PROTECT, related_name="actions")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="qbr_actions")
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    is_suggested = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.text
