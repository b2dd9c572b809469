"""What champion and challenger have come to (S-12, B29)."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from crm.lib.envelope import Figure
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import ChallengeMetric, LeadStatus
from scoring.figures.challenges import SideFacts, compare
from scoring.models import Challenge
from scoring.permissions import can_read_rules
from scoring.policies.challenges import HORIZON

QUALIFIED = f"('{LeadStatus.SQL}', '{LeadStatus.CONVERTED}')"
TAKEN = f"('{LeadStatus.ACCEPTED}', '{LeadStatus.SQL}', '{LeadStatus.CONVERTED}')"
# From when on a lead's time runs: since it came, or since it was handed over.
BEGINS = {
    ChallengeMetric.QUALIFIED_OF_ASSIGNED: "lead.created_at",
    ChallengeMetric.QUALIFIED_OF_HANDED_OVER: "handed.at",
}
SIDES = f"""
WITH member AS MATERIALIZED (
    SELECT lead_id, is_challenger FROM scoring_challengelead WHERE challenge_id = %(challenge)s
), handed AS (
    SELECT handoff.lead_id, min(handoff.created_at) AS at
    FROM scoring_handoff handoff JOIN member ON member.lead_id = handoff.lead_id
    WHERE handoff.created_at <= %(as_of)s GROUP BY 1
), told AS (
    SELECT event.lead_id, min(event.occurred_at) FILTER (WHERE event.new IN {TAKEN}) AS taken_at,
           min(event.occurred_at) FILTER (WHERE event.new IN {QUALIFIED}) AS qualified_at
    FROM scoring_leadstatusevent event JOIN member ON member.lead_id = event.lead_id
    WHERE event.occurred_at <= %(as_of)s GROUP BY 1
), counted AS (
    SELECT member.is_challenger, handed.at AS handed_at, told.taken_at, told.qualified_at, {{begins}} AS begins
    FROM member JOIN scoring_lead lead ON lead.id = member.lead_id
    LEFT JOIN handed ON handed.lead_id = member.lead_id LEFT JOIN told ON told.lead_id = member.lead_id
    WHERE lead.merged_into_id IS NULL AND lead.created_at <= %(as_of)s
)
SELECT is_challenger, count(*), count(handed_at), count(taken_at) FILTER (WHERE handed_at IS NOT NULL), count(qualified_at),
       count(*) FILTER (WHERE begins + %(horizon)s <= %(as_of)s),
       count(*) FILTER (WHERE begins + %(horizon)s <= %(as_of)s AND qualified_at >= begins
                          AND qualified_at <= begins + %(horizon)s)
FROM counted GROUP BY 1
"""


def get_result(challenge: Challenge, *, as_of: datetime) -> Figure:
    """Return how both sides compare as of a moment, after its end as of the end, in one query.

    Only leads whose time to qualify is over by then are compared, on both sides alike.
    """
    moment = min(as_of, challenge.ended_at or as_of)
    statement = SIDES.format(begins=BEGINS[ChallengeMetric(challenge.metric)])
    given: dict[str, Any] = {"challenge": challenge.pk, "as_of": moment, "horizon": HORIZON}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        sides = {is_challenger: SideFacts(*counts) for is_challenger, *counts in cursor.fetchall()}
    return compare(sides.get(False, SideFacts()), sides.get(True, SideFacts()), minimum=challenge.minimum)


def challenges() -> QuerySet[Challenge]:
    """Return all there were with their versions and people, the latest first."""
    return Challenge.objects.select_related("champion", "challenger", "started_by", "ended_by").order_by("-pk")


def challenges_visible_to(user: User) -> QuerySet[Challenge]:
    """Return every challenge to whom the rules are open."""
    return Challenge.objects.all() if can_read_rules(get_access(user)) else Challenge.objects.none()


def get_running_challenge() -> Challenge | None:
    """Return the challenge under way."""
    return challenges().filter(ended_at=None).first()
