"""Setpoints and their criteria (P-1, P-2, D-16, D-34)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.lib.audit import append_only, audited
from pipeline.enums import Evidence, Gate


@audited()
class Pipeline(models.Model):
    """A way of selling with its own setpoints."""

    code = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


@audited()
class Setpoint(models.Model):
    """A control point of the sale. `rank` orders, `probability` is the nominal weight.

    `guidance` tells a rep what to do here, `key_fields` are the deal's fields that matter here.
    """

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="setpoints")
    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=100)
    meaning = models.CharField(max_length=200, blank=True, default="")
    rank = models.PositiveSmallIntegerField()
    probability = models.DecimalField(max_digits=5, decimal_places=4)
    stall_limit_days = models.PositiveSmallIntegerField(null=True, blank=True)
    guidance = models.CharField(max_length=1000, blank=True, default="")
    key_fields = ArrayField(models.CharField(max_length=50), size=5, default=list, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pipeline", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "code"], name="setpoint_code_once"),
            models.UniqueConstraint(
                fields=["pipeline", "rank"], condition=models.Q(retired_at=None), name="setpoint_rank_once"
            ),
            models.CheckConstraint(condition=models.Q(probability__range=(0, 1)), name="setpoint_probability"),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Stage(models.Model):
    """An optional sub-step on the way, mapped to exactly one setpoint; figures know setpoints only."""

    setpoint = models.ForeignKey(Setpoint, models.PROTECT, related_name="stages")
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["setpoint", "order", "id"]

    def __str__(self) -> str:
        return self.name


@audited()
class Criterion(models.Model):
    """One fact a deal needs to stand at its setpoint and at every one above; its wording is versioned."""

    setpoint = models.ForeignKey(Setpoint, models.PROTECT, related_name="criteria")
    code = models.SlugField(max_length=50)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["setpoint", "order"]
        constraints = [models.UniqueConstraint(fields=["setpoint", "code"], name="criterion_code_once")]

    def __str__(self) -> str:
        return self.code


class CriterionVersion(models.Model):
    """What a criterion said and how strict it was from a moment on. Append-only: all that may be added is its end.

    `check_code` names the built-in check of a field or record (`Fact`); empty for attested criteria.
    `deal_types` narrows it to deals of these types; empty means every type.
    """

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    ask = models.CharField(max_length=300, blank=True, default="")
    evidence = models.CharField(max_length=10, choices=[(kind, kind) for kind in Evidence])
    check_code = models.CharField(max_length=50, blank=True, default="")
    gate = models.CharField(max_length=10, default=Gate.WARN, choices=[(gate, gate) for gate in Gate])
    deal_types = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = append_only(
            may_change="OLD.valid_until IS NULL AND to_jsonb(OLD) - 'valid_until' = to_jsonb(NEW) - 'valid_until'"
        )
        constraints = [
            models.UniqueConstraint(fields=["criterion", "number"], name="criterion_version_once"),
            models.UniqueConstraint(
                fields=["criterion"], condition=models.Q(valid_until=None), name="criterion_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} v{self.number}"
