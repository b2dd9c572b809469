"""Set-based queries that give the figures on leads their sufficient statistics (D-14)."""

from typing import Any

from crm.enums import Channel
from pipeline.queries.deal_sql import CONTENT, MEMBER, Scope
from pipeline.queries.figures import fetch
from scoring.enums import LeadStatus
from scoring.figures.leads import LeadFacts

# Leads have neither pipeline nor setpoint nor deal type.
DIMENSIONS = {
    "owner": "coalesce(lead.owner_id::text, '')",
    "team": "coalesce(member.team_id::text, '')",
    "source": "coalesce(source.code, '')",
    "campaign": "coalesce(campaign.code, '')",
    "channel": "lead.channel",
    "content_type": CONTENT,
    "industry": "lead.industry",
    "month": "to_char(lead.created_at AT TIME ZONE %(zone)s, 'YYYY-MM')",
}
# A later status counts for the earlier ones too: who converted was handed over and accepted.
REACHED = {
    "handed_over": (LeadStatus.MQL, LeadStatus.ACCEPTED, LeadStatus.SQL, LeadStatus.CONVERTED),
    "accepted": (LeadStatus.ACCEPTED, LeadStatus.SQL, LeadStatus.CONVERTED),
    "qualified": (LeadStatus.SQL, LeadStatus.CONVERTED),
    "converted": (LeadStatus.CONVERTED,),
}
# Where a lead came from: what it is made of is told by its campaign, else by its source (D-41).
ORIGIN = """
LEFT JOIN crm_source source ON source.id = lead.source_id
LEFT JOIN crm_campaign campaign ON campaign.id = lead.campaign_id
"""

HANDED = """
SELECT FROM scoring_handoff open
WHERE open.lead_id = lead.id AND open.answered_at IS NULL AND open.owner_id = ANY(%(visible)s)
"""


def get_lead_facts(scope: Scope) -> dict[str, LeadFacts]:
    """Return the leads created in the period and how far they came by `as_of`, by group (D-50)."""
    group = DIMENSIONS[scope.by] if scope.by else "''"
    member = MEMBER.format(user="lead.owner_id", day="%(today)s") if scope.credits_teams else ""
    had = {
        name: f"FILTER (WHERE reached.statuses && ARRAY[{', '.join(repr(str(status)) for status in statuses)}])"
        for name, statuses in REACHED.items()
    }
    reached = ", ".join(f"count(*) {filtered}" for filtered in had.values())
    sql = f"""
    SELECT {group}, array_agg(lead.id ORDER BY lead.id), {reached},
        coalesce(array_agg(lead.id ORDER BY lead.id) {had["converted"]}, '{{}}'),
        coalesce(array_agg(lead.id ORDER BY lead.id) FILTER (WHERE lead.channel = '{Channel.OUTBOUND}'), '{{}}')
    FROM scoring_lead lead
    LEFT JOIN LATERAL (
        SELECT array_agg(new::text) AS statuses FROM scoring_leadstatusevent
        WHERE lead_id = lead.id AND occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
    ) reached ON true
    {ORIGIN} {member}
    WHERE lead.merged_into_id IS NULL AND lead.archived_at IS NULL AND lead.created_at >= %(start)s
      AND lead.created_at < %(end)s AND lead.created_at <= %(as_of)s AND lead.recorded_at <= %(known_at)s
      AND {lead_conditions(scope)}
    GROUP BY 1 ORDER BY 1
    """
    return {row[0]: _facts(row[1:]) for row in fetch(sql, scope)}


def _facts(row: tuple[Any, ...]) -> LeadFacts:
    ids, *reached, converted, outbound = row
    counts = dict(zip(REACHED, reached, strict=True))
    return LeadFacts(tuple(ids), **counts, converted_ids=tuple(converted), outbound_ids=tuple(outbound))


def lead_conditions(scope: Scope, *, credited: str = "lead.owner_id") -> str:
    """Return the filters; whom a lead was handed to sees it as its owner does, marketing sees all (D-3).

    `credited` is whom a person's own figures go by; they hold what was theirs though the lead went back.
    """
    chosen = ["true"]
    if scope.visible_owner_ids is not None:
        holders = " OR ".join(f"{each} = ANY(%(visible)s)" for each in dict.fromkeys((credited, "lead.owner_id")))
        chosen.append(f"({holders} OR EXISTS ({HANDED}))")
    if scope.team_ids is not None:
        chosen.append("member.team_id = ANY(%(teams)s)")
    if scope.owner_id is not None:
        chosen.append(f"{credited} = %(owner)s")
    return " AND ".join(chosen)
