"""Who entered a setpoint and what became of them (B1)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.figures.conversion import StepFacts
from pipeline.queries.deal_sql import (
    ACCOUNT,
    AT_MOMENT,
    CAMPAIGN,
    CONTENT,
    MEMBER,
    PIPELINE,
    RATE,
    RATES,
    SOURCE,
    Dimension,
    Scope,
    conditions,
    owner_at,
    state,
)
from pipeline.queries.figures import fetch
from pipeline.queries.state import KNOWN

# Only deals that moved or closed in the period can have entered anything in it.
STIRRED = f"""
SELECT opportunity_id FROM pipeline_opportunityevent
WHERE kind IN ('{EventKind.SETPOINT}', '{EventKind.CLOSED}') AND occurred_at >= %(start)s AND occurred_at < %(end)s
"""
# LEFT JOIN, though no setpoint is ever missing: the planner cannot know how few there are and takes loops otherwise.
MOVES = f"""
step_taken AS (
    SELECT e.opportunity_id, e.seq, e.occurred_at, setpoint.id AS setpoint_id, setpoint.rank,
           max(setpoint.rank) OVER (way ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached,
           setpoint.rank < lag(setpoint.rank) OVER way AS is_back, lead(e.seq) OVER way IS NULL AS is_last
    FROM ({KNOWN}) e LEFT JOIN pipeline_setpoint setpoint ON setpoint.id = (e.new->>'setpoint')::bigint
    WHERE e.kind = '{EventKind.SETPOINT}' AND e.opportunity_id IN ({STIRRED})
    WINDOW way AS (PARTITION BY e.opportunity_id ORDER BY e.occurred_at, e.seq)
),
moved AS (
    SELECT *, max(rank) OVER deal AS top_rank, array_agg(setpoint_id) OVER deal AS stood_at,
           count(*) FILTER (WHERE is_back) OVER deal AS regressions
    FROM step_taken WINDOW deal AS (PARTITION BY opportunity_id)
)"""
# A move enters every setpoint above the highest rank so far, up to its own; the first enters its own alone. A win passes
# whatever had not been reached (B0).
ENTERS = f"""
(step.rank > coalesce(moved.reached, moved.rank - 1) AND step.rank <= moved.rank
 AND moved.occurred_at >= %(start)s AND moved.occurred_at < %(end)s)
OR (moved.is_last AND step.rank > moved.top_rank AND standing.outcome = '{Outcome.WON}'
    AND standing.closed_at >= %(start)s AND standing.closed_at < %(end)s)
"""

# Who entered what, when, and what became of it.
ENTRIES = f"""
entry AS (
    SELECT o.id, o.owner_id, o.source_id, o.campaign_id, o.account_id, coalesce(standing.deal_type, o.deal_type) AS deal_type,
           step.pipeline_id, step.id AS step_id, step.code AS step_code, moved.regressions,
           step.id <> ALL (moved.stood_at) AS imputed,
           CASE WHEN step.rank > moved.top_rank THEN standing.closed_at ELSE moved.occurred_at END AS entered_at,
           CASE WHEN standing.id IS NULL THEN 'archived' WHEN o.backfilled THEN 'backfilled'
                WHEN standing.outcome = '{Outcome.WON}' OR moved.top_rank > step.rank THEN 'progressed'
                WHEN standing.outcome <> '' THEN 'lost' ELSE 'open' END AS fate
    FROM moved
    JOIN pipeline_opportunity o ON o.id = moved.opportunity_id
    LEFT JOIN state standing ON standing.id = moved.opportunity_id
    JOIN pipeline_setpoint step ON step.pipeline_id = coalesce(standing.pipeline_id, o.pipeline_id)
         AND step.retired_at IS NULL AND ({ENTERS})
)"""

# What `--by` means for an entry: owner, team, setpoint and month as they were then, all else as the deal
# stood at `as_of`.
ENTRY_DIMENSIONS = {
    "": Dimension("''"),
    "owner": Dimension("coalesce(cohort.holder_id::text, '')"),
    "team": Dimension("coalesce(member.team_id::text, '')"),
    "setpoint": Dimension("cohort.step_code"),
    "month": Dimension("to_char(cohort.entered_on, 'YYYY-MM')"),
    "pipeline": Dimension("pipeline.code", PIPELINE.format(t="cohort")),
    "deal_type": Dimension("cohort.deal_type"),
    "source": Dimension("coalesce(source.code, '')", SOURCE.format(t="cohort")),
    "campaign": Dimension("coalesce(campaign.code, '')", CAMPAIGN.format(t="cohort")),
    "content_type": Dimension(CONTENT, f"{SOURCE} {CAMPAIGN}".format(t="cohort")),
    "industry": Dimension("account.industry", ACCOUNT.format(t="cohort")),
}


def get_steps(scope: Scope) -> dict[tuple[str, int], StepFacts]:
    """Return the cohorts that entered each setpoint in the period, by group and setpoint id (B1).

    Credited to who owned the deal when it entered, and the team they were in that day. Archived deals left the
    cohort and are listed. The amount is that of entry, so that later discounts do not leak in.
    """
    group = ENTRY_DIMENSIONS[scope.by]
    holder = owner_at("entry.id", "entry.entered_at", "entry.owner_id") if scope.credits_people else "entry.owner_id"
    member = MEMBER.format(user="cohort.holder_id", day="cohort.entered_on") if scope.credits_teams else ""
    worth = AT_MOMENT.format(deal="entry.id", moment="entry.entered_at", kind=EventKind.AMOUNT)
    # Materialised where an expression is used again and again: otherwise each use looks it up anew.
    sql = f"""
    WITH {RATES}, {state(scope)}, {MOVES}, {ENTRIES},
    cohort AS MATERIALIZED (
        SELECT entry.*, entry.owner_id AS current_owner_id, {holder} AS holder_id,
               (entry.entered_at AT TIME ZONE %(zone)s)::date AS entered_on,
               CASE WHEN entry.fate IN ('progressed', 'lost') THEN ({worth}) END AS worth
        FROM entry
    )
    SELECT {group.value}, cohort.step_id, cohort.fate, array_agg(cohort.id),
           count(*) FILTER (WHERE cohort.imputed), coalesce(sum(cohort.regressions), 0)::int,
           coalesce(sum((cohort.worth->>'amount')::numeric
                        * CASE WHEN cohort.worth->>'currency' = %(report)s THEN 1 ELSE plan.rate END), 0)
    FROM cohort {group.join} {member}
    {RATE.format(kind="plan", currency="cohort.worth->>'currency'", day="%(today)s")}
    WHERE {conditions(scope, deal="cohort", owner="cohort.holder_id")}
    GROUP BY 1, 2, 3
    """
    return _steps(fetch(sql, scope))


def _steps(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, int], StepFacts]:
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for name, step_id, fate, ids, imputed, regressed, amount in rows:
        facts = found[name, step_id]
        facts[fate] = tuple(sorted(ids))
        if fate in ("progressed", "lost"):
            facts[f"{fate}_amount"] = amount
        if fate in ("progressed", "lost", "open"):
            facts["imputed"] += imputed
            facts["regressed"] += regressed
    return {key: StepFacts(**facts) for key, facts in found.items()}
