"""Setpoints as figures and reports name them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.models import Setpoint


@dataclass(frozen=True, slots=True)
class SetpointKey:
    """A setpoint; retired ones still weigh the deals that stand there."""

    id: int
    code: str
    name: str
    pipeline_id: int
    pipeline_code: str
    rank: int
    probability: Decimal
    is_in_use: bool
    pipeline_name: str = ""


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
        "pipeline__name",
    )
    return [SetpointKey(*row[:7], is_in_use=row[7] is None and row[8] is None, pipeline_name=row[9]) for row in rows]


def shown(
    setpoints: Sequence[SetpointKey], pipeline_id: int | None, *, found: Collection[int | None]
) -> list[SetpointKey]:
    """Return those a figure has a row for: of the pipeline asked for, else of each that has deals, or of the first.

    `found` are those that anything stands at or went through: a retired one is told of as long as that is so.
    """
    busy = {key.pipeline_id for key in setpoints if key.id in found} if pipeline_id is None else {pipeline_id}
    busy = busy or {key.pipeline_id for key in [key for key in setpoints if key.is_in_use][:1]}
    return [key for key in setpoints if key.pipeline_id in busy and (key.is_in_use or key.id in found)]
