"""What a company strives for and what befalls it (TR-037, TR-038, TR-045)."""

from django.db import models
from django.db.models import Q

from crm.enums import Burner, InsightKind
from crm.lib.audit import audited
from crm.models.accounts import Account
from crm.models.base import Record
from crm.models.contacts import Contact
from crm.models.people import User


@audited()
class AccountInsight(Record):
    """One thing worth knowing before a call. Archived when it is no longer so.

    A goal says how much it matters now, nothing else does. An event says when it took place, a change when it comes.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="insights")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in InsightKind])
    text = models.CharField(max_length=500)
    on = models.DateField(null=True, blank=True)
    burner = models.CharField(max_length=10, blank=True, default="", choices=[(burner, burner) for burner in Burner])
    told_by = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=InsightKind.GOAL, burner__in=list(Burner))
                | (~Q(kind=InsightKind.GOAL) & Q(burner="")),
                name="insight_goal_has_burner",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[InsightKind.EVENT, InsightKind.CHANGE]) | Q(on__isnull=False),
                name="insight_event_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text
