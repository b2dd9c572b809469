"""The only writers of pipelines, setpoints, criteria and stages: an administrator's work, none of it loses history."""

from pipeline.commands.pipelines.criteria import (
    add_criterion,
    change_criterion,
    restore_criterion,
    retire_criterion,
)
from pipeline.commands.pipelines.refused import PipelineRefused
from pipeline.commands.pipelines.setpoints import (
    add_setpoint,
    edit_setpoint,
    move_setpoint,
    restore_setpoint,
    retire_setpoint,
)
from pipeline.commands.pipelines.stages import add_stage, choose_stages, edit_stage, move_stage, retire_stage
from pipeline.commands.pipelines.whole import add_pipeline, edit_pipeline, restore_pipeline, retire_pipeline

__all__ = [
    "PipelineRefused",
    "add_criterion",
    "add_pipeline",
    "add_setpoint",
    "add_stage",
    "change_criterion",
    "choose_stages",
    "edit_pipeline",
    "edit_setpoint",
    "edit_stage",
    "move_setpoint",
    "move_stage",
    "restore_criterion",
    "restore_pipeline",
    "restore_setpoint",
    "retire_criterion",
    "retire_pipeline",
    "retire_setpoint",
    "retire_stage",
]
