"""What was answered, promised and delivered in a period, as it was known at any moment; one statement each."""

from collections import defaultdict

from pipeline.enums import Outcome, PromiseState
from pipeline.events import EventKind
from pipeline.figures.promises import AnsweredFacts, DeliveredFacts, KeptFacts
from pipeline.policies.handovers import CHECK_AFTER_GO_LIVE, CHECK_AFTER_HANDOVER
from pipeline.queries.deal_sql import Scope, deals, dimension
from pipeline.queries.figures.cells import fetch
from pipeline.queries.state import KNOWN

# An approval is recorded when it happens, so that what was known at a moment is what had happened by then.
ANSWERED = """
approval.decided_at >= %(start)s AND approval.decided_at < %(end)s AND approval.decided_at <= %(moment)s
"""
WAITING = """
approval.asked_at <= %(moment)s AND (approval.decided_at IS NULL OR approval.decided_at > %(moment)s)
AND (approval.withdrawn_at IS NULL OR approval.withdrawn_at > %(moment)s)
"""
# A promise ends once; the day it ended on may lie before the day that was said.
ENDED = f"""
LEFT JOIN LATERAL (
    SELECT e.new->>'state' AS state FROM ({KNOWN}) e
    WHERE e.opportunity_id = promise.opportunity_id AND e.kind = '{EventKind.PROMISE}'
      AND (e.new->>'promise')::bigint = promise.id AND e.new->>'state' <> '{PromiseState.OPEN}'
    ORDER BY e.seq DESC LIMIT 1
) ended ON true
"""
BECAME = f"""
CASE WHEN ended.state = '{PromiseState.DROPPED}' THEN 'dropped' WHEN ended.state = '{PromiseState.BROKEN}' THEN 'broken'
     WHEN ended.state = '{PromiseState.KEPT}' AND promise.ended_on <= promise.due_on THEN 'on_time'
     WHEN ended.state = '{PromiseState.KEPT}' THEN 'late' WHEN promise.due_on < %(today)s THEN 'overdue' END
"""
DUE = "promise.due_on >= %(first_day)s AND promise.due_on < %(last_day)s AND promise.due_on <= %(today)s"
CHECKED = f"""
LEFT JOIN LATERAL (
    SELECT (e.new->>'as_sold')::boolean AS as_sold, (e.new->>'on')::date AS on FROM ({KNOWN}) e
    WHERE e.opportunity_id = deal.id AND e.kind = '{EventKind.DELIVERY}' AND e.occurred_at >= handover.made_at
    ORDER BY e.seq DESC LIMIT 1
) checked ON true
"""
CHECK_DUE = f"""
coalesce(sold.go_live_on + {CHECK_AFTER_GO_LIVE}, (handover.made_at AT TIME ZONE %(zone)s)::date + {CHECK_AFTER_HANDOVER})
"""


def get_answered(scope: Scope) -> dict[str, AnsweredFacts]:
    """Return the approvals answered in the period, and those that waited at its moment, by group."""
    group = dimension(scope)
    only = f"s.id IN (SELECT opportunity_id FROM pipeline_approval approval WHERE ({ANSWERED}) OR ({WAITING}))"
    sql = f"""
    WITH {deals(scope, only=only, valued=False)}
    SELECT {group.value}, deal.id, ({WAITING}) AS waits, extract(epoch FROM approval.decided_at - approval.asked_at),
        approval.decided_at <= approval.due_at
    FROM deal JOIN pipeline_approval approval ON approval.opportunity_id = deal.id {group.join}
    WHERE ({ANSWERED}) OR ({WAITING}) ORDER BY deal.id, approval.id
    """
    rows: dict[str, list[tuple[int, bool, object, bool]]] = defaultdict(list)
    for name, *row in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        rows[name].append(tuple(row))
    return {name: _answered(found) for name, found in sorted(rows.items())}


def _answered(rows: list[tuple[int, bool, object, bool]]) -> AnsweredFacts:
    answered = [row for row in rows if not row[1]]
    return AnsweredFacts(
        deal_ids=tuple(deal_id for deal_id, *_ in answered),
        seconds=tuple(seconds for _, _, seconds, _ in answered),  # type: ignore[misc]  # numeric, as PostgreSQL gives it
        in_time=sum(1 for *_, in_time in answered if in_time),
        waiting=tuple(deal_id for deal_id, waits, *_ in rows if waits),
    )


def get_kept(scope: Scope) -> dict[str, KeptFacts]:
    """Return the promises whose day came in the period by what had become of them, by group."""
    group = dimension(scope)
    only = f"s.id IN (SELECT opportunity_id FROM pipeline_promise promise WHERE {DUE})"
    sql = f"""
    WITH {deals(scope, only=only, valued=False)}
    SELECT {group.value}, {BECAME}, array_agg(deal.id ORDER BY deal.id)
    FROM deal JOIN pipeline_promise promise ON promise.opportunity_id = deal.id {ENDED} {group.join}
    WHERE {DUE} AND promise.at <= %(moment)s GROUP BY 1, 2
    """
    found: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for name, became, ids in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        if became is not None:
            found[name][became] = tuple(ids)
    return {name: KeptFacts(**kinds) for name, kinds in sorted(found.items())}


def get_delivered(scope: Scope) -> dict[str, DeliveredFacts]:
    """Return the won deals whose delivery was checked in the period, and those that should have been, by group."""
    group = dimension(scope)
    only = f"s.outcome = '{Outcome.WON}' AND s.id IN (SELECT opportunity_id FROM pipeline_handover)"
    sql = f"""
    WITH {deals(scope, only=only, valued=False)}
    SELECT {group.value}, checked.as_sold, array_agg(deal.id ORDER BY deal.id)
    FROM deal JOIN pipeline_handover handover ON handover.opportunity_id = deal.id
    JOIN pipeline_opportunity sold ON sold.id = deal.id {CHECKED} {group.join}
    WHERE (checked.on >= %(first_day)s AND checked.on < %(last_day)s)
       OR (checked.on IS NULL AND handover.made_at <= %(moment)s AND {CHECK_DUE} <= %(today)s)
    GROUP BY 1, 2
    """
    found: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    names = {True: "as_sold", False: "differs", None: "unchecked"}
    for name, as_sold, ids in fetch(sql, scope, moment=min(scope.as_of, scope.known_at)):
        found[name][names[as_sold]] = tuple(ids)
    return {name: DeliveredFacts(**kinds) for name, kinds in sorted(found.items())}
