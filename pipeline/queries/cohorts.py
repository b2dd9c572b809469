"""Cohort queries: who entered a setpoint and what became of them (B1), how long a sale took (B3)."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

from crm.enums import ActivityKind, ActivityOutcome
from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.figures.conversion import StepFacts
from pipeline.figures.cycle import Course, size_band
from pipeline.figures.survival import CENSORED, Spell
from pipeline.queries.deal_sql import MEMBER, OWNER_AT, RATE, Scope, conditions, deals, dimension
from pipeline.queries.figures import MOVED, fetch

# The amount as it was when the setpoint was entered, at plan rates: later discounts do not leak in (B1).
AMOUNT_AT = f"""
SELECT (e.new->>'amount')::numeric AS amount, e.new->>'currency' AS currency FROM pipeline_opportunityevent e
WHERE e.opportunity_id = {{deal}} AND e.kind = '{EventKind.AMOUNT}'
  AND e.occurred_at <= {{moment}} AND e.recorded_at <= %(known_at)s
ORDER BY e.occurred_at DESC, e.seq DESC LIMIT 1
"""

# Reached k: the highest rank of the cycle is at least k, a win passes all; never below the rank of entry (B0).
ENTRIES = f"""
reach AS (
    SELECT opportunity_id, (array_agg(rank ORDER BY occurred_at, seq))[1] AS first_rank, max(rank) AS top_rank,
           count(*) FILTER (WHERE rank < from_rank) AS regressions
    FROM moved GROUP BY opportunity_id
),
entry AS (
    SELECT reach.opportunity_id, step.id AS step_id, step.code AS step_code, reach.regressions,
           CASE WHEN standing.id IS NULL THEN 'archived' WHEN o.backfilled THEN 'backfilled'
                WHEN standing.outcome = '{Outcome.WON}' OR reach.top_rank > step.rank THEN 'progressed'
                WHEN standing.outcome <> '' THEN 'lost' ELSE 'open' END AS fate,
           coalesce(min(moved.occurred_at) FILTER (WHERE moved.rank >= step.rank), standing.closed_at) AS entered_at,
           NOT bool_or(moved.setpoint_id = step.id) AS imputed
    FROM reach
    JOIN pipeline_opportunity o ON o.id = reach.opportunity_id
    LEFT JOIN standing ON standing.id = o.id
    JOIN pipeline_setpoint step ON step.pipeline_id = o.pipeline_id AND step.retired_at IS NULL
         AND step.rank >= reach.first_rank AND (step.rank <= reach.top_rank OR standing.outcome = %(won)s)
    JOIN moved ON moved.opportunity_id = o.id
    GROUP BY reach.opportunity_id, standing.id, standing.outcome, standing.closed_at, o.backfilled, step.id, step.code,
             step.rank, reach.top_rank, reach.regressions
)"""

# What `--by` means for an entry: owner, team, setpoint and month as they were then, all else as the deal is now.
ENTRY_DIMENSIONS = {
    "owner": "coalesce(cohort.holder_id::text, '')",
    "team": "coalesce(member.team_id::text, '')",
    "setpoint": "cohort.step_code",
    "month": "to_char(cohort.entered_on, 'YYYY-MM')",
    "pipeline": "pipeline.code",
    "deal_type": "cohort.deal_type",
    "source": "coalesce(source.code, '')",
    "industry": "account.industry",
}


def get_steps(scope: Scope) -> dict[tuple[str, int], StepFacts]:
    """Return the cohorts that entered each setpoint in the period, by group and setpoint id (B1).

    Credited to who owned the deal when it entered, and the team they were in that day. Archived deals left the
    cohort and are listed.
    """
    everything = replace(scope, team_ids=None, owner_id=None, pipeline_id=None, visible_owner_ids=None)
    sql = f"""
    WITH {deals(everything, only="true")}, {MOVED}, {ENTRIES},
    cohort AS (
        SELECT o.id, o.owner_id AS current_owner_id, o.pipeline_id, o.deal_type, o.source_id, o.account_id, entry.step_id,
               entry.step_code, entry.imputed, entry.regressions, entry.fate,
               (entry.entered_at AT TIME ZONE %(zone)s)::date AS entered_on,
               coalesce(holder.owner_id, o.owner_id) AS holder_id, worth.amount, worth.currency
        FROM entry JOIN pipeline_opportunity o ON o.id = entry.opportunity_id
        LEFT JOIN LATERAL ({OWNER_AT.format(deal="o.id", moment="entry.entered_at")}) holder ON true
        LEFT JOIN LATERAL ({AMOUNT_AT.format(deal="o.id", moment="entry.entered_at")}) worth ON true
        WHERE entry.entered_at >= %(start)s AND entry.entered_at < %(end)s
    )
    SELECT {ENTRY_DIMENSIONS[scope.by] if scope.by else "''"}, cohort.step_id, cohort.fate,
           array_agg(cohort.id ORDER BY cohort.id),
           count(*) FILTER (WHERE cohort.imputed), coalesce(sum(cohort.regressions), 0)::int,
           coalesce(sum(cohort.amount * CASE WHEN cohort.currency = %(report)s THEN 1 ELSE plan.rate END), 0)
    FROM cohort
    JOIN crm_account account ON account.id = cohort.account_id
    JOIN pipeline_pipeline pipeline ON pipeline.id = cohort.pipeline_id
    LEFT JOIN crm_source source ON source.id = cohort.source_id
    {MEMBER.format(user="cohort.holder_id", day="cohort.entered_on")}
    {RATE.format(kind="'plan'", currency="cohort.currency", day="%(today)s", name="plan")}
    WHERE {conditions(scope, deal="cohort", owner="cohort.holder_id")}
    GROUP BY 1, 2, 3
    """
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for group, step_id, fate, ids, imputed, regressed, amount in fetch(sql, scope):
        facts = found[group, step_id]
        facts[fate] = tuple(ids)
        if fate in ("progressed", "lost"):
            facts[f"{fate}_amount"] = amount
        if fate in ("progressed", "lost", "open"):
            facts["imputed"] += imputed
            facts["regressed"] += regressed
    return {key: StepFacts(**facts) for key, facts in found.items()}


HELD = f"""
SELECT min(activity.occurred_at) AS held_at
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
WHERE link.opportunity_id = deal.id AND activity.outcome = '{ActivityOutcome.HELD}' AND activity.archived_at IS NULL
  AND activity.kind IN ('{ActivityKind.MEETING}', '{ActivityKind.DEMO}')
  AND activity.occurred_at <= %(as_of)s AND activity.recorded_at <= %(known_at)s
"""
# Entry to 25%: the first move to a setpoint of a quarter or more (B3's size band, D-35).
QUALIFIED_AT = f"""
SELECT min(e.occurred_at) AS at FROM pipeline_opportunityevent e
JOIN pipeline_setpoint setpoint ON setpoint.id = (e.new->>'setpoint')::bigint AND setpoint.probability >= 0.25
WHERE e.opportunity_id = deal.id AND e.kind = '{EventKind.SETPOINT}'
  AND e.occurred_at <= %(as_of)s AND e.recorded_at <= %(known_at)s
"""


def get_courses(scope: Scope) -> dict[str, list[Course]]:
    """Return the deals won in the period, and those created in it for the censored view, by group (B3)."""
    created = "o.created_at >= %(start)s AND o.created_at < %(end)s AND o.created_at <= %(as_of)s"
    won = "s.outcome = %(won)s AND s.closed_at >= %(start)s AND s.closed_at < %(end)s"
    sql = f"""
    WITH {deals(scope, only=f"({created}) OR ({won})")}
    SELECT {dimension(scope)}, deal.id, deal.deal_type, deal.outcome, deal.backfilled,
           (deal.created_at AT TIME ZONE %(zone)s)::date, (deal.lead_created_at AT TIME ZONE %(zone)s)::date,
           (first.held_at AT TIME ZONE %(zone)s)::date, deal.closed_on,
           coalesce(worth.amount, deal.amount) * CASE
               WHEN coalesce(worth.currency, deal.currency) = %(report)s THEN 1 ELSE plan.rate END,
           deal.closed_at >= %(start)s AND deal.closed_at < %(end)s, deal.created_at >= %(start)s
    FROM deal
    LEFT JOIN LATERAL ({HELD}) first ON true
    LEFT JOIN LATERAL ({QUALIFIED_AT}) qualified ON true
    LEFT JOIN LATERAL ({AMOUNT_AT.format(deal="deal.id", moment="qualified.at")}) worth ON true
    {RATE.format(kind="'plan'", currency="coalesce(worth.currency, deal.currency)", day="%(today)s", name="plan")}
    ORDER BY deal.id
    """
    courses: dict[str, list[Course]] = defaultdict(list)
    for row in fetch(sql, scope):
        courses[row[0]].append(_course(row[1:], scope))
    return courses


def _course(row: tuple[Any, ...], scope: Scope) -> Course:
    pk, deal_type, outcome, backfilled, created_on, lead_on, held_on, closed_on, amount, closed_now, is_new = row
    won = outcome == Outcome.WON and bool(closed_now)
    starts = {"fm_to_won": held_on, "created_to_won": created_on, "lead_to_won": lead_on}
    days = {name: (closed_on - on).days if won and on else None for name, on in starts.items()}
    if backfilled and days["created_to_won"] == 0:
        days["created_to_won"] = None  # entered when it was won already, which says nothing of its length (B3)
    until = closed_on or scope.today
    return Course(
        opportunity_id=pk,
        band=size_band(None if amount is None else Decimal(amount)),
        deal_type=deal_type or "",
        days=days,
        spell=Spell((until - created_on).days, outcome or CENSORED) if is_new else None,
        won=won,
        backfilled=backfilled,
    )
