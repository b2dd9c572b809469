"""What sales answered about leads, and what they became: by where they came from, by rule, by version (S-11, LT-074)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pipeline.enums import Outcome
from pipeline.queries.deal_sql import MEMBER, RATE, RATES, Scope
from pipeline.queries.figures import fetch
from scoring.enums import HandoffAnswer
from scoring.figures.yields import SentBackFacts, YieldFacts
from scoring.models import ScoringRule
from scoring.queries.answering import SLA_DIMENSIONS
from scoring.queries.cohorts import FATE, had, of_crossings
from scoring.queries.figures import ORIGIN, REACHED, lead_conditions

EVER = timedelta(days=36_500)
# The deal a lead became before it was sent back, and what it brought where it was won.
DEAL = f"""
LEFT JOIN scoring_conversion became ON became.lead_id = first.lead_id AND became.at >= first.crossed_at
      AND became.at < rejected.at AND became.at <= %(as_of)s AND became.recorded_at <= %(known_at)s
LEFT JOIN pipeline_opportunity deal ON deal.id = became.opportunity_id
      AND deal.archived_at IS NULL AND deal.merged_into_id IS NULL
{RATE.format(kind="booking", currency="deal.amount_currency", day="(deal.closed_at AT TIME ZONE %(zone)s)::date")}
"""
WON = f"deal.outcome = '{Outcome.WON}' AND deal.closed_at <= %(as_of)s"
REVENUE = f"""coalesce(sum(deal.amount * CASE WHEN deal.amount_currency = %(report)s THEN 1 ELSE booking.rate END)
    FILTER (WHERE {WON}), 0)"""
BY_RULE = """
JOIN scoring_crossingrules told ON told.crossing_id = first.id
CROSS JOIN LATERAL unnest(told.rules) AS rule(code)
"""
RULES_BEHIND = """
JOIN scoring_crossingrules told ON told.crossing_id = handoff.crossing_id
CROSS JOIN LATERAL unnest(told.rules) AS rule(code)
"""
ANSWERED = """
SELECT handoff.lead_id, {group} AS kept, handoff.answer, reason.code AS reason
FROM scoring_handoff handoff
JOIN scoring_lead lead ON lead.id = handoff.lead_id
LEFT JOIN crm_reason reason ON reason.id = handoff.reason_id
{origin} {member} {rules}
WHERE handoff.answered_at >= %(start)s AND handoff.answered_at < %(end)s AND handoff.answered_at <= %(as_of)s
  AND lead.merged_into_id IS NULL AND lead.archived_at IS NULL AND {chosen}
"""


def get_yields(scope: Scope) -> dict[str, YieldFacts]:
    """Return the leads that crossed in the period with how far they have come, by group."""
    rows = fetch(f"WITH {RATES} {of_crossings(scope, _lists(), FATE + DEAL)}", scope, horizon=EVER)
    return {row[0]: _yield(row[1:]) for row in rows}


def get_rule_yields(scope: Scope) -> dict[tuple[str, str], YieldFacts]:
    """Return the same by group and by the code of each rule that had given points when the lead crossed."""
    sql = of_crossings(scope, f"rule.code, {_lists()}", FATE + DEAL + BY_RULE, also=", 2")
    rows = fetch(f"WITH {RATES} {sql}", scope, horizon=EVER)
    return {(row[0], row[1]): _yield(row[2:]) for row in rows}


def get_sent_back(scope: Scope) -> dict[tuple[str, str], SentBackFacts]:
    """Return the leads sent back in the period by group and reason; the rules behind a lead are a group too."""
    by_rule = scope.by == "rule"
    answered = ANSWERED.format(
        group="rule.code" if by_rule else SLA_DIMENSIONS[scope.by] if scope.by else "''",
        rules=RULES_BEHIND if by_rule else "",
        origin=ORIGIN,
        member=MEMBER.format(user="handoff.owner_id", day="(handoff.answered_at AT TIME ZONE %(zone)s)::date")
        if scope.credits_teams
        else "",
        chosen=lead_conditions(scope, credited="handoff.owner_id"),
    )
    sql = f"""
    SELECT kept, coalesce(reason, ''), array_agg(lead_id ORDER BY lead_id), sum(count(*)) OVER (PARTITION BY kept), answer
    FROM ({answered}) answered GROUP BY kept, reason, answer ORDER BY kept, count(*) DESC, reason
    """
    return {
        (row[0], row[1]): SentBackFacts(tuple(row[2]), int(row[3]))
        for row in fetch(sql, scope)
        if row[4] == HandoffAnswer.REJECTED
    }


def get_rule_names() -> dict[str, str]:
    """Return what each rule was called last, by its code."""
    return dict(ScoringRule.objects.order_by("model__number").values_list("code", "name"))


def _lists() -> str:
    accepted, qualified = had(REACHED["accepted"]), had(REACHED["qualified"])
    lists: Mapping[str, str] = {
        "entered": "true", "accepted": accepted, "qualified": qualified, "deals": "deal.id IS NOT NULL", "won": WON,
    }  # fmt: skip
    gathered = (
        f"coalesce(array_agg(first.lead_id ORDER BY first.lead_id) FILTER (WHERE {which}), '{{}}')"
        for which in lists.values()
    )
    return ", ".join([*gathered, REVENUE])


def _yield(row: Any) -> YieldFacts:
    entered, accepted, qualified, deals, won = (tuple(ids) for ids in row[:-1])
    return YieldFacts(entered, accepted, qualified, deals, won, row[-1])
