"""The first meeting of a lead, which makes it qualified (D-29)."""

from django.db.models import Q

from crm.enums import ActivityKind, ActivityOutcome
from scoring.models import LeadActivity

MEETINGS = (ActivityKind.MEETING, ActivityKind.DEMO)


def has_meeting(lead_id: int) -> bool:
    """Whether a meeting with the lead is scheduled or was held."""
    stands = Q(activity__outcome="") | Q(activity__outcome__in=[ActivityOutcome.HELD, ActivityOutcome.MOVED])
    links = LeadActivity.objects.filter(stands, lead_id=lead_id, activity__kind__in=MEETINGS)
    return links.filter(activity__archived_at=None).exists()
