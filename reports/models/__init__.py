"""Reports that were built: the only rows this app writes."""

from reports.models.qbrs import QbrAction, QbrPart, QbrRun
from reports.models.weekly import WeeklyNote

__all__ = ["QbrAction", "QbrPart", "QbrRun", "WeeklyNote"]
