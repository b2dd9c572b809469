"""Reasons an installation may extend (closed lists of decisions.md)."""

from django.db import models

from crm.enums import ReasonKind
from crm.lib.audit import audited


@audited()
class Reason(models.Model):
    """Why a deal closed as it did, or why sales sent a lead back."""

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in ReasonKind])
    code = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="reason_once")]
        ordering = ["kind", "order", "code"]

    def __str__(self) -> str:
        return self.name
