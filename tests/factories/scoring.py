"""Dull leads: required fields, variants as traits. What happened to them is made by commands."""

from datetime import datetime

import factory
from factory.django import DjangoModelFactory

from scoring.facts import NewEvent
from scoring.models import Lead
from tests.factories.crm import LONG_AGO


class LeadFactory(DjangoModelFactory[Lead]):
    """A new lead nobody owns."""

    class Meta:
        model = Lead

    first_name = "Kertu"
    last_name = factory.Sequence(lambda n: f"Lead {n}")
    email = factory.Sequence(lambda n: f"lead{n}@viljandi-dairy.example")
    company = "Viljandi Dairy"
    job_title = "Plant manager"
    created_at = LONG_AGO
    recorded_at = LONG_AGO


def sent(lead: Lead | None, type: str, at: datetime, key: str = "", **given: object) -> NewEvent:
    """Return an event as it is sent in, by default for this lead."""
    whose: dict[str, object] = {"lead_id": lead.pk} if lead else {}
    return NewEvent(key or f"{type}:{at.isoformat()}:{lead and lead.pk}", type, at, **(whose | given))  # type: ignore[arg-type]
