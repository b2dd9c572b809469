"""What leads did, and what was known of them, read a row a lead."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, F, OuterRef, QuerySet, When

from scoring.facts import KNOWN, ModelFacts, Moment
from scoring.models import VisitorIdentity
from scoring.policies.past import Past, as_moments, get_codes, in_order, is_in_order, needs_keys, read_numbers
from scoring.policies.plan import get_plan

AT_ONCE = 5000  # leads a statement
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# A visitor's event belongs to whom the visitor was known to be then; what came before counts for the first (D-40).
# Instants leave the database as whole microseconds: dates by the million are what takes longest to read.
PASTS = """
SELECT lead_id, array_agg((date_part('epoch', at) * 1000000)::bigint)::text,
       array_agg(COALESCE(array_position(%(codes)s::text[], type), 1) - 1)::text, array_agg(event_id)::text, {keys},
       CASE WHEN count(url) > 0 THEN array_agg(url) END, CASE WHEN count(details) > 0 THEN array_agg(details) END
FROM (
    SELECT event.lead_id, event.occurred_at AS at, event.idempotency_key AS key, event.type, event.id AS event_id,
           {url} AS url, {details} AS details
    FROM scoring_leadevent event
    WHERE event.lead_id = ANY(%(leads)s) AND event.recorded_at <= %(known_at)s AND event.not_counted = ''
    UNION ALL
    SELECT owner.lead_id, event.occurred_at, event.idempotency_key, event.type, event.id, {url}, {details}
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
    SELECT link.lead_id, activity.occurred_at, 'activity:' || activity.id, '', 0, NULL, NULL
    FROM scoring_leadactivity link
    JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE link.lead_id = ANY(%(leads)s) AND activity.is_customer_action AND activity.done_at IS NOT NULL
      AND activity.archived_at IS NULL AND activity.recorded_at <= %(known_at)s
    {known}
) moment
GROUP BY lead_id
"""
# Only of events a rule is about.
URL = "CASE WHEN event.type = ANY(%(ruled)s::text[]) THEN NULLIF(event.properties->>'url', '') END"
DETAILS = "CASE WHEN event.type = ANY(%(ruled)s::text[]) THEN event.properties::text END"
KNOWN_THEN = f"""UNION ALL
    SELECT known.lead_id, known.valid_from, '=' || known.id, '{KNOWN}', known.id, NULL, known.known::text
    FROM scoring_leadknown known
    WHERE known.lead_id = ANY(%(leads)s) AND known.recorded_at <= %(known_at)s"""


def leads_of_visits() -> QuerySet[Any, Any]:
    """Return, for a query of events, whose each visit was: the lead the visitor was known to be then, or first was."""
    known_then = Case(When(identified_at__lte=OuterRef("occurred_at"), then="identified_at"))
    identities = VisitorIdentity.objects.filter(visitor=OuterRef("visitor")).annotate(known_then=known_then)
    latest = F("known_then").desc(nulls_last=True)
    return identities.order_by(latest, "identified_at", "lead_id").values("lead_id")[:1]


def stream_pasts(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> Iterator[tuple[int, Past]]:
    """Yield what each lead did, by time; leads that did nothing are left out.

    Only what `model` asks for is read. `known_at` leaves out what had not been recorded by then.
    """
    for number in range(0, len(lead_ids), AT_ONCE):
        tied = []
        for lead_id, past in _read(lead_ids[number : number + AT_ONCE], model, known_at, keys=False):
            if is_in_order(past):
                yield lead_id, past
            elif needs_keys(past):
                tied.append(lead_id)
            else:
                yield lead_id, in_order(past)
        for lead_id, past in _read(tied, model, known_at, keys=True):
            yield lead_id, in_order(past)


def stream_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> Iterator[tuple[int, list[Moment]]]:
    """Yield each lead with its moments by time, plain tuples in `Moment`'s order; see `stream_pasts`."""
    codes = get_codes(model)
    for lead_id, past in stream_pasts(lead_ids, model=model, known_at=known_at):
        yield lead_id, as_moments(past, codes)


def get_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> dict[int, list[Moment]]:
    """Return the moments of a page's worth of leads in one statement; a lead that did nothing has none."""
    found: dict[int, list[Moment]] = {lead_id: [] for lead_id in lead_ids}
    for lead_id, past in _read(lead_ids, model, known_at, keys=True):
        found[lead_id] = [Moment._make(row) for row in as_moments(in_order(past), get_codes(model))]
    return found


def _read(
    lead_ids: Sequence[int], model: ModelFacts, known_at: datetime | None, *, keys: bool
) -> Iterator[tuple[int, Past]]:
    if not lead_ids:
        return
    given = {
        "leads": list(lead_ids),
        "known_at": known_at or END_OF_TIME,
        "codes": list(get_codes(model)),
        "ruled": list(get_plan(model).by_type),
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, keys=keys), given)
        rows = cursor.fetchall()
    for lead_id, instants, codes, ids, *others in rows:
        yield lead_id, Past(read_numbers(instants), read_numbers(codes), ids, *others)


@lru_cache(maxsize=64)
def _statement(model: ModelFacts, *, keys: bool) -> str:
    plan = get_plan(model)
    return PASTS.format(
        keys="array_agg(key)" if keys else "NULL",
        url=URL,
        details=DETAILS if plan.reads_properties else "NULL",
        known=KNOWN_THEN if plan.reads_known else "",
    )
