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
# Only what was said is counted: an element of which nothing was said applies and has level 0. An element of one question
# has its level, of several the share of those answered out of those that apply; without any it does not apply.
ELEMENT_LEVELS = f"""
SELECT known.opportunity_id, CASE WHEN asked.questions = count(*) FILTER (WHERE NOT known.applies) THEN NULL
         WHEN asked.questions = 1 THEN max(known.level)
         ELSE {MOST}::numeric * count(*) FILTER (WHERE known.applies AND known.level >= {Level.TOLD.value})
              / (asked.questions - count(*) FILTER (WHERE NOT known.applies)) END AS level
FROM known JOIN (VALUES {QUESTIONS}) AS asked(element, question, questions) ON asked.question = known.element
GROUP BY known.opportunity_id, asked.element, asked.questions
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
        SELECT opportunity_id, sum(level) AS levels, count(*) FILTER (WHERE level IS NULL) AS without
        FROM element_level GROUP BY 1
    )
    SELECT {group.value}, coalesce(total.levels, 0), {len(ELEMENTS)} - coalesce(total.without, 0),
        array_agg(deal.id ORDER BY deal.id)
    FROM deal LEFT JOIN total ON total.opportunity_id = deal.id {group.join} GROUP BY 1, 2, 3
    """
    found: dict[str, list[Standing]] = defaultdict(list)
    for name, levels, elements, ids in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        found[name].append(Standing(Decimal(levels), elements, tuple(ids)))
    return dict(sorted(found.items()))
