"""Which deals that stand somewhere have the facts for it, and which are qualified (P-4, D-18, D-33)."""

from pipeline.facts import QUALIFIED_FROM
from pipeline.queries.deal_sql import Scope, dimension, open_deals
from pipeline.queries.figures.cells import fetch
from pipeline.queries.proofs_then import PROOFS_THEN, REQUIRED_THEN

# Which setpoints carry a claim to which.
CARRIED_NOW = """
(deal.setpoint_id, deal.current_evidenced_id) IN (
    SELECT claimed.id, carried.id FROM pipeline_setpoint claimed JOIN pipeline_setpoint carried ON carried.rank >= claimed.rank)
"""
# The facts as they were: none that a setpoint or one below it asked for then was missing.
MET_THEN = f"""
deal.id IN (SELECT deal.id FROM deal JOIN ({{setpoint}}) asked ON {{of_deal}}
LEFT JOIN (SELECT opportunity_id, array_agg(code) AS codes FROM ({PROOFS_THEN}) proof GROUP BY opportunity_id) met
    ON met.opportunity_id = deal.id
WHERE NOT EXISTS (
    SELECT FROM required WHERE required.pipeline_id = deal.pipeline_id AND required.rank <= asked.rank
      AND (required.deal_types = '{{{{}}}}' OR deal.deal_type = ANY(required.deal_types))
      AND required.code <> ALL(coalesce(met.codes, '{{{{}}}}'))))
"""
CARRIED_THEN = MET_THEN.format(setpoint="SELECT id, rank FROM pipeline_setpoint", of_deal="asked.id = deal.setpoint_id")
QUALIFYING = f"SELECT id FROM pipeline_setpoint WHERE probability >= {QUALIFIED_FROM}"
CLAIMED_QUALIFIED = f"coalesce(deal.setpoint_id IN ({QUALIFYING}), false)"
EVIDENCED_QUALIFIED = f"coalesce(deal.current_evidenced_id IN ({QUALIFYING}), false)"
EVIDENCED_QUALIFIED_THEN = MET_THEN.format(
    setpoint=f"""SELECT pipeline_id, min(rank) AS rank FROM pipeline_setpoint
        WHERE probability >= {QUALIFIED_FROM} AND (retired_at IS NULL OR retired_at > %(as_of)s) GROUP BY pipeline_id""",
    of_deal="asked.pipeline_id = deal.pipeline_id",
)


def qualified(scope: Scope) -> str:
    """Return the condition that a deal is qualified (D-18); one that asks for facts of then needs `asked_then` beside."""
    if not scope.by_evidence:
        return CLAIMED_QUALIFIED
    return EVIDENCED_QUALIFIED if scope.is_now else EVIDENCED_QUALIFIED_THEN


def asked_then(scope: Scope) -> str:
    """Return the clause with what setpoints asked for at a past moment."""
    return "" if scope.is_now else f", required AS MATERIALIZED ({REQUIRED_THEN})"


def get_evidenced(scope: Scope) -> dict[tuple[str, int], list[int]]:
    """Return the deals open at `as_of` whose facts carried them to where they stood, by group and setpoint.

    Now it is what is stored; at a past moment it follows from what was known and asked for then.
    """
    group = dimension(scope)
    sql = f"""
    WITH {open_deals(scope, valued=False)}{asked_then(scope)}
    SELECT {group.value}, deal.setpoint_id, array_agg(deal.id ORDER BY deal.id)
    FROM deal {group.join} WHERE {CARRIED_NOW if scope.is_now else CARRIED_THEN} GROUP BY 1, 2
    """
    return {(name, setpoint_id): ids for name, setpoint_id, ids in fetch(sql, scope)}
