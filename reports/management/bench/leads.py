"""Leads and their events for benchmarks, a million and twenty where asked for, as time brought them."""

from datetime import datetime

from django.db import connection, transaction

from crm.exchange.run import import_rows
from crm.lib.bulk import analyse
from reports.management.bench import data
from reports.management.bench.filling import leave_triggers_out, multiply, without_indexes
from scoring.models import Lead, LeadEvent

DAYS = 100
# Of 200 events so many are each of these; most of what people do brings no points, and most leads never cross.
TYPES = """CASE WHEN die < 10 THEN 'pricing_page_viewed' WHEN die < 14 THEN 'whitepaper_downloaded'
    WHEN die < 17 THEN 'webinar_attended' WHEN die < 19 THEN 'demo_requested' WHEN die < 80 THEN 'email_opened'
    ELSE 'page_viewed' END"""
# In the order of time, as they came in: those of one lead lie far apart.
EVENTS = f"""
INSERT INTO scoring_leadevent (idempotency_key, lead_id, type, occurred_at, recorded_at, properties, via, not_counted)
SELECT 'e' || n, {{first}} + whose, {TYPES}, at, at,
    CASE WHEN die >= 80 THEN jsonb_build_object('url', '/p' || die) ELSE '{{{{}}}}' END, 'api', ''
FROM (
    SELECT n, floor(random() * %(leads)s)::bigint AS whose, floor(random() * 200)::int AS die,
        %(at)s - make_interval(secs => (%(events)s - n) * ({DAYS} * 86400.0 / %(events)s)) AS at
    FROM generate_series(1, %(events)s) n
) event
"""


def fill(leads: int, each: int, *, at: datetime) -> int:
    """Make leads with so many events each on average; return the first lead's id."""
    import_rows("users", list(data.users()), by=None, at=at)
    import_rows("leads", data.leads(1, at), by=None, at=at)
    lead = Lead.objects.get()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        leave_triggers_out(cursor, (Lead, LeadEvent))
        with without_indexes(cursor, Lead):
            multiply(cursor, Lead, lead.pk, leads - 1, {
                "id": f"{lead.pk} + n", "external_id": "'l' || n", "email": "'kim' || n || '@lead.example'",
                "last_name": "'Lead ' || n", "created_at": f"kept.created_at - make_interval(days => {DAYS})",
            })  # fmt: skip
        cursor.execute("SELECT setval(pg_get_serial_sequence('scoring_lead', 'id'), %s)", [lead.pk + leads])
        with without_indexes(cursor, LeadEvent):
            cursor.execute(EVENTS.format(first=lead.pk), {"leads": leads, "events": leads * each, "at": at})
    analyse(Lead, LeadEvent)
    return lead.pk


def add_events(lead_id: int, count: int, *, at: datetime) -> None:
    """Give one lead so many events more."""
    with transaction.atomic(), connection.cursor() as cursor:
        leave_triggers_out(cursor, (LeadEvent,))
        sql = EVENTS.format(first=lead_id).replace("'e' || n", "'x' || n")
        cursor.execute(sql, {"leads": 1, "events": count, "at": at})
