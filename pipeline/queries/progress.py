"""How far customers have come in buying, as of any moment: of open deals, and of closed ones when they entered 50% (B31)."""

from collections import defaultdict
from decimal import Decimal

from pipeline.enums import Level, Outcome
from pipeline.events import EventKind
from pipeline.facts import STALE_AFTER_DAYS
from pipeline.figures.progress import ELEMENTS, MOST, Standing, score
from pipeline.figures.progress_proof import Entered
from pipeline.queries.deal_sql import Scope, deals, dimension, open_deals
from pipeline.queries.figures import CLOSED_IN_PERIOD, fetch
from pipeline.queries.state import KNOWN as EVENTS

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
KNOWN = """
SELECT opportunity_id, element, applies, greatest(0, level - CASE
    WHEN {day} - said_on > {stale} THEN 1 ELSE 0 END)::numeric AS level
FROM pipeline_assessment WHERE at <= {moment} AND (ended_at IS NULL OR ended_at > {moment})
"""
TOTAL = """
SELECT opportunity_id, sum(level) AS levels, count(*) FILTER (WHERE level IS NULL) AS without
FROM element_level GROUP BY 1
"""
NOW = KNOWN.format(day="%(today)s", stale=STALE_AFTER_DAYS, moment="%(moment)s")
# When a deal first stood at 50% or further, and what was known and done by then: asked deal by deal, since PostgreSQL
# takes the closed deals of a team for a handful and would otherwise count all their activities anew for each of them.
ENTRY = f"""
SELECT min(e.occurred_at) AS entered_at
FROM ({EVENTS}) e JOIN pipeline_setpoint half ON half.id = (e.new->>'setpoint')::bigint
WHERE e.opportunity_id = deal.id AND e.kind = '{EventKind.SETPOINT}' AND half.probability >= 0.5
"""
DAY_OF_ENTRY = "(entered_at AT TIME ZONE %(zone)s)::date"
THEN = KNOWN.format(day=DAY_OF_ENTRY, stale=STALE_AFTER_DAYS, moment="entered_at") + " AND opportunity_id = deal.id"
TOUCHES = """
SELECT count(*) AS touches
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
WHERE link.opportunity_id = deal.id AND activity.kind IN ('call', 'email', 'meeting', 'demo')
    AND activity.archived_at IS NULL AND activity.done_at IS NOT NULL AND activity.occurred_at <= entered_at
"""


def get_standings(scope: Scope) -> dict[str, list[Standing]]:
    """Return the deals open at `as_of`, by group, total of levels and number of elements that apply."""
    group = dimension(scope)
    sql = f"""
    WITH {open_deals(scope, valued=False)}, known AS ({NOW}), element_level AS ({ELEMENT_LEVELS}),
    total AS ({TOTAL})
    SELECT {group.value}, coalesce(total.levels, 0), {len(ELEMENTS)} - coalesce(total.without, 0),
        array_agg(deal.id ORDER BY deal.id)
    FROM deal LEFT JOIN total ON total.opportunity_id = deal.id {group.join} GROUP BY 1, 2, 3
    """
    found: dict[str, list[Standing]] = defaultdict(list)
    for name, levels, elements, ids in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        found[name].append(Standing(Decimal(levels), elements, tuple(ids)))
    return dict(sorted(found.items()))


def get_entered(scope: Scope) -> dict[str, list[Entered]]:
    """Return the deals closed in the period that had entered 50%, by group, with what was known of them at that moment."""
    group = dimension(scope)
    sql = f"""
    WITH {deals(scope, only=CLOSED_IN_PERIOD, valued=False)}
    SELECT {group.value}, deal.outcome = '{Outcome.WON}', coalesce(total.levels, 0), {len(ELEMENTS)} - total.without,
        touched.touches, array_agg(deal.id ORDER BY deal.id)
    FROM deal CROSS JOIN LATERAL ({ENTRY}) entry CROSS JOIN LATERAL ({TOUCHES}) touched
    LEFT JOIN LATERAL (WITH known AS ({THEN}), element_level AS ({ELEMENT_LEVELS}) {TOTAL}) total ON true
    {group.join} WHERE entered_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    """
    found: dict[str, list[Entered]] = defaultdict(list)
    for name, won, levels, elements, touches, ids in fetch(sql, scope):
        progress = score(Decimal(levels), elements) if elements else None
        found[name].append(Entered(won, progress, touches, tuple(ids)))
    return dict(sorted(found.items()))
