"""The weekly note to marketing and sales: numbers as they stood when the week ended (S-11)."""

from django.db import models

from crm.lib.audit import append_only


class WeeklyNote(models.Model):
    """What one week of leads came to, frozen; one row a week, named by its Monday."""

    week = models.DateField(unique=True)
    as_of = models.DateTimeField()
    made_at = models.DateTimeField()
    content = models.JSONField(default=dict)

    class Meta:
        triggers = append_only()
        ordering = ["-week"]

    def __str__(self) -> str:
        return str(self.week)
