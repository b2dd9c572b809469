"""What entered and left each setpoint in a period, beside what stands there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.events import EventKind
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.pipeline_by_setpoint import SetpointFacts
from pipeline.queries.deal_sql import Scope, deals, dimension
from pipeline.queries.figures.cells import fetch
from pipeline.queries.figures.closed import CLOSED_IN_PERIOD
from pipeline.queries.figures.open import OpenCell
from pipeline.queries.setpoint_keys import SetpointKey
from pipeline.queries.state import KNOWN

MOVED_IN_PERIOD = f"""
SELECT opportunity_id FROM pipeline_opportunityevent
WHERE kind = '{EventKind.SETPOINT}' AND occurred_at >= %(start)s AND occurred_at < %(end)s
"""
# Every move of the deals that moved in the period: where one came from is known from the move before.
MOVED = f"""
moved AS (
    SELECT e.opportunity_id, e.seq, e.occurred_at, setpoint.id AS setpoint_id, setpoint.rank,
           lag(setpoint.id) OVER way AS from_id, lag(setpoint.rank) OVER way AS from_rank
    FROM ({KNOWN}) e LEFT JOIN pipeline_setpoint setpoint ON setpoint.id = (e.new->>'setpoint')::bigint
    WHERE e.kind = '{EventKind.SETPOINT}' AND e.opportunity_id IN ({MOVED_IN_PERIOD})
    WINDOW way AS (PARTITION BY e.opportunity_id ORDER BY e.occurred_at, e.seq)
)"""


def get_flows(scope: Scope) -> dict[tuple[str, int], dict[str, list[int]]]:
    """Return the deals of the period's moves by group and setpoint: entered, left_forward, left_back, won, lost (D-50).

    Backfilled deals have no history to move in (D-23). A repeated move to the same setpoint is none.
    """
    group = dimension(scope)
    only = f"NOT s.backfilled AND (s.id IN ({MOVED_IN_PERIOD}) OR ({CLOSED_IN_PERIOD}))"
    sql = f"""
    WITH {deals(scope, only=only, valued=False)}, {MOVED},
    change AS (
        SELECT opportunity_id, setpoint_id, 'entered' AS what FROM moved
        WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND from_id IS DISTINCT FROM setpoint_id
        UNION ALL
        SELECT opportunity_id, from_id, CASE WHEN rank > from_rank THEN 'left_forward' ELSE 'left_back' END FROM moved
        WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND from_id <> setpoint_id
        UNION ALL
        SELECT id, setpoint_id, CASE outcome WHEN %(won)s THEN 'won' ELSE 'lost' END FROM deal
        WHERE outcome <> '' AND closed_at >= %(start)s AND closed_at < %(end)s AND setpoint_id IS NOT NULL
    )
    SELECT {group.value}, change.setpoint_id, change.what, array_agg(change.opportunity_id ORDER BY change.opportunity_id)
    FROM change JOIN deal ON deal.id = change.opportunity_id {group.join} GROUP BY 1, 2, 3
    """
    flows: dict[tuple[str, int], dict[str, list[int]]] = defaultdict(dict)
    for name, setpoint_id, what, ids in fetch(sql, scope):
        flows[name, setpoint_id][what] = ids
    return dict(flows)


def setpoint_facts(
    cells: Iterable[OpenCell],
    flows: dict[tuple[str, int], dict[str, list[int]]],
    setpoints: Sequence[SetpointKey],
    evidenced: dict[tuple[str, int], list[int]],
    *,
    is_split: bool,
) -> dict[tuple[str, SetpointKey], SetpointFacts]:
    """Return stock and flow by group and setpoint, in order; every setpoint once even where nothing stands."""
    stock: dict[tuple[str, int | None], list[Bucket]] = defaultdict(list)
    for cell in cells:
        stock[cell.group, cell.setpoint_id].append(cell.deals)
    groups = sorted({group for group, _ in [*stock, *flows]}) or ([] if is_split else [""])
    return {
        (group, setpoint): SetpointFacts(
            setpoint.probability,
            total(stock.get((group, setpoint.id), ())),
            evidenced=tuple(evidenced.get((group, setpoint.id), ())),
            **{what: len(ids) for what, ids in moves.items()},
            moved={what: tuple(dict.fromkeys(ids)) for what, ids in moves.items()},
        )
        for group in groups
        for setpoint in setpoints
        for moves in [flows.get((group, setpoint.id), {})]
    }
