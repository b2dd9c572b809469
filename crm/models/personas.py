"""Who takes part in buying, as a kind of person (LT-031 to LT-036)."""

from django.db import models

from crm.lib.audit import audited
from crm.lib.sql import Fold
from crm.models.base import Record

LONGEST = 2000


@audited()
class Persona(Record):
    """A kind of buyer: what they answer for, want, struggle with, read, and decide by. Archived where nobody uses it."""

    name = models.CharField(max_length=100)
    position = models.CharField(max_length=200, blank=True, default="")
    responsibilities = models.CharField(max_length=LONGEST, blank=True, default="")
    goals = models.CharField(max_length=LONGEST, blank=True, default="")
    challenges = models.CharField(max_length=LONGEST, blank=True, default="")
    channels = models.CharField(max_length=LONGEST, blank=True, default="")
    decision_criteria = models.CharField(max_length=LONGEST, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(Fold("name"), condition=models.Q(archived_at=None), name="persona_name_once")
        ]

    def __str__(self) -> str:
        return self.name
