"""Leads by when they first crossed the threshold in a cycle, and how far they came (B18, B19)."""

from datetime import date, timedelta

from crm.lib.periods import add_months
from pipeline.queries.deal_sql import MEMBER, Scope
from pipeline.queries.figures import fetch
from scoring.enums import LeadStatus
from scoring.figures.lead_velocity import MONTHS, EnteredDay
from scoring.figures.mql_to_sql import HORIZON, CohortFacts
from scoring.queries.figures import DIMENSIONS, ORIGIN, REACHED, lead_conditions

# A lead stands in the band of the score it crossed with; a fast track may cross with any (B22).
BAND = """CASE WHEN first.score < 25 THEN '0-24' WHEN first.score < 50 THEN '25-49' WHEN first.score < 75 THEN '50-74'
ELSE '75+' END"""
CREDITED = "coalesce(handoff.owner_id, lead.owner_id)"
COHORT_DIMENSIONS = DIMENSIONS | {
    "owner": f"coalesce({CREDITED}::text, '')",
    "version": "model.number::text",
    "band": BAND,
    "month": "to_char(first.crossed_at AT TIME ZONE %(zone)s, 'YYYY-MM')",
}

# The first crossing of a lead since it was made, or since it was last sent back to come again.
FIRST = f"""
SELECT crossing.id, crossing.lead_id, crossing.model_id, crossing.score, crossing.crossed_at
FROM scoring_crossing crossing
WHERE crossing.crossed_at >= {{start}} AND crossing.crossed_at < {{end}} AND crossing.crossed_at <= %(as_of)s
  AND crossing.recorded_at <= %(known_at)s AND NOT EXISTS (
    SELECT FROM scoring_crossing earlier
    WHERE earlier.lead_id = crossing.lead_id AND earlier.recorded_at <= %(known_at)s
      AND (earlier.crossed_at, earlier.id) < (crossing.crossed_at, crossing.id) AND NOT EXISTS (
        SELECT FROM scoring_leadstatusevent back
        WHERE back.lead_id = crossing.lead_id AND back.new = '{LeadStatus.RECYCLED}'
          AND back.occurred_at > earlier.crossed_at AND back.occurred_at <= crossing.crossed_at
          AND back.recorded_at <= %(known_at)s))
"""
# What it became until it was sent back, its horizon ended, or now.
FATE = f"""
CROSS JOIN LATERAL (
    SELECT coalesce(min(back.occurred_at), 'infinity') AS at FROM scoring_leadstatusevent back
    WHERE back.lead_id = first.lead_id AND back.new IN ('{LeadStatus.RECYCLED}', '{LeadStatus.DISQUALIFIED}')
      AND back.occurred_at >= first.crossed_at AND back.occurred_at <= %(as_of)s AND back.recorded_at <= %(known_at)s
) rejected
CROSS JOIN LATERAL (
    SELECT array_agg(told.new::text) AS statuses FROM scoring_leadstatusevent told
    WHERE told.lead_id = first.lead_id AND told.occurred_at >= first.crossed_at
      AND told.occurred_at <= least(%(as_of)s, first.crossed_at + %(horizon)s, rejected.at)
      AND told.recorded_at <= %(known_at)s
) reached
"""


def get_cohorts(scope: Scope) -> dict[str, CohortFacts]:
    """Return the leads that crossed in the period with their fate within the horizon, by group."""
    accepted, qualified = (had(REACHED[name]) for name in ("accepted", "qualified"))
    undecided = f"NOT {qualified} AND rejected.at = 'infinity' AND %(as_of)s < first.crossed_at + %(horizon)s"
    lists = ", ".join(
        f"coalesce(array_agg(first.lead_id ORDER BY first.lead_id) FILTER (WHERE {which}), '{{}}')"
        for which in (
            "true",
            accepted,
            qualified,
            f"NOT {qualified} AND rejected.at <= first.crossed_at + %(horizon)s",
            undecided,
        )
    )
    rows = fetch(of_crossings(scope, lists), scope, horizon=HORIZON)
    return {row[0]: CohortFacts(*(tuple(ids) for ids in row[1:])) for row in rows}


def get_entered_days(scope: Scope) -> dict[str, list[EnteredDay]]:
    """Return the leads of the last months up to the end of the period, or now, by group, day and version."""
    month = last_day(scope).replace(day=1)
    bounds = ("(%(from_day)s::timestamp AT TIME ZONE %(zone)s)", "(%(to_day)s::timestamp AT TIME ZONE %(zone)s)")
    day = "(first.crossed_at AT TIME ZONE %(zone)s)::date"
    sql = of_crossings(scope, f"{day}, model.number, array_agg(first.lead_id)", "", *bounds, also=", 2, 3")
    rows = fetch(sql, scope, from_day=add_months(month, 1 - MONTHS), to_day=last_day(scope) + timedelta(days=1))
    found: dict[str, list[EnteredDay]] = {}
    for group, entered_on, version, ids in rows:
        found.setdefault(group, []).append(EnteredDay(entered_on, version, tuple(ids)))
    return found


def last_day(scope: Scope) -> date:
    """Return the last day a scope can tell of."""
    return min(scope.today, scope.last_day - timedelta(days=1))


def had(statuses: tuple[LeadStatus, ...]) -> str:
    """Return the condition that a lead reached one of the statuses in its cycle."""
    named = ", ".join(repr(str(status)) for status in statuses)
    return f"coalesce(reached.statuses && ARRAY[{named}], false)"


def of_crossings(
    scope: Scope,
    columns: str,
    fate: str = FATE,
    start: str = "%(start)s",
    end: str = "%(end)s",
    *,
    group: str = "",
    also: str = "",
) -> str:
    """Return the statement over the first crossings of a period; `fate` joins what became of each."""
    group = group or (COHORT_DIMENSIONS[scope.by] if scope.by else "''")
    member = MEMBER.format(user=CREDITED, day="%(today)s") if scope.credits_teams else ""
    return f"""
    SELECT {group}, {columns}
    FROM ({FIRST.format(start=start, end=end)}) first
    JOIN scoring_lead lead ON lead.id = first.lead_id
    JOIN scoring_scoringmodel model ON model.id = first.model_id
    LEFT JOIN scoring_handoff handoff ON handoff.crossing_id = first.id
    {ORIGIN} {member} {fate}
    WHERE lead.merged_into_id IS NULL AND lead.archived_at IS NULL AND {lead_conditions(scope, credited=CREDITED)}
    GROUP BY 1{also} ORDER BY 1{also}
    """
