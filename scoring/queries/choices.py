"""What forms let people choose from."""

from crm.enums import ReasonKind
from crm.models import Reason
from scoring.models import LeadEventType


def get_reject_reasons() -> list[tuple[str, str]]:
    """Return why a lead can be sent back, in the installation's order."""
    return list(Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED, retired_at=None).values_list("code", "name"))


def get_event_types() -> list[tuple[str, str]]:
    """Return what leads can do, by name."""
    return list(LeadEventType.objects.filter(retired_at=None).order_by("name").values_list("code", "name"))
