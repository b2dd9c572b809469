"""What every record has in common."""

from django.db import models

from crm.lib.errors import StaleRecord


class Versioned(models.Model):
    """What several people may edit, and archive (D-9).

    `version` rises with every change a person, an API client or an import makes, never with what a
    job derives.
    """

    version = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def require_version(self, seen: int) -> None:
        """Refuse a change that was made against an older version.

        :raises StaleRecord: somebody changed the record since it was seen
        """
        if seen != self.version:
            raise StaleRecord(seen=seen, now=self.version)


class Record(Versioned):
    """A versioned record that is archived or merged, never deleted (D-4, D-9).

    `created_at` is when the record came to be in the business, `recorded_at` when we were told.
    """

    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
