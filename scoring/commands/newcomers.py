"""Leads and visitors that events bring with them (D-40, D-51)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from crm.commands.sources import ensure_sources
from crm.models import Source, User
from crm.policies.contact_details import normal_text
from scoring.commands.statuses import record_statuses
from scoring.enums import LeadStatus
from scoring.facts import NewEvent
from scoring.models import Lead, Visitor, VisitorIdentity
from scoring.queries.leads import find_by_email

API_SOURCE = "api"
LONGEST_SOURCE = 100


def make_leads(*, events: Mapping[str, NewEvent], by: User | None, at: datetime) -> dict[str, int]:
    """Make a lead for each unknown e-mail from the first event that named it; return ids by e-mail.

    Whoever makes the same one in this moment is waited for, and theirs is returned.
    """
    if not events:
        return {}
    taken = set(Lead.objects.filter(email__in=events).values_list("email", flat=True))
    names = {email: _source_name(event) for email, event in events.items() if email not in taken}
    source_ids = ensure_sources(wanted=dict.fromkeys(names.values()))
    channels = dict(Source.objects.filter(pk__in=source_ids.values()).values_list("pk", "channel"))
    rows = [
        Lead(
            email=email,
            source_id=(source_id := source_ids[names[email]]),
            channel=channels[source_id],
            created_at=min(event.occurred_at or at, at),
            recorded_at=at,
        )
        for email, event in sorted(events.items())
        if email not in taken
    ]
    Lead.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(Lead.objects.filter(email__in=set(events) - taken, recorded_at=at))
    record_statuses(changes=[(lead, "", LeadStatus.NEW) for lead in made], by=by, at=at)
    return find_by_email(events)


def make_visitors(*, first_seen: Mapping[str, datetime]) -> dict[str, int]:
    """Return the ids of visitors by their keys, locked; new ones are made.

    Who tells us in this moment that one of them is a lead waits or is waited for: one of the two scores the visit.
    """
    known = _visitor_ids(first_seen)
    if missing := sorted(set(first_seen) - set(known)):
        Visitor.objects.bulk_create(
            [Visitor(key=key, first_seen_at=first_seen[key]) for key in missing], ignore_conflicts=True
        )
        known |= _visitor_ids(missing)
    locked = Visitor.objects.filter(pk__in=known.values()).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk", flat=True))
    return known


def identify_visitors(*, identities: Mapping[tuple[int, int], datetime], at: datetime) -> None:
    """Note that visitors are leads from a moment on; what is known already stays as it is."""
    VisitorIdentity.objects.bulk_create(
        [
            VisitorIdentity(visitor_id=visitor_id, lead_id=lead_id, identified_at=moment, recorded_at=at)
            for (visitor_id, lead_id), moment in sorted(identities.items())
        ],
        ignore_conflicts=True,
    )


def _visitor_ids(keys: Collection[str]) -> dict[str, int]:
    return dict(Visitor.objects.filter(key__in=keys).values_list("key", "pk"))


def _source_name(event: NewEvent) -> str:
    given = event.properties.get("source")
    return (normal_text(given)[:LONGEST_SOURCE] if isinstance(given, str) else "") or API_SOURCE
