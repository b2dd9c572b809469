"""What is open by setpoint, and whether it is to close in the period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.figures.buckets import Bucket, total
from pipeline.figures.weighted import Weighed
from pipeline.figures.win_rate import NO_DEALS
from pipeline.queries.deal_sql import Scope, dimension, open_deals
from pipeline.queries.figures.cells import BUCKET, bucket_of, fetch
from pipeline.queries.figures.evidenced import asked_then, qualified


@dataclass(frozen=True, slots=True)
class OpenCell:
    """Deals open at one setpoint; `due` is "due" where they are to close in the period, "overdue" where that day passed.

    `is_qualified` goes by where they are claimed to stand, or by their facts where the organisation says so (D-18).
    """

    group: str
    setpoint_id: int | None
    due: str
    is_qualified: bool
    deals: Bucket


def get_open(scope: Scope) -> list[OpenCell]:
    """Return the deals open at `as_of`, in cells."""
    group = dimension(scope)
    sql = f"""
    WITH {open_deals(scope)}{asked_then(scope) if scope.by_evidence else ""}
    SELECT {group.value}, deal.setpoint_id,
           CASE WHEN deal.expected_close_on >= %(first_day)s AND deal.expected_close_on < %(last_day)s
                THEN CASE WHEN deal.expected_close_on < %(today)s THEN 'overdue' ELSE 'due' END ELSE '' END,
           {qualified(scope)}, {BUCKET}
    FROM deal {group.join} GROUP BY 1, 2, 3, 4
    """
    return [
        OpenCell(name, setpoint_id, due, is_qualified, bucket_of(bucket))
        for name, setpoint_id, due, is_qualified, *bucket in fetch(sql, scope)
    ]


def open_facts(cells: Iterable[OpenCell]) -> dict[str, tuple[Bucket, Bucket]]:
    """Add open deals up by group: the qualified and the others (D-18)."""
    found: dict[str, tuple[list[Bucket], list[Bucket]]] = defaultdict(lambda: ([], []))
    for cell in cells:
        found[cell.group][0 if cell.is_qualified else 1].append(cell.deals)
    return {group: (total(yes), total(no)) for group, (yes, no) in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class WeightedFacts:
    """Open qualified deals that are to close in the period by weight, and those whose date has passed."""

    cells: tuple[Weighed, ...] = ()
    overdue: Bucket = NO_DEALS


def weighted_facts(cells: Iterable[OpenCell], weights: dict[int, Decimal]) -> dict[str, WeightedFacts]:
    """Return what B6 sums, by group; `weights` are those of the setpoints."""
    groups: dict[str, list[OpenCell]] = defaultdict(list)
    for cell in cells:
        if cell.due and cell.is_qualified and cell.setpoint_id in weights:
            groups[cell.group].append(cell)
    return {
        group: WeightedFacts(
            cells=tuple(Weighed(weights[cell.setpoint_id or 0], cell.deals) for cell in found if cell.due == "due"),
            overdue=total(cell.deals for cell in found if cell.due == "overdue"),
        )
        for group, found in sorted(groups.items())
    }
