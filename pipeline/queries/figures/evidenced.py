"""Which deals that stand somewhere have the facts for it (P-4, D-33)."""

from pipeline.queries.deal_sql import Scope, dimension, open_deals
from pipeline.queries.figures.cells import fetch
from pipeline.queries.proofs_then import PROOFS_THEN, REQUIRED_THEN

# Which setpoints carry a claim to which.
CARRIED_NOW = """
(deal.setpoint_id, deal.current_evidenced_id) IN (
    SELECT claimed.id, carried.id FROM pipeline_setpoint claimed JOIN pipeline_setpoint carried ON carried.rank >= claimed.rank)
"""
# The facts as they were: none that the setpoint or one below it asked for then was missing.
CARRIED_THEN = f"""
deal.id IN (SELECT deal.id FROM deal JOIN pipeline_setpoint claimed ON claimed.id = deal.setpoint_id
LEFT JOIN (SELECT opportunity_id, array_agg(code) AS codes FROM ({PROOFS_THEN}) proof GROUP BY opportunity_id) met
    ON met.opportunity_id = deal.id
WHERE NOT EXISTS (
    SELECT FROM required WHERE required.pipeline_id = deal.pipeline_id AND required.rank <= claimed.rank
      AND (required.deal_types = '{{}}' OR deal.deal_type = ANY(required.deal_types))
      AND required.code <> ALL(coalesce(met.codes, '{{}}'))))
"""


def get_evidenced(scope: Scope) -> dict[tuple[str, int], list[int]]:
    """Return the deals open at `as_of` whose facts carried them to where they stood, by group and setpoint.

    Now it is what is stored; at a past moment it follows from what was known and asked for then.
    """
    group = dimension(scope)
    then = "" if scope.is_now else f", required AS MATERIALIZED ({REQUIRED_THEN})"
    sql = f"""
    WITH {open_deals(scope, valued=False)}{then}
    SELECT {group.value}, deal.setpoint_id, array_agg(deal.id ORDER BY deal.id)
    FROM deal {group.join} WHERE {CARRIED_NOW if scope.is_now else CARRIED_THEN} GROUP BY 1, 2
    """
    return {(name, setpoint_id): ids for name, setpoint_id, ids in fetch(sql, scope)}
