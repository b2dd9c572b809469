"""Imports and what each row became (D-48)."""

from django.db import models

from crm.models.people import User


class ImportRun(models.Model):
    """One run of the importer."""

    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=300)
    file_digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportedRow(models.Model):
    """The hash of the last mapped row that made or changed a record: an equal row is unchanged."""

    kind = models.CharField(max_length=40)
    natural_id = models.CharField(max_length=300)
    digest = models.CharField(max_length=32)
    record_id = models.BigIntegerField()
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "natural_id"], name="imported_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.natural_id}"
