"""Stages, called phases on screen: optional sub-steps, each of one setpoint; chosen as a template, then one's own (LT-043)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.pipelines.refused import PipelineRefused, lock_pipeline, refuse_text
from pipeline.models import Setpoint, Stage
from pipeline.policies.stages import place_stages

NAME_LENGTH = 100


@transaction.atomic
def choose_stages(
    *, pipeline_id: int, stages: Sequence[tuple[str, Decimal]], by: User | None, at: datetime
) -> list[Stage]:
    """Give a pipeline without stages those of a template: names, each with the weight from which on it is worked at.

    :raises PipelineRefused: it has stages in use, or no setpoint
    """
    lock_pipeline(pipeline_id, by=by)
    if Stage.objects.filter(setpoint__pipeline_id=pipeline_id, retired_at=None).exists():
        raise PipelineRefused(Refusal.of("has_stages"))
    in_use = Setpoint.objects.filter(pipeline_id=pipeline_id, retired_at=None)
    weights = dict(in_use.values_list("pk", "probability"))
    if not weights:
        raise PipelineRefused(Refusal.of("last_setpoint"))
    places = place_stages([weight for _, weight in stages], weights)
    return Stage.objects.bulk_create(
        Stage(setpoint_id=place, name=name, order=order)
        for order, ((name, _), place) in enumerate(zip(stages, places, strict=True))
    )


@transaction.atomic
def add_stage(*, setpoint_id: int, name: str, by: User | None, at: datetime) -> Stage:
    """Add a stage after those a setpoint has.

    :raises PipelineRefused: it has no name, or one that the setpoint has, or the setpoint is not in use
    """
    setpoint = _lock_setpoint(setpoint_id, by=by)
    _refuse_name(setpoint, name, except_id=None)
    last = Stage.objects.filter(setpoint=setpoint).aggregate(last=Max("order"))["last"]
    return Stage.objects.create(setpoint=setpoint, name=name.strip(), order=0 if last is None else last + 1)


@transaction.atomic
def edit_stage(*, stage_id: int, name: str, setpoint_id: int, by: User | None, at: datetime) -> Stage:
    """Name a stage anew, or make it one of another setpoint of its pipeline, where it comes last.

    Deals that were in it stay where they stand: each is then in the first stage of its own setpoint.

    :raises PipelineRefused: it has no name, or one that the setpoint has; or the setpoint is another pipeline's
    """
    stage = _lock_stage(stage_id, by=by)
    setpoint = _lock_setpoint(setpoint_id, by=by)
    if setpoint.pipeline_id != stage.setpoint.pipeline_id:
        raise PipelineRefused(Refusal.of("other_pipeline", field="setpoint_id"))
    _refuse_name(setpoint, name, except_id=stage.pk)
    if setpoint.pk != stage.setpoint_id:
        last = Stage.objects.filter(setpoint=setpoint).aggregate(last=Max("order"))["last"]
        stage.setpoint, stage.order = setpoint, 0 if last is None else last + 1
    stage.name = name.strip()
    stage.save(update_fields=["setpoint", "name", "order"])
    return stage


@transaction.atomic
def move_stage(*, stage_id: int, up: bool, by: User | None, at: datetime) -> Stage:
    """Put a stage one place earlier or later within its setpoint.

    :raises PipelineRefused: there is no place further on
    """
    stage = _lock_stage(stage_id, by=by)
    order = list(Stage.objects.filter(setpoint=stage.setpoint_id, retired_at=None).order_by("order", "pk"))
    here = next((place for place, each in enumerate(order) if each.pk == stage_id), -1)
    there = here + (-1 if up else 1)
    if here < 0 or not 0 <= there < len(order):
        raise PipelineRefused(Refusal.of("no_further_place", setpoint=stage.name))
    order[here], order[there] = order[there], order[here]
    for place, each in enumerate(order):
        each.order = place
    Stage.objects.bulk_update(order, ["order"])
    return stage


@transaction.atomic
def retire_stage(*, stage_id: int, by: User | None, at: datetime) -> Stage:
    """Use a stage no more; deals that were in it are in the first of their setpoint, and their history stays."""
    stage = _lock_stage(stage_id, by=by)
    if stage.retired_at is None:
        stage.retired_at = at
        stage.save(update_fields=["retired_at"])
    return stage


def _lock_stage(stage_id: int, *, by: User | None) -> Stage:
    stage = Stage.objects.select_related("setpoint").get(pk=stage_id)
    lock_pipeline(stage.setpoint.pipeline_id, by=by)
    stage.refresh_from_db()
    return stage


def _lock_setpoint(setpoint_id: int, *, by: User | None) -> Setpoint:
    setpoint = Setpoint.objects.filter(pk=setpoint_id, retired_at=None).first()
    if setpoint is None:
        raise PipelineRefused(Refusal.of("setpoint_gone", field="setpoint_id"))
    lock_pipeline(setpoint.pipeline_id, by=by)
    return setpoint


def _refuse_name(setpoint: Setpoint, name: str, *, except_id: int | None) -> None:
    refused = refuse_text("name", name, NAME_LENGTH)
    others = Stage.objects.filter(setpoint__pipeline=setpoint.pipeline_id, retired_at=None).exclude(pk=except_id or 0)
    if others.filter(name__iexact=name.strip()).exists():
        refused.append(Refusal.of("stage_name_taken", field="name", name=name.strip()))
    if refused:
        raise PipelineRefused(refused)
