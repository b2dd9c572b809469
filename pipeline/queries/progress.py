"""How far the customers of open deals have come in buying, as of any moment (B31)."""

from collections import defaultdict
from decimal import Decimal

from pipeline.enums import Level
from pipeline.facts import STALE_AFTER_DAYS
from pipeline.figures.progress import ELEMENTS, MOST, Standing
from pipeline.queries.deal_sql import Scope, deals, dimension
from pipeline.queries.figures import OPEN, fetch

QUESTIONS = ", ".join(
    f"('{name}', '{question}', {len(questions)})" for name, questions in ELEMENTS.items() for question in questions
)
# Assessments are never rewritten, so what was known at any moment is what had been said and not yet been replaced then.
# An element of one question has its level, of several the share of those answered.
ELEMENT_LEVELS = f"""
SELECT deal.id, asked.element,
    CASE WHEN count(*) FILTER (WHERE coalesce(known.applies, true)) = 0 THEN NULL
         WHEN max(asked.questions) = 1 THEN max(coalesce(known.level, 0))
         ELSE {MOST} * count(*) FILTER (WHERE known.applies AND known.level >= {Level.TOLD.value})
              / count(*) FILTER (WHERE coalesce(known.applies, true)) END AS level
FROM deal CROSS JOIN (VALUES {QUESTIONS}) AS asked(element, question, questions)
LEFT JOIN known ON known.opportunity_id = deal.id AND known.element = asked.question
GROUP BY 1, 2
"""
KNOWN = f"""
SELECT opportunity_id, element, applies, greatest(0, level - CASE
    WHEN %(today)s - said_on > {STALE_AFTER_DAYS} THEN 1 ELSE 0 END)::numeric AS level
FROM pipeline_assessment WHERE at <= %(moment)s AND (ended_at IS NULL OR ended_at > %(moment)s)
"""


def get_standings(scope: Scope) -> dict[str, list[Standing]]:
    """Return the deals open at `as_of`, by group, total of levels and number of elements that apply."""
    group = dimension(scope)
    sql = f"""
    WITH {deals(scope, only=OPEN, valued=False)}, known AS ({KNOWN}), element_level AS ({ELEMENT_LEVELS}),
    total AS (
        SELECT id, coalesce(sum(level), 0) AS levels, count(level) AS elements FROM element_level GROUP BY id
    )
    SELECT {group.value}, total.levels, total.elements, array_agg(deal.id ORDER BY deal.id)
    FROM deal JOIN total ON total.id = deal.id {group.join} GROUP BY 1, 2, 3
    """
    found: dict[str, list[Standing]] = defaultdict(list)
    for name, levels, elements, ids in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        found[name].append(Standing(Decimal(levels), elements, tuple(ids)))
    return dict(sorted(found.items()))
