"""What closed in a period by fate, reason, competitor and sector, and what a reopening took back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.figures.arithmetic import median
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.win_rate import ClosedFacts
from pipeline.queries.deal_sql import ACCOUNT, Scope, deals, dimension
from pipeline.queries.figures.cells import BUCKET, bucket_of, fetch
from pipeline.queries.state import KNOWN

CLOSED_IN_PERIOD = "s.outcome <> '' AND s.closed_at >= %(start)s AND s.closed_at < %(end)s"


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
        ClosedCell(name, fate, reason, competitor_id, industry, bucket_of(bucket), tuple(values or ()))
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
