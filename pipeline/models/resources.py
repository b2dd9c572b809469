"""Hours that deals share: whose they are, how many a week, who asked for them and what became of it (EE-017, EE-053)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.models import User
from pipeline.enums import Gate, RequestState, ResourceKind
from pipeline.models.context import Effort
from pipeline.models.opportunities import Opportunity

HOURS_A_WEEK = 168


@audited()
class Resource(models.Model):
    """Somebody whose hours deals share, with how many of them there are in an ordinary week."""

    user = models.ForeignKey(User, models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ResourceKind])
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="resource_once_a_kind"),
            models.CheckConstraint(condition=Q(weekly_hours__range=(0, HOURS_A_WEEK)), name="resource_hours_of_a_week"),
        ]

    def __str__(self) -> str:
        return str(self.user)


@audited()
class ResourceWeek(models.Model):
    """A week, named by its Monday, in which somebody has other hours than usual."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="weeks")
    monday = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "monday"], name="resource_week_once"),
            models.CheckConstraint(condition=Q(hours__range=(0, HOURS_A_WEEK)), name="resource_week_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.monday}"


@audited()
class ResourceRule(models.Model):
    """Whether the economics of a deal must be known before hours of a kind are asked for; without a row: warn."""

    kind = models.CharField(max_length=20, unique=True, choices=[(kind, kind) for kind in ResourceKind])
    gate = models.CharField(max_length=10, blank=True, default="", choices=[(gate, gate) for gate in Gate])

    def __str__(self) -> str:
        return f"{self.kind}: {self.gate}"


@audited()
class ResourceRequest(models.Model):
    """Hours asked for a deal: of somebody by name, or of whoever gives that kind.

    `reason` says why in spite of what spoke against it (`against`, codes), by whoever asked. `effort` holds the hours
    that were spent once it is done.
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="resource_requests")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ResourceKind])
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="requests")
    purpose = models.CharField(max_length=1000)
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    due_on = models.DateField()
    against = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=1000, blank=True, default="")
    state = models.CharField(
        max_length=10, default=RequestState.OPEN, choices=[(state, state) for state in RequestState]
    )
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    effort = models.OneToOneField(Effort, models.PROTECT, null=True, blank=True, related_name="request")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="resource_request_hours"),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at=None, ended_at=None)
                | Q(state=RequestState.ACCEPTED, answered_at__isnull=False, ended_at=None, resource__isnull=False)
                | Q(state=RequestState.DECLINED, answered_at__isnull=False, ended_at__isnull=False)
                | Q(state=RequestState.DONE, ended_at__isnull=False, effort__isnull=False)
                | Q(state=RequestState.WITHDRAWN, ended_at__isnull=False),
                name="resource_request_state_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "due_on"], condition=Q(state=RequestState.OPEN), name="resource_request_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.kind}"


@audited()
class PlannedHours(models.Model):
    """Hours of an accepted request that are set aside in a week, named by its Monday."""

    request = models.ForeignKey(ResourceRequest, models.PROTECT, related_name="planned")
    monday = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "monday"], name="planned_hours_once_a_week"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="planned_hours_positive"),
        ]
        indexes = [models.Index(fields=["monday"], name="planned_hours_of_a_week")]

    def __str__(self) -> str:
        return f"{self.hours} h {self.monday}"
