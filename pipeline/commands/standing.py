"""How far the facts of deals carry them: the evidenced setpoint, derived in one statement (P-4, D-9, D-16)."""

from collections.abc import Collection

from django.db import connection

from pipeline.queries.proofs import PROOFS, REQUIRED

# The lowest setpoint that lacks a fact is the first a deal cannot stand at. Only what differs is written. The proofs of a
# deal are gathered in one row: a join to each of them is planned as a loop where a fresh import left no statistics.
REFRESH = """
WITH asked AS MATERIALIZED (
    SELECT id, pipeline_id, deal_type FROM pipeline_opportunity
    WHERE outcome = '' AND archived_at IS NULL AND merged_into_id IS NULL AND {{which}}
),
met AS MATERIALIZED (
    SELECT opportunity_id, array_agg(code) AS codes FROM ({proofs}) proof GROUP BY opportunity_id
),
required AS MATERIALIZED ({required}),
lacking AS (
    SELECT asked.id, min(required.rank) AS rank
    FROM asked LEFT JOIN met ON met.opportunity_id = asked.id
    JOIN required
        ON required.pipeline_id = asked.pipeline_id
        AND (required.deal_types = '{{{{}}}}' OR asked.deal_type = ANY(required.deal_types))
    WHERE required.code <> ALL(coalesce(met.codes, '{{{{}}}}'))
    GROUP BY asked.id
),
standing AS (
    SELECT asked.id, (
        SELECT setpoint.id FROM pipeline_setpoint setpoint
        WHERE setpoint.pipeline_id = asked.pipeline_id AND setpoint.retired_at IS NULL
            AND (lacking.rank IS NULL OR setpoint.rank < lacking.rank)
        ORDER BY setpoint.rank DESC LIMIT 1
    ) AS setpoint_id
    FROM asked LEFT JOIN lacking ON lacking.id = asked.id
)
UPDATE pipeline_opportunity deal SET evidenced_setpoint_id = standing.setpoint_id
FROM standing
WHERE deal.id = standing.id AND deal.evidenced_setpoint_id IS DISTINCT FROM standing.setpoint_id
""".format(proofs=PROOFS.format(deals="{deals}"), required=REQUIRED)


def refresh_standing(opportunity_ids: Collection[int] | None) -> int:
    """Store the highest setpoint whose criteria, and those below it, open deals meet; None means all of them.

    Return how many changed. A deal that ended keeps what it had: its steps were dropped, its facts were not.
    """
    which, deals = "true", "SELECT id FROM asked"
    if opportunity_ids is not None:
        # A list tells the planner how many there are, also where a fresh import left no statistics.
        which, deals = "id = ANY(%(ids)s)", "SELECT unnest(%(ids)s::bigint[])"
    with connection.cursor() as cursor:
        cursor.execute(REFRESH.format(which=which, deals=deals), {"ids": list(opportunity_ids or ())})
        return int(cursor.rowcount)
