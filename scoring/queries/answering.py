"""When a person got in touch with the leads that were handed over (B20)."""

from crm.enums import Direction
from crm.policies.activities import TOUCHES
from pipeline.queries.deal_sql import MEMBER, Scope
from pipeline.queries.figures import fetch
from scoring.enums import HandoffAnswer
from scoring.figures.sla import TouchFacts
from scoring.queries.figures import DIMENSIONS, ORIGIN, lead_conditions

SLA_DIMENSIONS = DIMENSIONS | {
    "owner": "coalesce(handoff.owner_id::text, '')",
    "month": "to_char(handoff.assigned_at AT TIME ZONE %(zone)s, 'YYYY-MM')",
}
# For these a lead goes back because there is nobody to answer.
NOBODY = ("invalid", "duplicate")
_KINDS = ", ".join(f"'{kind}'" for kind in TOUCHES)

# A touch is our call, personal e-mail or meeting (D-25); what the lead did itself is none. It may be logged on the
# deal the lead became.
TOUCH = f"""
SELECT activity.occurred_at FROM crm_activity activity
WHERE activity.id IN (
    SELECT link.activity_id FROM scoring_leadactivity link WHERE link.lead_id = handoff.lead_id
    UNION ALL
    SELECT link.activity_id FROM pipeline_opportunityactivity link
    JOIN scoring_conversion became ON became.opportunity_id = link.opportunity_id
    WHERE became.lead_id = handoff.lead_id)
  AND activity.kind IN ({_KINDS}) AND NOT activity.by_customer AND activity.direction <> '{Direction.INBOUND}'
  AND activity.done_at IS NOT NULL AND activity.archived_at IS NULL
  AND activity.occurred_at <= %(as_of)s AND activity.recorded_at <= %(known_at)s
"""
# Each clock there was of a handoff: the one that runs or was answered, and those that ended when it was given on.
CLOCKS = """
SELECT id, lead_id, crossing_id, owner_id, assigned_at, due_at, NULL::timestamptz AS ended_at, answered_at, answer,
       reason_id, created_at
FROM scoring_handoff
UNION ALL
SELECT held.id, held.lead_id, held.crossing_id, past.owner_id, past.assigned_at, past.due_at,
       CASE WHEN past.ended_at <= %(as_of)s THEN past.ended_at END, NULL, '', NULL, held.created_at
FROM scoring_endedclock past JOIN scoring_handoff held ON held.id = past.handoff_id
"""
HANDED = f"""
SELECT handoff.lead_id, {{group}} AS kept, handoff.due_at, handoff.ended_at, since_assigned.touch,
       extract(epoch FROM since_assigned.touch - handoff.assigned_at)::bigint AS to_answer,
       CASE WHEN handoff.ended_at IS NULL
            THEN extract(epoch FROM since_engaged.touch - crossing.crossed_at)::bigint END AS to_touch,
       CASE WHEN handoff.answered_at <= least(%(as_of)s, handoff.due_at) AND since_assigned.touch IS NULL
            AND handoff.answer = '{HandoffAnswer.REJECTED}' THEN reason.code END AS sent_back
FROM ({CLOCKS}) handoff
JOIN scoring_crossing crossing ON crossing.id = handoff.crossing_id
JOIN scoring_lead lead ON lead.id = handoff.lead_id
LEFT JOIN crm_reason reason ON reason.id = handoff.reason_id
LEFT JOIN LATERAL (SELECT min(occurred_at) AS touch FROM ({TOUCH} AND activity.occurred_at >= handoff.assigned_at
    AND (handoff.ended_at IS NULL OR activity.occurred_at < handoff.ended_at)) told) since_assigned ON true
LEFT JOIN LATERAL (SELECT min(occurred_at) AS touch FROM ({TOUCH} AND activity.occurred_at >= crossing.crossed_at) told)
    since_engaged ON true
{ORIGIN}
{{member}}
WHERE handoff.assigned_at >= %(start)s AND handoff.assigned_at < %(end)s AND handoff.assigned_at <= %(as_of)s
  AND handoff.created_at <= %(known_at)s AND lead.merged_into_id IS NULL AND lead.archived_at IS NULL AND {{chosen}}
"""
STANDINGS = {
    "met": "sent_back IS NULL AND touch <= due_at",
    "late": "touch > due_at",
    "untouched": "sent_back IS NULL AND touch IS NULL AND due_at < coalesce(ended_at, %(as_of)s)",
    "pending": "sent_back IS NULL AND touch IS NULL AND ended_at IS NULL AND due_at >= %(as_of)s",
    "invalid": "sent_back = ANY(%(nobody)s)",
    "sent_back": "sent_back <> ALL(%(nobody)s)",
    "given_on": "touch IS NULL AND due_at >= ended_at",
}


def get_touched(scope: Scope) -> dict[str, TouchFacts]:
    """Return the leads assigned in the period by whether they were touched in time, by group."""
    handed = HANDED.format(
        group=SLA_DIMENSIONS[scope.by] if scope.by else "''",
        member=MEMBER.format(user="handoff.owner_id", day="(handoff.assigned_at AT TIME ZONE %(zone)s)::date")
        if scope.credits_teams
        else "",
        chosen=lead_conditions(scope, credited="handoff.owner_id"),
    )
    lists = ", ".join(
        f"coalesce(array_agg(lead_id ORDER BY lead_id) FILTER (WHERE {which}), '{{}}')" for which in STANDINGS.values()
    )
    clocks = ", ".join(
        f"coalesce(array_agg({clock}) FILTER (WHERE {clock} IS NOT NULL), '{{}}')"
        for clock in ("to_answer", "to_touch")
    )
    sql = f"SELECT kept, {lists}, {clocks} FROM ({handed}) handed GROUP BY 1 ORDER BY 1"
    rows = fetch(sql, scope, nobody=list(NOBODY))
    return {row[0]: TouchFacts(*(tuple(each) for each in row[1:])) for row in rows}
