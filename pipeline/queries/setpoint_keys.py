"""Setpoints as figures and reports name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.models import Setpoint

QUALIFIED_FROM = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class SetpointKey:
    """A setpoint; retired ones still weigh and qualify the deals that stand there."""

    id: int
    code: str
    name: str
    pipeline_id: int
    pipeline_code: str
    rank: int
    probability: Decimal
    is_in_use: bool

    @property
    def is_qualified(self) -> bool:
        """Whether a deal that stands here is qualified (D-18)."""
        return self.probability >= QUALIFIED_FROM


def get_setpoint_keys() -> list[SetpointKey]:
    """Return every setpoint there ever was, by pipeline and rank."""
    rows = Setpoint.objects.order_by("pipeline__order", "pipeline", "rank").values_list(
        "id",
        "code",
        "name",
        "pipeline_id",
        "pipeline__code",
        "rank",
        "probability",
        "retired_at",
        "pipeline__retired_at",
    )
    return [SetpointKey(*row[:7], is_in_use=row[7] is None and row[8] is None) for row in rows]


def in_use(setpoints: Sequence[SetpointKey], pipeline_id: int | None) -> list[SetpointKey]:
    """Return those a person meets today, of one pipeline or of all."""
    return [key for key in setpoints if key.is_in_use and pipeline_id in (None, key.pipeline_id)]
