"""What a customer said of themselves when we met (LT-050, FI-011)."""

from django.db import models

from crm.lib.audit import audited
from crm.models import Activity, User
from crm.models.base import Record
from pipeline.models.opportunities import Opportunity

LONGEST = 4000


@audited()
class MeetingRecord(Record):
    """What was learned at a meeting of a deal: where they stand, what makes it hard, where they want to be."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="meeting_records")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="meeting_records")
    present_state = models.CharField(max_length=LONGEST, blank=True, default="")
    challenges = models.CharField(max_length=LONGEST, blank=True, default="")
    goals = models.CharField(max_length=LONGEST, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "activity"], name="meeting_record_once")]

    def __str__(self) -> str:
        return f"{self.opportunity}: {self.activity}"
