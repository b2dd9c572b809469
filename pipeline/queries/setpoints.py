"""Pipelines, setpoints and the criteria in force, as values."""

from collections import defaultdict
from dataclasses import replace

from django.db.models import F, QuerySet

from pipeline.enums import Evidence, Gate
from pipeline.facts import CriterionFacts, SetpointFacts
from pipeline.models import CriterionVersion, Pipeline, Setpoint


def get_pipelines() -> list[Pipeline]:
    """Return the pipelines in use, in their order."""
    return list(Pipeline.objects.filter(retired_at=None))


def get_board_setpoints(pipeline_code: str) -> list[Setpoint]:
    """Return the setpoints a board of the pipeline shows, with the pipeline; empty for an unknown one."""
    return list(
        Setpoint.objects.filter(pipeline__code=pipeline_code, retired_at=None)
        .select_related("pipeline")
        .order_by("rank")
    )


def get_criteria(pipeline_id: int) -> list[CriterionFacts]:
    """Return the criteria in force in a pipeline, lowest setpoint first."""
    rows = (
        CriterionVersion.objects.filter(
            criterion__setpoint__pipeline_id=pipeline_id,
            criterion__setpoint__retired_at=None,
            criterion__retired_at=None,
            valid_until=None,
        )
        .annotate(
            code=F("criterion__code"),
            setpoint=F("criterion__setpoint_id"),
            setpoint_name=F("criterion__setpoint__name"),
            rank=F("criterion__setpoint__rank"),
        )
        .order_by("rank", "criterion__order", "id")
        .values_list(
            "id", "number", "code", "text", "ask", "evidence", "check_code", "gate", "setpoint", "setpoint_name", "rank"
        )
    )
    return [
        CriterionFacts(version, number, code, text, ask, Evidence(evidence), check, Gate(gate), setpoint, name, rank)
        for version, number, code, text, ask, evidence, check, gate, setpoint, name, rank in rows
    ]


def get_path(pipeline_id: int) -> list[SetpointFacts]:
    """Return every setpoint of a pipeline with its cumulative criteria, lowest first; retired ones have none."""
    criteria = get_criteria(pipeline_id)
    setpoints = Setpoint.objects.filter(pipeline_id=pipeline_id).order_by("rank", "id")
    return build_path(setpoints, criteria)


def build_path(setpoints: QuerySet[Setpoint] | list[Setpoint], criteria: list[CriterionFacts]) -> list[SetpointFacts]:
    """Put setpoints and criteria together."""
    by_setpoint = defaultdict(list)
    for criterion in criteria:
        by_setpoint[criterion.setpoint_id].append(criterion)
    path: list[SetpointFacts] = []
    gathered: tuple[CriterionFacts, ...] = ()
    for row in setpoints:
        facts = _setpoint_facts(row)
        if not facts.is_retired:
            gathered += tuple(by_setpoint[row.pk])
            below = tuple(lower for lower in path if not lower.is_retired)
            facts = replace(facts, cumulative_criteria=gathered, below=below)
        path.append(facts)
    return path


def _setpoint_facts(row: Setpoint) -> SetpointFacts:
    return SetpointFacts(
        id=row.pk,
        pipeline_id=row.pipeline_id,
        code=row.code,
        name=row.name,
        meaning=row.meaning,
        rank=row.rank,
        probability=row.probability,
        stall_limit_days=row.stall_limit_days,
        is_retired=row.retired_at is not None,
    )


def find_setpoint(path: list[SetpointFacts], setpoint_id: int) -> SetpointFacts | None:
    """Return the setpoint of a path, None where the id belongs to another pipeline or to nothing."""
    return next((setpoint for setpoint in path if setpoint.id == setpoint_id), None)


def find_setpoint_id(pipeline_id: int, code: str) -> int | None:
    """Return the id of a setpoint in use by its code, None where the pipeline has none of that name."""
    found = Setpoint.objects.filter(pipeline_id=pipeline_id, code=code, retired_at=None)
    return found.values_list("pk", flat=True).first()


def get_codes() -> dict[str, dict[int, str]]:
    """Return the codes of all pipelines and setpoints by id, retired ones included, for values of events."""
    return {
        "pipeline": dict(Pipeline.objects.values_list("pk", "code")),
        "setpoint": dict(Setpoint.objects.values_list("pk", "code")),
    }
