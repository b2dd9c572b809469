"""Pipelines as a whole (P-1): made like another one, renamed, retired."""

from datetime import datetime

from django.db import transaction

from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.pipelines.refused import PipelineRefused, free_code, lock_pipeline, refuse_text
from pipeline.models import Criterion, CriterionVersion, Opportunity, Pipeline, Setpoint, Stage
from pipeline.models.opportunities import OPEN

NAME_LENGTH = 100


@transaction.atomic
def add_pipeline(*, name: str, like_id: int, by: User | None, at: datetime) -> Pipeline:
    """Make a pipeline with the setpoints and criteria of another one, to be changed from there.

    :raises PipelineRefused: it has no name, or one that another has
    """
    model = lock_pipeline(like_id, by=by)
    _refuse_name(name, except_id=None)
    codes = set(Pipeline.objects.values_list("code", flat=True))
    made = Pipeline.objects.create(
        code=free_code(name, codes, otherwise="pipeline"), name=name.strip(), order=Pipeline.objects.count()
    )
    _copy_setpoints(model, made, at=at)
    return made


def _copy_setpoints(model: Pipeline, made: Pipeline, *, at: datetime) -> None:
    setpoints = list(Setpoint.objects.filter(pipeline=model, retired_at=None).order_by("rank"))
    copies = Setpoint.objects.bulk_create(
        Setpoint(
            pipeline=made, code=each.code, name=each.name, meaning=each.meaning, rank=each.rank,
            probability=each.probability, stall_limit_days=each.stall_limit_days, guidance=each.guidance,
            key_fields=each.key_fields,
        )
        for each in setpoints
    )  # fmt: skip
    copy_of = dict(zip((each.pk for each in setpoints), copies, strict=True))
    Stage.objects.bulk_create(
        Stage(setpoint=copy_of[each.setpoint_id], name=each.name, order=each.order)
        for each in Stage.objects.filter(setpoint__in=setpoints, retired_at=None).order_by("pk")
    )
    versions = list(
        CriterionVersion.objects.filter(criterion__setpoint__in=setpoints, criterion__retired_at=None, valid_until=None)
        .select_related("criterion")
        .order_by("criterion__setpoint__rank", "criterion__order", "pk")
    )
    criteria = Criterion.objects.bulk_create(
        Criterion(setpoint=copy_of[each.criterion.setpoint_id], code=each.criterion.code, order=each.criterion.order)
        for each in versions
    )
    CriterionVersion.objects.bulk_create(
        CriterionVersion(
            criterion=criterion, number=1, text=each.text, ask=each.ask, evidence=each.evidence,
            check_code=each.check_code, gate=each.gate, deal_types=each.deal_types, valid_from=at,
        )
        for criterion, each in zip(criteria, versions, strict=True)
    )  # fmt: skip


@transaction.atomic
def edit_pipeline(*, pipeline_id: int, name: str, by: User | None, at: datetime) -> Pipeline:
    """Rename a pipeline; its code, which addresses and imports use, stays.

    :raises PipelineRefused: it has no name, or one that another has
    """
    pipeline = lock_pipeline(pipeline_id, by=by)
    _refuse_name(name, except_id=pipeline_id)
    pipeline.name = name.strip()
    pipeline.save(update_fields=["name"])
    return pipeline


def _refuse_name(name: str, *, except_id: int | None) -> None:
    refused = refuse_text("name", name, NAME_LENGTH)
    others = Pipeline.objects.exclude(pk=except_id) if except_id else Pipeline.objects.all()
    if others.filter(name__iexact=name.strip()).exists():
        refused.append(Refusal.of("name_taken", field="name", name=name.strip()))
    if refused:
        raise PipelineRefused(refused)


@transaction.atomic
def retire_pipeline(*, pipeline_id: int, by: User | None, at: datetime) -> Pipeline:
    """Use a pipeline no more; its history stays, and so do its figures.

    :raises PipelineRefused: open deals are in it, or it is the last one
    """
    pipeline = lock_pipeline(pipeline_id, by=by)
    list(Setpoint.objects.select_for_update().filter(pipeline=pipeline))  # waits for deals on their way here
    deals = Opportunity.objects.filter(OPEN, pipeline=pipeline).count()
    if deals:
        raise PipelineRefused(Refusal.of("pipeline_in_use", name=pipeline.name, count=deals))
    if not Pipeline.objects.exclude(pk=pipeline_id).filter(retired_at=None).exists():
        raise PipelineRefused(Refusal.of("last_pipeline"))
    if pipeline.retired_at is None:
        pipeline.retired_at = at
        pipeline.save(update_fields=["retired_at"])
    return pipeline


@transaction.atomic
def restore_pipeline(*, pipeline_id: int, by: User | None, at: datetime) -> Pipeline:
    """Use a retired pipeline again."""
    pipeline = lock_pipeline(pipeline_id, by=by)
    pipeline.retired_at = None
    pipeline.save(update_fields=["retired_at"])
    return pipeline
