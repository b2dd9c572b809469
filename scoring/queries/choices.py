"""What forms let people choose from."""

from django.db.models import F

from crm.enums import ReasonKind
from crm.models import Reason, Source
from scoring.models import LeadEventType


def get_reject_reasons() -> list[tuple[str, str]]:
    """Return why a lead can be sent back, in the installation's order."""
    return list(Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED, retired_at=None).values_list("code", "name"))


def get_all_event_types() -> list[LeadEventType]:
    """Return every type of event, those taken no more last."""
    return list(LeadEventType.objects.order_by(F("retired_at").asc(nulls_first=True), "name"))


def get_event_types() -> list[tuple[str, str]]:
    """Return what leads can do, by name."""
    return list(LeadEventType.objects.filter(retired_at=None).order_by("name").values_list("code", "name"))


def get_source_names() -> dict[str, str]:
    """Return every source's name by its code."""
    return dict(Source.objects.order_by("name").values_list("code", "name"))


def get_event_names() -> list[tuple[str, str]]:
    """Return what every type of event is called, those taken no more too."""
    return list(LeadEventType.objects.values_list("code", "name"))
