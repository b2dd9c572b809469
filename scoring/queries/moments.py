"""What leads did, and what was known of them, read in one streaming statement for any number of leads."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Case, F, OuterRef, QuerySet, When

from scoring.facts import ModelFacts, Moment
from scoring.models import VisitorIdentity
from scoring.policies.plan import get_plan

CHUNK = 5000
FEW = 20
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# A visitor's event belongs to whom the visitor was known to be then; what came before counts for the first (D-40).
MOMENTS = """
SELECT lead_id, at, key, type, event_id, url, details FROM (
    SELECT event.lead_id, event.occurred_at AS at, event.idempotency_key AS key, event.type, event.id AS event_id,
           COALESCE(event.properties->>'url', '') AS url, {properties} AS details
    FROM scoring_leadevent event
    WHERE event.lead_id = ANY(%(leads)s) AND event.recorded_at <= %(known_at)s AND event.not_counted = ''
    UNION ALL
    SELECT owner.lead_id, event.occurred_at, event.idempotency_key, event.type, event.id,
           COALESCE(event.properties->>'url', ''), {properties}
    FROM scoring_leadevent event
    JOIN LATERAL (
        SELECT identity.lead_id FROM scoring_visitoridentity identity
        WHERE identity.visitor_id = event.visitor_id AND identity.recorded_at <= %(known_at)s
        ORDER BY CASE WHEN identity.identified_at <= event.occurred_at THEN identity.identified_at END DESC NULLS LAST,
                 identity.identified_at, identity.lead_id
        LIMIT 1
    ) owner ON TRUE
    WHERE event.lead_id IS NULL AND event.recorded_at <= %(known_at)s AND owner.lead_id = ANY(%(leads)s)
      AND event.visitor_id IN (SELECT visitor_id FROM scoring_visitoridentity WHERE lead_id = ANY(%(leads)s))
      AND event.not_counted = ''
    UNION ALL
    SELECT link.lead_id, activity.occurred_at, 'activity:' || activity.id, '', 0, '', NULL
    FROM scoring_leadactivity link
    JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE link.lead_id = ANY(%(leads)s) AND activity.is_customer_action AND activity.done_at IS NOT NULL
      AND activity.archived_at IS NULL AND activity.recorded_at <= %(known_at)s
    {known}
) moment
ORDER BY lead_id, at
"""
KNOWN_THEN = """UNION ALL
    SELECT known.lead_id, known.valid_from, '=' || known.id, '=', known.id, '', known.known::text
    FROM scoring_leadknown known
    WHERE known.lead_id = ANY(%(leads)s) AND known.recorded_at <= %(known_at)s"""


def leads_of_visits() -> QuerySet[Any, Any]:
    """Return, for a query of events, whose each visit was: the lead the visitor was known to be then, or first was."""
    known_then = Case(When(identified_at__lte=OuterRef("occurred_at"), then="identified_at"))
    identities = VisitorIdentity.objects.filter(visitor=OuterRef("visitor")).annotate(known_then=known_then)
    latest = F("known_then").desc(nulls_last=True)
    return identities.order_by(latest, "identified_at", "lead_id").values("lead_id")[:1]


def stream_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> Iterator[tuple[int, list[Moment]]]:
    """Yield each lead with its moments, by lead; leads that did nothing are left out. Needs a transaction.

    Only what `model` asks for is read. `known_at` leaves out what had not been recorded by then. Moments may be plain
    tuples in `Moment`'s order.
    """
    # A cursor on the server saves memory and costs two trips more.
    with connection.chunked_cursor() if len(lead_ids) > FEW else connection.cursor() as cursor:
        cursor.execute(_statement(model), {"leads": list(lead_ids), "known_at": known_at or END_OF_TIME})
        for lead_id, group in groupby(_rows(cursor), key=itemgetter(0)):
            yield lead_id, [_moment(row) for row in group]


def get_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> dict[int, list[Moment]]:
    """Return the moments of a page's worth of leads; a lead that did nothing has none."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(model), {"leads": list(lead_ids), "known_at": known_at or END_OF_TIME})
        rows = cursor.fetchall()
    found: dict[int, list[Moment]] = {lead_id: [] for lead_id in lead_ids}
    for row in rows:
        found[row[0]].append(Moment(*_moment(row)))
    return found


@lru_cache(maxsize=32)
def _statement(model: ModelFacts) -> str:
    plan = get_plan(model)
    properties = "event.properties::text" if plan.reads_properties else "NULL"
    return MOMENTS.format(properties=properties, known=KNOWN_THEN if plan.reads_known else "")


def _moment(row: Any) -> Any:
    return row[1:] if row[6] is None else (*row[1:6], json.loads(row[6]))


def _rows(cursor: Any) -> Iterator[Any]:
    while rows := cursor.fetchmany(CHUNK):
        yield from rows
