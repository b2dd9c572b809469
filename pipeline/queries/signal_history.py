"""What happened to deals as far as signals ask, in one reading of their events (B10, B24).

Parts of the statement of signal_facts.py, which names the `deal` and the `place` they stand on. Events of one moment
count in the order they were recorded.
"""

from pipeline.events import EventKind
from pipeline.facts import QUALIFIED_FROM

TOLD = ", ".join(
    f"'{kind}'"
    for kind in (
        EventKind.SETPOINT, EventKind.EXPECTED_CLOSE_ON, EventKind.AMOUNT, EventKind.NEXT_STEP, EventKind.QUALIFICATION,
        EventKind.EVIDENCE, EventKind.PAUSE,
    )
)  # fmt: skip

# A close date moved while the deal was closed is no push (B10).
PUSHED = f"""told.kind = '{EventKind.EXPECTED_CLOSE_ON}' AND told.word > told.word_before
            AND (told.opportunity_id NOT IN (SELECT opportunity_id FROM ending) OR (
                SELECT ending.kind FROM ending WHERE ending.opportunity_id = told.opportunity_id
                  AND (ending.occurred_at, ending.seq) < (told.occurred_at, told.seq)
                ORDER BY ending.occurred_at DESC, ending.seq DESC LIMIT 1) IS DISTINCT FROM '{EventKind.CLOSED}')"""

# Each event beside the one of its kind before it; a voided move never was (D-22). `word` is the day or the amount an event
# names, an amount only in the deal's present currency; `counts` tells of a step kept, of evidence, of something learnt.
HISTORY = f"""
void AS MATERIALIZED (
    SELECT event.opportunity_id, (event.detail->>'voids')::int AS seq FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.MOVE_VOIDED}' AND event.opportunity_id {{only}}
),
ending AS MATERIALIZED (
    SELECT event.opportunity_id, event.kind, event.occurred_at, event.seq FROM pipeline_opportunityevent event
    WHERE event.opportunity_id {{only}} AND event.opportunity_id IN (SELECT id FROM deal)
      AND (event.kind = '{EventKind.CLOSED}'
           OR (event.kind = '{EventKind.REOPENED}' AND (event.detail->>'voids_outcome')::boolean))
),
told AS MATERIALIZED (
    SELECT event.opportunity_id, event.kind, event.occurred_at, event.seq, event.rank, event.probability, event.word,
        event.counts, lag(event.rank) OVER before AS rank_before, lag(event.word) OVER before AS word_before,
        lag(event.occurred_at) OVER before AS since
    FROM (
        SELECT event.opportunity_id, event.kind, event.occurred_at, event.seq, place.rank, place.probability,
            CASE event.kind WHEN '{EventKind.EXPECTED_CLOSE_ON}' THEN event.new->>'on'
                WHEN '{EventKind.PAUSE}' THEN event.new->>'until'
                WHEN '{EventKind.AMOUNT}' THEN
                    CASE event.new->>'currency' WHEN deal.amount_currency THEN event.new->>'amount' END
                END AS word,
            CASE event.kind
                WHEN '{EventKind.NEXT_STEP}' THEN event.new->>'done' = 'true' AND coalesce(event.old->>'done', 'false') = 'false'
                WHEN '{EventKind.EVIDENCE}' THEN event.new IS NOT NULL
                WHEN '{EventKind.QUALIFICATION}' THEN (event.new->>'level')::int > coalesce((event.old->>'level')::int, 0)
                END AS counts
        FROM deal JOIN pipeline_opportunityevent event ON event.opportunity_id = deal.id
        LEFT JOIN place
            ON place.id = CASE event.kind WHEN '{EventKind.SETPOINT}' THEN (event.new->>'setpoint')::bigint END
        WHERE event.kind IN ({TOLD}) AND event.opportunity_id {{only}} AND event.occurred_at <= %(at)s
          AND NOT (event.kind = '{EventKind.SETPOINT}'
                   AND (event.opportunity_id, event.seq) IN (SELECT opportunity_id, seq FROM void))
    ) event
    WINDOW before AS (PARTITION BY event.opportunity_id, event.kind ORDER BY event.occurred_at, event.seq)
),
history AS MATERIALIZED (
    SELECT told.opportunity_id,
        count(*) FILTER (WHERE told.kind = '{EventKind.SETPOINT}') AS stays,
        max(told.occurred_at) FILTER (WHERE told.kind = '{EventKind.SETPOINT}') AS moved_at,
        min(told.occurred_at) FILTER (WHERE told.probability >= {QUALIFIED_FROM}) AS qualified_at,
        max(told.occurred_at) FILTER (WHERE told.kind = '{EventKind.NEXT_STEP}' AND told.counts) AS kept_at,
        max(told.occurred_at) FILTER (WHERE told.rank > told.rank_before
            OR (told.kind <> '{EventKind.NEXT_STEP}' AND told.counts)) AS progressed_at,
        count(*) FILTER (WHERE {PUSHED}) AS pushes,
        max(told.occurred_at) FILTER (WHERE {PUSHED}) AS pushed_at,
        count(*) FILTER (WHERE told.kind = '{EventKind.AMOUNT}') > 1 AS repriced,
        max(told.word_before::numeric) FILTER (WHERE told.kind = '{EventKind.AMOUNT}'
            AND told.occurred_at >= %(window)s AND told.occurred_at - told.since >= interval '1 day') AS amount_before
    FROM told
    GROUP BY told.opportunity_id
),
pause AS MATERIALIZED (
    SELECT opportunity_id,
        array_agg((occurred_at AT TIME ZONE %(zone)s)::date ORDER BY occurred_at, seq) AS paused_from,
        array_agg(least(word::date, (next_at AT TIME ZONE %(zone)s)::date) ORDER BY occurred_at, seq) AS paused_until
    FROM (
        SELECT *, lead(occurred_at) OVER (PARTITION BY opportunity_id ORDER BY occurred_at, seq) AS next_at
        FROM told WHERE kind = '{EventKind.PAUSE}'
    ) waited
    WHERE word IS NOT NULL
    GROUP BY opportunity_id
)"""
