"""What must still be set in motion (D-7): the outbox and the leases of jobs, in one table."""

from django.db import models
from django.db.models.functions import Now

from crm.enums import JobState


class Job(models.Model):
    """One thing to do. The broker only nudges; this row is the truth (reliability.md 0).

    `key` makes asking twice the same as once, e.g. `scoring.refresh_scores:2026-11-21T10:05Z`.
    `lease_token` rises with every lease, so that a worker that slept through its own is refused.
    """

    task = models.CharField(max_length=100)
    kwargs = models.JSONField(default=dict)
    key = models.CharField(max_length=300, null=True, blank=True, unique=True)
    state = models.CharField(max_length=12, default=JobState.QUEUED, choices=[(state, state) for state in JobState])
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=models.Q(state__in=["queued", "running"]), name="job_to_do"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk} {self.state}"


class WorkerHeartbeat(models.Model):
    """When a worker last took a job: alive means working, not having a pid."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at}"
