"""The pipeline as of any moment, folded from events in one statement (P-6, D-21, D-22).

`as_of` is what was true then, `known_at` what had been recorded by then. A voided move does not
count once its voiding is among the events looked at. It is a piece of SQL with its parameters, to stand in
a `WITH` or a `FROM`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

# One row a deal that existed: what each fact was. Archived and merged deals are left out.
STATE_COLUMNS = (
    "opportunity_id", "account_id", "created_at", "pipeline_id", "setpoint_id", "rank", "setpoint_entered_at",
    "owner_id", "amount", "currency", "deal_type", "category", "approach", "expected_close_on", "decision_on",
    "source_id", "outcome", "closed_at", "closed_on", "close_reason", "competitor_id", "backfilled", "cycle_no",
)  # fmt: skip

# The moves that had been taken back; looked up in a hash, since a history has many moves and few of these.
KNOWN = """
SELECT event.opportunity_id, event.seq, event.kind, event.occurred_at, event.old, event.new, event.detail
FROM pipeline_opportunityevent event
WHERE event.occurred_at <= %(as_of)s AND event.recorded_at <= %(known_at)s
  AND NOT (event.kind = 'setpoint' AND (event.opportunity_id, event.seq) IN (
    SELECT void.opportunity_id, (void.detail->>'voids')::int FROM pipeline_opportunityevent void
    WHERE void.kind = 'move_voided' AND void.occurred_at <= %(as_of)s AND void.recorded_at <= %(known_at)s))
"""

# The last value of a kind: events of one moment count in the order they were recorded.
LAST = "(array_agg({value} ORDER BY occurred_at DESC, seq DESC) FILTER (WHERE {where}))[1]"


def _last(kind: str, value: str = "new") -> str:
    return LAST.format(value=value, where=f"kind = '{kind}'")


FOLD = f"""
SELECT opportunity_id,
    min(occurred_at) FILTER (WHERE kind = 'created') AS created_at,
    {_last("pipeline")} AS pipeline,
    {_last("setpoint")} AS setpoint,
    {_last("setpoint", "occurred_at")} AS setpoint_entered_at,
    {_last("owner")} AS owner,
    {_last("amount")} AS amount,
    {_last("deal_type")} AS deal_type,
    {_last("category")} AS category,
    {_last("approach")} AS approach,
    {_last("expected_close_on")} AS close_on,
    {
    LAST.format(value="new", where="kind = 'evidence' AND coalesce(new, old)->>'code' = 'decision_date_known'")
} AS decision,
    {
    LAST.format(
        value="CASE WHEN kind = 'closed' THEN new || jsonb_build_object('at', occurred_at) || detail END",
        where="kind = 'closed' OR (kind = 'reopened' AND (detail->>'voids_outcome')::boolean)",
    )
} AS closing
FROM known
GROUP BY opportunity_id
HAVING bool_or(kind = 'created') AND NOT bool_or(kind IN ('archived', 'merged'))
"""

STATE = """
SELECT fold.opportunity_id, deal.account_id, fold.created_at,
    (fold.pipeline->>'pipeline')::bigint AS pipeline_id,
    setpoint.id AS setpoint_id, setpoint.rank, fold.setpoint_entered_at,
    (fold.owner->>'owner')::bigint AS owner_id,
    (fold.amount->>'amount')::numeric AS amount, coalesce(fold.amount->>'currency', '') AS currency,
    coalesce(fold.deal_type->>'deal_type', '') AS deal_type,
    coalesce(fold.category->>'category', '') AS category,
    coalesce(fold.approach->>'approach', '') AS approach,
    (fold.close_on->>'on')::date AS expected_close_on,
    (fold.decision->>'on')::date AS decision_on,
    deal.source_id,
    coalesce(fold.closing->>'outcome', '') AS outcome,
    (fold.closing->>'at')::timestamptz AS closed_at,
    (fold.closing->>'on')::date AS closed_on,
    coalesce(fold.closing->>'reason', '') AS close_reason,
    (fold.closing->>'competitor')::bigint AS competitor_id,
    coalesce((fold.closing->>'backfilled')::boolean, false) AS backfilled,
    deal.cycle_no
FROM ({fold}) fold
JOIN pipeline_opportunity deal ON deal.id = fold.opportunity_id
LEFT JOIN pipeline_setpoint setpoint ON setpoint.id = (fold.setpoint->>'setpoint')::bigint
"""


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT and the parameters it needs, named so that they can be merged with others."""

    sql: str
    params: dict[str, Any]


def opportunity_state(*, as_of: datetime, known_at: datetime, only: str = "true") -> Query:
    """Return the query of one row a deal that existed at `as_of`, with STATE_COLUMNS; `only` narrows the events."""
    sql = STATE.replace("{fold}", FOLD.replace("FROM known\n", f"FROM ({KNOWN} AND {only}) known\n"))
    return Query(sql, {"as_of": as_of, "known_at": known_at})


def fetch(query: Query, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Run a query of this module as it stands; figures embed it in an aggregate instead."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM ({query.sql}) asked", query.params)  # our columns
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
