"""Where deals stand, and how they get on."""

from collections.abc import Collection, Sequence

from pipeline.figures import conversion, cycle, pipeline_by_setpoint
from pipeline.figures.conversion import StepFacts
from pipeline.figures.cycle import Courses
from pipeline.queries import figures as deals
from pipeline.queries.cohorts import get_steps
from pipeline.queries.cycles import get_courses
from pipeline.queries.setpoint_keys import SetpointKey, shown
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row


def _pipeline_by_setpoint(question: Question) -> list[Row]:
    stock, flows = question.ask(deals.get_open), question.ask(deals.get_flows)
    there = {cell.setpoint_id for cell in stock} | {setpoint_id for _, setpoint_id in flows}
    setpoints = _setpoints(question, there)
    found = deals.setpoint_facts(
        stock, flows, setpoints, question.ask(deals.get_evidenced), is_split=bool(question.scope.by)
    )
    return [
        Row(group, pipeline_by_setpoint.pipeline_by_setpoint(facts), _code(setpoint), _name(setpoint, setpoints))
        for (group, setpoint), facts in found.items()
        if question.scope.by != "setpoint" or group == setpoint.code
    ]


def _conversion(question: Question) -> list[Row]:
    found = question.ask(get_steps)
    setpoints = _setpoints(question, {step_id for _, step_id in found})
    groups = sorted({group for group, _ in found}) or ([] if question.scope.by else [""])
    return [
        Row(
            group, conversion.conversion(found.get((group, setpoint.id), StepFacts())), _code(setpoint),
            _name(setpoint, setpoints),
        )
        for group in groups
        for setpoint in setpoints
        if question.scope.by != "setpoint" or group == setpoint.code
    ]  # fmt: skip


def _cycle(question: Question) -> list[Row]:
    """Return the whole and, where nothing else was asked for, each size band and deal type (B3)."""
    courses = question.ask(get_courses)
    if question.scope.by:
        return [Row(group, cycle.cycle(found)) for group, found in courses.items()]
    every = courses.get("", Courses())
    cells = cycle.cycle_cells(every)
    return [Row("", cycle.cycle(every)), *(Row("", figure, f"{band}/{kind}") for (band, kind), figure in cells.items())]


def _setpoints(question: Question, found: Collection[int | None]) -> list[SetpointKey]:
    return shown(question.shared.setpoints, question.scope.pipeline_id, found=found)


def _code(setpoint: SetpointKey) -> str:
    return setpoint.code if setpoint.pipeline_code == "new_business" else f"{setpoint.pipeline_code}:{setpoint.code}"


def _name(setpoint: SetpointKey, among: Sequence[SetpointKey]) -> str:
    """Return the name of a setpoint, with its pipeline's where several are told of."""
    several = len({key.pipeline_id for key in among}) > 1
    return f"{setpoint.pipeline_name} · {setpoint.name}" if several else setpoint.name


FIGURES = (
    Definition("pipeline-by-setpoint", "B1", "deals", pipeline_by_setpoint.DEFINITION_VERSION, _pipeline_by_setpoint),
    Definition("conversion", "B1", "ratio", conversion.DEFINITION_VERSION, _conversion, year_back=True),
    Definition("cycle", "B3", "days", cycle.DEFINITION_VERSION, _cycle, year_back=True),
)
