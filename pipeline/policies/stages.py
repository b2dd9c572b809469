"""Phases of a sale, which are sub-steps of a setpoint: figures know setpoints only (LT-043, FI-002)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crm.lib.values import Refusal
from pipeline.facts import SetpointFacts, StageFacts


def standing_stage(setpoint: SetpointFacts | None, stage_id: int | None) -> StageFacts | None:
    """Return the stage a deal is in: the one it was put to if its setpoint has it, else the first there.

    So a deal that moves is never in a stage of a setpoint it left, and there is nothing to keep in step.
    """
    if setpoint is None or not setpoint.stages:
        return None
    return next((stage for stage in setpoint.stages if stage.id == stage_id), setpoint.stages[0])


def stage_refusals(setpoint: SetpointFacts | None, stage_id: int | None, *, is_open: bool) -> list[Refusal]:
    """Return why a deal may not be put to a stage: it is closed, or its setpoint has no such stage in use."""
    if not is_open:
        return [Refusal.of("deal_closed")]
    if stage_id is None or (setpoint is not None and any(stage.id == stage_id for stage in setpoint.stages)):
        return []
    return [Refusal.of("stage_elsewhere", field="stage_id")]


def place_stages(weights: Sequence[Decimal], setpoints: Mapping[int, Decimal]) -> list[int]:
    """Return the setpoint each stage of a template belongs to: the highest that weighs no more than it, else the first."""
    lowest = min(setpoints, key=lambda each: setpoints[each])
    found = []
    for weight in weights:
        under = [each for each, share in setpoints.items() if share <= weight]
        found.append(max(under, key=lambda each: setpoints[each], default=lowest))
    return found
