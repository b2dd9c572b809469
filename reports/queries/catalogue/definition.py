"""What a figure is, beside its arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.queries.questions import Question, Row

DEAL_DIMENSIONS = (
    "owner", "team", "pipeline", "deal_type", "source", "campaign", "content_type", "industry", "setpoint", "month",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its section of math.md, unit, version, and how long its default period is."""

    slug: str
    section: str
    unit: str
    version: int
    rows: Callable[[Question], list[Row]]
    year_back: bool = False
    dimensions: tuple[str, ...] = DEAL_DIMENSIONS
    records: str = "deals"
    of_feedback: bool = False  # it stands on the page of what sales says of leads, not among all figures
