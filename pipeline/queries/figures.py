"""Set-based queries that give figures their sufficient statistics (D-14); one statement each.

Deals come as cells of a small cube, from which several figures are added up: what closed in the period by fate, reason,
competitor and sector; what is open by setpoint and whether it is to close in the period.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.figures.arithmetic import median
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.pipeline_by_setpoint import SetpointFacts
from pipeline.figures.weighted import Weighed
from pipeline.figures.win_rate import NO_DEALS, ClosedFacts
from pipeline.queries.deal_sql import ACCOUNT, Scope, deals, dimension
from pipeline.queries.setpoint_keys import SetpointKey
from pipeline.queries.state import KNOWN

CLOSED_IN_PERIOD = "s.outcome <> '' AND s.closed_at >= %(start)s AND s.closed_at < %(end)s"
OPEN = "s.outcome = ''"

BUCKET = """
count(*), coalesce(sum(deal.value), 0), coalesce(sum(deal.at_plan), 0), coalesce(sum(deal.value * deal.value), 0),
coalesce(max(deal.value), 0), array_agg(deal.id),
array_agg(deal.id) FILTER (WHERE deal.amount IS NOT NULL AND deal.value IS NULL),
array_agg(deal.id) FILTER (WHERE deal.amount IS NULL)
"""


def fetch(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    """Run one statement with the scope's parameters.

    Wrapped, because what does not begin with SELECT gets the audit's context put in front of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) answer", {**scope.parameters(), **more})
        return list(cursor.fetchall())


def _bucket(row: Sequence[Any]) -> Bucket:
    count, amount, at_plan, squares, largest, ids, no_rate, no_amount = row
    return Bucket(
        count,
        amount,
        at_plan,
        squares,
        largest,
        ids=tuple(sorted(ids)),
        no_rate=tuple(sorted(no_rate or ())),
        no_amount=tuple(sorted(no_amount or ())),
    )


@dataclass(frozen=True, slots=True)
class ClosedCell:
    """Deals that closed in the period alike; `fate` tells declined before 50% from later (D-19), `values` what won deals
    were worth."""

    group: str
    fate: str
    reason: str
    competitor_id: int | None
    industry: str
    deals: Bucket
    values: tuple[Decimal, ...] = ()

    @property
    def outcome(self) -> str:
        """Return the outcome without regard to how far the deal had come."""
        return Outcome.DECLINED if self.fate in ("declined_late", "declined_early") else self.fate


REACHED_HALF = f"""
SELECT FROM ({KNOWN}) e JOIN pipeline_setpoint half ON half.id = (e.new->>'setpoint')::bigint
WHERE e.opportunity_id = deal.id AND e.kind = '{EventKind.SETPOINT}' AND half.probability >= 0.5
"""
FATE = f"""
CASE WHEN deal.outcome <> '{Outcome.DECLINED}' THEN deal.outcome
     WHEN EXISTS ({REACHED_HALF}) THEN 'declined_late' ELSE 'declined_early' END
"""


def get_closed(scope: Scope) -> list[ClosedCell]:
    """Return the deals closed in the period, in cells."""
    group, account = dimension(scope), ACCOUNT.format(t="deal")
    sql = f"""
    WITH {deals(scope, only=CLOSED_IN_PERIOD)}
    SELECT {group.value}, {FATE}, coalesce(deal.reason, ''), deal.competitor_id, account.industry,
           array_agg(deal.value) FILTER (WHERE deal.outcome = %(won)s AND deal.value IS NOT NULL), {BUCKET}
    FROM deal {account} {group.join if group.join != account else ""}
    GROUP BY 1, 2, 3, 4, 5
    """
    return [
        ClosedCell(name, fate, reason, competitor_id, industry, _bucket(bucket), tuple(values or ()))
        for name, fate, reason, competitor_id, industry, values, *bucket in fetch(sql, scope)
    ]


def closed_facts(
    cells: Iterable[ClosedCell], voided: Mapping[tuple[str, str], int], *, by_industry: bool = False
) -> dict[str, ClosedFacts]:
    """Add cells up by group, or by sector whatever the group, and by fate; with the outcomes a reopening voided."""
    found: dict[str, dict[str, list[ClosedCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        found[cell.industry if by_industry else cell.group][cell.fate].append(cell)
    taken_back: Counter[str] = Counter()
    for (group, industry), count in voided.items():
        taken_back[industry if by_industry else group] += count
    return {
        key: ClosedFacts(
            **{fate: _together(cells) for fate, cells in found.get(key, {}).items()}, voided=taken_back[key]
        )
        for key in sorted({*found, *taken_back})
    }


def _together(cells: Sequence[ClosedCell]) -> Bucket:
    values = [value for cell in cells for value in cell.values]
    return replace(total(cell.deals for cell in cells), middle=median(values) if values else None)


def lost_cells(cells: Iterable[ClosedCell]) -> dict[tuple[str, str, str, int | None], Bucket]:
    """Add up what closed otherwise than won, by group, outcome, reason code and competitor (D-50)."""
    found: dict[tuple[str, str, str, int | None], list[Bucket]] = defaultdict(list)
    for cell in cells:
        if cell.outcome != Outcome.WON:
            found[cell.group, cell.outcome, cell.reason, cell.competitor_id].append(cell.deals)
    return {key: total(buckets) for key, buckets in found.items()}


TAKEN_BACK = f"e.kind = '{EventKind.REOPENED}' AND (e.detail->>'voids_outcome')::boolean"
REOPENED = f"""
SELECT e.opportunity_id FROM pipeline_opportunityevent e
WHERE e.kind = '{EventKind.REOPENED}' AND e.occurred_at >= %(start)s AND e.occurred_at <= %(as_of)s
  AND e.recorded_at <= %(known_at)s
"""


def get_voided(scope: Scope) -> dict[tuple[str, str], int]:
    """Count the closings of the period that a reopening took back, by group and sector.

    That is the `closed` just before each `reopened`.
    """
    group, account = dimension(scope), ACCOUNT.format(t="deal")
    sql = f"""
    WITH {deals(scope, only=f"s.id IN ({REOPENED})", valued=False)},
    ends AS (
        SELECT e.opportunity_id, e.kind, e.occurred_at, lead({TAKEN_BACK}) OVER (
                   PARTITION BY e.opportunity_id ORDER BY e.occurred_at, e.seq) AS taken_back
        FROM ({KNOWN}) e
        WHERE e.kind IN ('{EventKind.CLOSED}', '{EventKind.REOPENED}') AND e.opportunity_id IN ({REOPENED})
    )
    SELECT {group.value}, account.industry, count(*)
    FROM ends JOIN deal ON deal.id = ends.opportunity_id {account} {group.join if group.join != account else ""}
    WHERE ends.kind = '{EventKind.CLOSED}' AND ends.taken_back
      AND ends.occurred_at >= %(start)s AND ends.occurred_at < %(end)s
    GROUP BY 1, 2
    """
    return {(name, industry): count for name, industry, count in fetch(sql, scope)}


@dataclass(frozen=True, slots=True)
class OpenCell:
    """Deals open at one setpoint; `due` is "due" where they are to close in the period, "overdue" where that day passed."""

    group: str
    setpoint_id: int | None
    due: str
    deals: Bucket


def get_open(scope: Scope) -> list[OpenCell]:
    """Return the deals open at `as_of`, in cells."""
    group = dimension(scope)
    sql = f"""
    WITH {deals(scope, only=OPEN)}
    SELECT {group.value}, deal.setpoint_id,
           CASE WHEN deal.expected_close_on >= %(first_day)s AND deal.expected_close_on < %(last_day)s
                THEN CASE WHEN deal.expected_close_on < %(today)s THEN 'overdue' ELSE 'due' END ELSE '' END,
           {BUCKET}
    FROM deal {group.join} GROUP BY 1, 2, 3
    """
    return [OpenCell(name, setpoint_id, due, _bucket(bucket)) for name, setpoint_id, due, *bucket in fetch(sql, scope)]


def open_facts(cells: Iterable[OpenCell], qualified_ids: frozenset[int]) -> dict[str, tuple[Bucket, Bucket]]:
    """Add open deals up by group: the qualified and the others (D-18)."""
    found: dict[str, tuple[list[Bucket], list[Bucket]]] = defaultdict(lambda: ([], []))
    for cell in cells:
        found[cell.group][0 if cell.setpoint_id in qualified_ids else 1].append(cell.deals)
    return {group: (total(qualified), total(others)) for group, (qualified, others) in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class WeightedFacts:
    """Open qualified deals that are to close in the period by weight, and those whose date has passed."""

    cells: tuple[Weighed, ...] = ()
    overdue: Bucket = NO_DEALS


def weighted_facts(cells: Iterable[OpenCell], weights: dict[int, Decimal]) -> dict[str, WeightedFacts]:
    """Return what B6 sums, by group; `weights` are those of the qualified setpoints."""
    groups: dict[str, list[OpenCell]] = defaultdict(list)
    for cell in cells:
        if cell.due and cell.setpoint_id in weights:
            groups[cell.group].append(cell)
    return {
        group: WeightedFacts(
            cells=tuple(Weighed(weights[cell.setpoint_id or 0], cell.deals) for cell in found if cell.due == "due"),
            overdue=total(cell.deals for cell in found if cell.due == "overdue"),
        )
        for group, found in sorted(groups.items())
    }


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
            **{what: len(ids) for what, ids in moves.items()},
            moved={what: tuple(dict.fromkeys(ids)) for what, ids in moves.items()},
        )
        for group in groups
        for setpoint in setpoints
        for moves in [flows.get((group, setpoint.id), {})]
    }
