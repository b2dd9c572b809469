"""What forms let people choose from."""

from collections import Counter
from typing import Any

from django.db.models import CharField, Expression, F, Model, QuerySet, Value
from django.db.models.functions import Cast

from crm.enums import ReasonKind
from crm.models import Account, Campaign, Contact, Persona, Reason, Source
from scoring.models import Lead, LeadEventType


def get_reject_reasons() -> list[tuple[str, str]]:
    """Return why a lead can be sent back, in the installation's order."""
    return list(Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED, retired_at=None).values_list("code", "name"))


def get_all_event_types() -> list[LeadEventType]:
    """Return every type of event, those taken no more last."""
    return list(LeadEventType.objects.order_by(F("retired_at").asc(nulls_first=True), "name"))


def get_event_types() -> list[tuple[str, str]]:
    """Return what leads can do, by name."""
    return list(LeadEventType.objects.filter(retired_at=None).order_by("name").values_list("code", "name"))


def get_coded_names() -> dict[str, dict[str, str]]:
    """Return what is called how in the fields of rules that name one of our records, by its code or id, in one query."""
    personas = Persona.objects.filter(archived_at=None)
    rows = _named("lead.source", Source.objects.all(), F("code")).union(
        _named("lead.campaign", Campaign.objects.all(), F("code")),
        _named("contact.persona", personas, Cast("pk", CharField())),
        all=True,
    )
    found: dict[str, dict[str, str]] = {"lead.source": {}, "lead.campaign": {}, "contact.persona": {}}
    for field, code, name in sorted(rows, key=lambda row: str(row[2]).casefold()):
        found[field][code] = name
    return found


def _named(field: str, records: QuerySet[Any], code: Expression | F) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = records.order_by().values_list(Value(field), code, "name")
    return rows


def get_event_names() -> list[tuple[str, str]]:
    """Return what every type of event is called, those taken no more too."""
    return list(LeadEventType.objects.values_list("code", "name"))


# Fields of rules that hold what people or files wrote, by whose they are.
WRITTEN: dict[str, tuple[type[Model], frozenset[str]]] = {
    "lead": (Lead, frozenset({"industry", "country", "job_title", "company", "technologies"})),
    "account": (Account, frozenset({"industry", "country", "city", "growth_stage", "technologies"})),
    "contact": (Contact, frozenset({"job_title", "department", "country", "language"})),
}
LATEST, OFFERED = 3_000, 40


def get_known_values(field: str) -> list[str]:
    """Return what the latest records say most often in a field of rules, to choose from; of numbers nothing."""
    whose, _, name = field.partition(".")
    if whose not in WRITTEN or name not in WRITTEN[whose][1]:
        return []
    latest = WRITTEN[whose][0]._default_manager.order_by("-pk").values_list(name, flat=True)[:LATEST]
    known: Counter[str] = Counter()
    for value in latest:
        known.update(value if isinstance(value, list) else [value])
    return [text for text, _ in known.most_common(OFFERED) if text]
