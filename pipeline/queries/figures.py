"""Set-based queries that give figures their sufficient statistics (D-14); one statement each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.pipeline_by_setpoint import SetpointFacts
from pipeline.figures.weighted import Weighed
from pipeline.figures.win_rate import NO_DEALS, ClosedFacts
from pipeline.models import Setpoint
from pipeline.queries.deal_sql import Scope, deals, dimension
from pipeline.queries.state import KNOWN

CLOSED_IN_PERIOD = "s.outcome <> '' AND s.closed_at >= %(start)s AND s.closed_at < %(end)s"
OPEN = "s.outcome = ''"
ZERO = Decimal(0)

BUCKET = """
count(*), coalesce(sum(deal.value), 0), coalesce(sum(deal.at_plan), 0), coalesce(sum(deal.value * deal.value), 0),
coalesce(max(deal.value), 0), percentile_cont(0.5) WITHIN GROUP (ORDER BY deal.value),
array_agg(deal.id ORDER BY deal.id),
array_agg(deal.id ORDER BY deal.id) FILTER (WHERE deal.amount IS NOT NULL AND deal.value IS NULL),
array_agg(deal.id ORDER BY deal.id) FILTER (WHERE deal.amount IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A bucket of deals with the group asked for (`by`) and the cell's own keys."""

    group: str
    keys: tuple[Any, ...]
    deals: Bucket


def fetch(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    """Run one statement with the scope's parameters."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {**scope.parameters(), **more})
        return list(cursor.fetchall())


def _buckets(scope: Scope, *, only: str, keys: Iterable[str]) -> list[Cell]:
    names = list(keys)
    columns = "".join(f"{name}, " for name in names)
    grouping = ", ".join(str(number + 1) for number in range(len(names) + 1))
    sql = f"""
    WITH {deals(scope, only=only)}
    SELECT {dimension(scope)}, {columns}{BUCKET} FROM deal GROUP BY {grouping} ORDER BY {grouping}
    """
    return [_cell(row, len(names)) for row in fetch(sql, scope)]


def _cell(row: tuple[Any, ...], keys: int) -> Cell:
    count, amount, at_plan, squares, largest, middle, ids, no_rate, no_amount = row[keys + 1 :]
    bucket = Bucket(
        count=count,
        amount=amount,
        at_plan=at_plan,
        squares=squares,
        largest=largest,
        middle=None if middle is None else Decimal(str(middle)),
        ids=tuple(ids),
        no_rate=tuple(no_rate or ()),
        no_amount=tuple(no_amount or ()),
    )
    return Cell(group=row[0], keys=row[1 : keys + 1], deals=bucket)


FATE = f"""
CASE deal.outcome WHEN '{Outcome.DECLINED}' THEN CASE WHEN deal.reached_half THEN 'declined_late' ELSE 'declined_early' END
                  ELSE deal.outcome END
"""


def get_closed(scope: Scope) -> dict[str, ClosedFacts]:
    """Return the deals closed in the period by group and fate (D-19), with the outcomes a reopening voided."""
    groups: dict[str, dict[str, Bucket]] = defaultdict(dict)
    for cell in _buckets(scope, only=CLOSED_IN_PERIOD, keys=[FATE]):
        groups[cell.group][cell.keys[0]] = cell.deals
    voided = _voided_outcomes(scope)
    return {
        group: ClosedFacts(**groups.get(group, {}), voided=voided.get(group, 0)) for group in sorted({*groups, *voided})
    }


TAKEN_BACK = f"e.kind = '{EventKind.REOPENED}' AND (e.detail->>'voids_outcome')::boolean"


def _voided_outcomes(scope: Scope) -> dict[str, int]:
    """Count closings of the period that a reopening took back: the `closed` just before each `reopened`."""
    sql = f"""
    WITH {deals(scope, only="true")},
    ends AS (
        SELECT e.opportunity_id, e.kind, e.occurred_at, lead({TAKEN_BACK}) OVER (
                   PARTITION BY e.opportunity_id ORDER BY e.occurred_at, e.seq) AS taken_back
        FROM ({KNOWN}) e WHERE e.kind IN ('{EventKind.CLOSED}', '{EventKind.REOPENED}')
    )
    SELECT {dimension(scope)}, count(*) FROM ends JOIN deal ON deal.id = ends.opportunity_id
    WHERE ends.kind = '{EventKind.CLOSED}' AND ends.taken_back
      AND ends.occurred_at >= %(start)s AND ends.occurred_at < %(end)s
    GROUP BY 1
    """
    if not _has_reopenings(scope):
        return {}
    return dict(fetch(sql, scope))


def _has_reopenings(scope: Scope) -> bool:
    """Tell whether anything was reopened since the period began: rarely, and folding all deals is not free."""
    sql = f"""SELECT EXISTS (SELECT 1 FROM pipeline_opportunityevent e WHERE e.kind = '{EventKind.REOPENED}'
              AND e.occurred_at >= %(start)s AND e.occurred_at <= %(as_of)s AND e.recorded_at <= %(known_at)s)"""
    return bool(fetch(sql, scope)[0][0])


def get_lost(scope: Scope) -> list[Cell]:
    """Return the deals closed otherwise than won in the period; keys: outcome, reason code, competitor id (D-50)."""
    only = f"{CLOSED_IN_PERIOD} AND s.outcome <> '{Outcome.WON}'"
    return _buckets(scope, only=only, keys=["deal.outcome", "coalesce(deal.reason, '')", "deal.competitor_id"])


def get_open(scope: Scope) -> dict[str, tuple[Bucket, Bucket]]:
    """Return qualified and unqualified open deals at `as_of` by group (D-18)."""
    found: dict[str, dict[bool, Bucket]] = defaultdict(dict)
    for cell in _buckets(scope, only=OPEN, keys=["deal.qualified"]):
        found[cell.group][cell.keys[0]] = cell.deals
    return {group: (parts.get(True, Bucket()), parts.get(False, Bucket())) for group, parts in found.items()}


@dataclass(frozen=True, slots=True)
class WeightedFacts:
    """Open qualified deals that are to close in the period by weight, and those whose date has passed."""

    cells: tuple[Weighed, ...] = ()
    overdue: Bucket = NO_DEALS


def get_weighted(scope: Scope) -> dict[str, WeightedFacts]:
    """Return what B6 sums, by group."""
    only = f"{OPEN} AND s.expected_close_on >= %(first_day)s AND s.expected_close_on < %(last_day)s"
    late = "deal.expected_close_on < %(today)s"
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in _buckets(scope, only=only, keys=["deal.qualified", late, "deal.probability"]):
        if cell.keys[0]:
            groups[cell.group].append(cell)
    return {
        group: WeightedFacts(
            cells=tuple(Weighed(cell.keys[2], cell.deals) for cell in cells if not cell.keys[1]),
            overdue=total(cell.deals for cell in cells if cell.keys[1]),
        )
        for group, cells in groups.items()
    }


@dataclass(frozen=True, slots=True)
class SetpointKey:
    """A setpoint as figures name it; `qualified` is D-18."""

    id: int
    code: str
    name: str
    pipeline_code: str
    rank: int
    probability: Decimal


def get_setpoints(pipeline_id: int | None = None) -> list[SetpointKey]:
    """Return the setpoints in use, by pipeline and rank; of one pipeline or of all."""
    rows = Setpoint.objects.filter(retired_at=None, pipeline__retired_at=None).order_by(
        "pipeline__order", "pipeline", "rank"
    )
    if pipeline_id is not None:
        rows = rows.filter(pipeline_id=pipeline_id)
    fields = ("id", "code", "name", "pipeline__code", "rank", "probability")
    return [SetpointKey(*row) for row in rows.values_list(*fields)]


MOVED = f"""
moved AS (
    SELECT e.opportunity_id, e.seq, e.occurred_at, setpoint.id AS setpoint_id, setpoint.rank,
           lag(setpoint.id) OVER way AS from_id, lag(setpoint.rank) OVER way AS from_rank
    FROM ({KNOWN}) e JOIN pipeline_setpoint setpoint ON setpoint.id = (e.new->>'setpoint')::bigint
    WHERE e.kind = '{EventKind.SETPOINT}'
    WINDOW way AS (PARTITION BY e.opportunity_id ORDER BY e.occurred_at, e.seq)
)"""


def get_flows(scope: Scope) -> dict[tuple[str, int], dict[str, int]]:
    """Return the period's moves by group and setpoint: entered, left_forward, left_back, won, lost (D-50).

    Backfilled deals have no history to move in (D-23). A repeated move to the same setpoint is none.
    """
    sql = f"""
    WITH {deals(scope, only="NOT o.backfilled")}, {MOVED},
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
    SELECT {dimension(scope)}, change.setpoint_id, change.what, count(*)
    FROM change JOIN deal ON deal.id = change.opportunity_id GROUP BY 1, 2, 3
    """
    flows: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for group, setpoint_id, what, count in fetch(sql, scope):
        flows[group, setpoint_id][what] = count
    return flows


def get_stock(scope: Scope) -> dict[tuple[str, int], Bucket]:
    """Return the open deals at `as_of` by group and setpoint."""
    return {(cell.group, cell.keys[0]): cell.deals for cell in _buckets(scope, only=OPEN, keys=["deal.setpoint_id"])}


def get_setpoint_facts(scope: Scope) -> dict[tuple[str, SetpointKey], SetpointFacts]:
    """Return stock and flow by group and setpoint, in order; every setpoint once even where nothing stands."""
    stock, flows = get_stock(scope), get_flows(scope)
    groups = sorted({group for group, _ in [*stock, *flows]}) or ([] if scope.by else [""])
    return {
        (group, setpoint): SetpointFacts(
            setpoint.probability, stock.get((group, setpoint.id), Bucket()), **flows.get((group, setpoint.id), {})
        )
        for group in groups
        for setpoint in get_setpoints(scope.pipeline_id)
    }
