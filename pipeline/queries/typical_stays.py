"""How long deals won stayed at each setpoint, by size and type (B3, B24)."""

from datetime import datetime
from typing import Any

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.facts import QUALIFIED_FROM
from pipeline.policies.signals import ENOUGH_WINS
from pipeline.queries.cycles import BAND
from pipeline.queries.deal_sql import AT_MOMENT, RATE, RATES
from pipeline.queries.signal_settings import get_signal_settings

# The days of all stays of a deal at a setpoint, as local dates tell them; what was skipped has none. Size is that at
# entry to 25%, as of open deals.
TYPICAL_STAYS = f"""
WITH {RATES},
won AS MATERIALIZED (
    SELECT id, deal_type, closed_at, amount, amount_currency FROM pipeline_opportunity
    WHERE outcome = '{Outcome.WON}' AND NOT backfilled AND archived_at IS NULL AND merged_into_id IS NULL
),
void AS MATERIALIZED (
    SELECT opportunity_id, (detail->>'voids')::int AS seq FROM pipeline_opportunityevent
    WHERE kind = '{EventKind.MOVE_VOIDED}'
),
move AS MATERIALIZED (
    SELECT event.opportunity_id, (event.new->>'setpoint')::bigint AS setpoint_id, event.occurred_at,
        lead(event.occurred_at) OVER (PARTITION BY event.opportunity_id ORDER BY event.occurred_at, event.seq) AS next_at
    FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.SETPOINT}' AND event.opportunity_id IN (SELECT id FROM won)
      AND (event.opportunity_id, event.seq) NOT IN (SELECT opportunity_id, seq FROM void)
),
entry AS (
    SELECT move.opportunity_id, min(move.occurred_at) AS qualified_at
    FROM move JOIN pipeline_setpoint setpoint
        ON setpoint.id = move.setpoint_id AND setpoint.probability >= {QUALIFIED_FROM}
    GROUP BY move.opportunity_id
),
worth AS (
    SELECT won.id, won.deal_type, won.amount, won.amount_currency,
        CASE WHEN entry.qualified_at IS NOT NULL
            THEN ({AT_MOMENT.format(deal="won.id", moment="entry.qualified_at", kind=EventKind.AMOUNT)}) END AS worth
    FROM won LEFT JOIN entry ON entry.opportunity_id = won.id
),
deal AS (
    SELECT worth.id, worth.deal_type,
        CASE WHEN worth.worth IS NULL THEN worth.amount ELSE (worth.worth->>'amount')::numeric END
        * CASE WHEN coalesce(worth.worth->>'currency', worth.amount_currency) = %(report)s THEN 1 ELSE plan.rate END AS value
    FROM worth
    {RATE.format(kind="plan", currency="coalesce(worth.worth->>'currency', worth.amount_currency)", day="%(today)s")}
),
stay AS (
    SELECT move.opportunity_id, move.setpoint_id,
        sum((greatest(coalesce(move.next_at, won.closed_at), move.occurred_at) AT TIME ZONE %(zone)s)::date
            - (move.occurred_at AT TIME ZONE %(zone)s)::date) AS days
    FROM move JOIN won ON won.id = move.opportunity_id
    GROUP BY move.opportunity_id, move.setpoint_id
)
INSERT INTO pipeline_typicalstay (setpoint_id, band, deal_type, days, wins)
SELECT stay.setpoint_id, {BAND}, deal.deal_type, percentile_cont(0.75) WITHIN GROUP (ORDER BY stay.days), count(*)
FROM stay JOIN deal ON deal.id = stay.opportunity_id
GROUP BY 1, 2, 3
HAVING count(*) >= {ENOUGH_WINS}
"""


def typical_parameters(at: datetime) -> dict[str, Any]:
    """Return what TYPICAL_STAYS asks for."""
    moment = get_signal_settings(at).moment
    return {"known_at": at, **moment.parameters()}
