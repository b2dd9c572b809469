"""What is wrong with open deals, as stored for lists, board and API (P-11, P-12, B24)."""

from django.db import models
from django.db.models import Q

from crm.lib.audit import audited
from crm.models import User
from pipeline.enums import Severity, SignalCode
from pipeline.models.opportunities import Opportunity
from pipeline.models.setpoints import Pipeline, Setpoint


class Signal(models.Model):
    """One warning about one deal. Derived from events, dates and limits; computed again, never edited.

    `detail` holds the parameters of its reason, by code as policies/signals.py gives them. `snoozed_until` repeats
    the snooze that rests it, so that lists and cards need not look.
    """

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="signals", db_index=False)
    code = models.CharField(max_length=30, choices=[(code, code) for code in SignalCode])
    severity = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Severity])
    since = models.DateField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "code"], name="signal_once")]
        indexes = [
            models.Index(
                fields=["code", "opportunity"], condition=Q(snoozed_until=None), name="signal_speaking_by_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.code}"


class TypicalStay(models.Model):
    """How long three of four deals won of a size and type stayed at a setpoint (B24). Derived each night."""

    setpoint = models.ForeignKey(Setpoint, models.CASCADE, related_name="typical_stays", db_index=False)
    band = models.CharField(max_length=20)
    deal_type = models.CharField(max_length=20)
    days = models.DecimalField(max_digits=8, decimal_places=2)
    wins = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["setpoint", "band", "deal_type"], name="typical_stay_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days at {self.setpoint_id}"


@audited()
class SignalSnooze(models.Model):
    """Somebody said why a warning may rest until a day. Ended early, never deleted."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="snoozes")
    code = models.CharField(max_length=30, choices=[(code, code) for code in SignalCode])
    until = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "code"], condition=Q(ended_at=None), name="signal_snooze_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} until {self.until}"


@audited()
class SignalLimit(models.Model):
    """From when on a signal speaks, in days or times or percent as the signal means it; one row a pipeline and code.

    Without a row the limit of policies/signals.py stands.
    """

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="signal_limits")
    code = models.CharField(max_length=30, choices=[(code, code) for code in SignalCode])
    limit = models.PositiveSmallIntegerField(null=True, blank=True)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pipeline", "code"], name="signal_limit_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.limit}"


@audited()
class RestartPlan(models.Model):
    """What somebody will do to bring a deal that languishes back into motion (P-12)."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="restart_plans")
    note = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.note
