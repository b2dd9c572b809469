"""Pipelines, setpoints and the criteria in force, as values."""

from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from pipeline.enums import Evidence, Gate
from pipeline.facts import CriterionFacts, SetpointFacts, StageFacts
from pipeline.models import Pipeline, Setpoint


def get_pipelines() -> list[Pipeline]:
    """Return the pipelines in use, in their order."""
    return list(Pipeline.objects.filter(retired_at=None))


STAGES = """FROM pipeline_stage stage
    WHERE stage.setpoint_id = setpoint.id AND stage.retired_at IS NULL ORDER BY stage."order", stage.id"""
PATH = f"""
SELECT setpoint.id, setpoint.pipeline_id, setpoint.code, setpoint.name, setpoint.meaning, setpoint.rank,
    setpoint.probability, setpoint.stall_limit_days, setpoint.retired_at IS NOT NULL, setpoint.guidance, setpoint.key_fields,
    ARRAY(SELECT stage.id {STAGES}), ARRAY(SELECT stage.name {STAGES}),
    version.id, version.number, criterion.code, version.text, version.ask, version.evidence, version.check_code, version.gate,
    criterion.id, version.deal_types
FROM pipeline_setpoint setpoint
LEFT JOIN (pipeline_criterion criterion JOIN pipeline_criterionversion version ON version.criterion_id = criterion.id)
    ON criterion.setpoint_id = setpoint.id AND criterion.retired_at IS NULL AND version.valid_until IS NULL
    AND setpoint.retired_at IS NULL
WHERE setpoint.pipeline_id = %s
ORDER BY setpoint.rank, setpoint.id, criterion."order", version.id
"""
SETPOINT_COLUMNS = 13
# Whoever retires a setpoint waits for those who are putting a deal there, and they for him; they never for each other.
HELD = "FOR KEY SHARE OF setpoint"


def get_path(pipeline_id: int, *, held: bool = False) -> list[SetpointFacts]:
    """Return every setpoint of a pipeline with its cumulative criteria, lowest first; retired ones have none.

    `held` keeps those in use in use until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{PATH} {HELD}" if held else PATH, [pipeline_id])
        rows = cursor.fetchall()
    path: list[SetpointFacts] = []
    gathered: tuple[CriterionFacts, ...] = ()
    for columns, of_setpoint in groupby(rows, key=itemgetter(slice(SETPOINT_COLUMNS))):
        *told, key_fields, stage_ids, stage_names = columns
        values: tuple[Any, ...] = (*told, tuple(key_fields), tuple(map(StageFacts, stage_ids, stage_names)))
        facts = SetpointFacts(*values)
        if not facts.is_retired:
            gathered += tuple(_criterion(facts, row[SETPOINT_COLUMNS:]) for row in of_setpoint if row[SETPOINT_COLUMNS])
            below = tuple(lower for lower in path if not lower.is_retired)
            facts = replace(facts, cumulative_criteria=gathered, below=below)
        path.append(facts)
    return path


def get_criteria(pipeline_id: int) -> tuple[CriterionFacts, ...]:
    """Return the criteria in force in a pipeline, lowest setpoint first."""
    return every_criterion(get_path(pipeline_id))


def every_criterion(path: list[SetpointFacts]) -> tuple[CriterionFacts, ...]:
    """Return the criteria of a path, lowest setpoint first."""
    return next((each.cumulative_criteria for each in reversed(path) if not each.is_retired), ())


def _criterion(setpoint: SetpointFacts, columns: tuple[Any, ...]) -> CriterionFacts:
    version, number, code, text, ask, evidence, check, gate, criterion_id, deal_types = columns
    return CriterionFacts(
        version,
        number,
        code,
        text,
        ask,
        Evidence(evidence),
        check,
        Gate(gate),
        setpoint.id,
        setpoint.name,
        setpoint.rank,
        criterion_id,
        tuple(deal_types),
    )


def find_setpoint(path: list[SetpointFacts], setpoint_id: int) -> SetpointFacts | None:
    """Return the setpoint of a path, None where the id belongs to another pipeline or to nothing."""
    return next((setpoint for setpoint in path if setpoint.id == setpoint_id), None)


def find_setpoint_id(pipeline_id: int, code: str) -> int | None:
    """Return the id of a setpoint in use by its code, None where the pipeline has none of that name."""
    found = Setpoint.objects.filter(pipeline_id=pipeline_id, code=code, retired_at=None)
    return found.values_list("pk", flat=True).first()


def find_setpoint_by_codes(pipeline: str, code: str) -> int | None:
    """Return the id of a setpoint in use, None where the pipeline of that code has none of that name."""
    found = Setpoint.objects.filter(pipeline__code=pipeline, code=code, retired_at=None)
    return found.values_list("pk", flat=True).first()


def get_codes() -> dict[str, dict[int, str]]:
    """Return the codes of all pipelines and setpoints by id, retired ones included, for values of events."""
    return {
        "pipeline": dict(Pipeline.objects.values_list("pk", "code")),
        "setpoint": dict(Setpoint.objects.values_list("pk", "code")),
    }
