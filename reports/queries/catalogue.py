"""The figures that exist, and how each is computed from its query (D-50). Words for people are in labels.py."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from crm.enums import RateKind
from crm.lib.envelope import Figure
from crm.lib.periods import Period, month_period
from crm.models import Organisation
from crm.queries.access import team_subtree_ids
from crm.queries.organisation import get_rates
from pipeline.figures import (
    attainment,
    average_deal,
    conversion,
    cycle,
    lost_reasons,
    open_value,
    pipeline_by_setpoint,
    weighted,
    win_rate,
    won_by_sector,
    won_value,
)
from pipeline.figures.buckets import Bucket
from pipeline.figures.conversion import StepFacts
from pipeline.figures.win_rate import ClosedFacts
from pipeline.models import Competitor
from pipeline.queries import cohorts
from pipeline.queries import figures as deals
from pipeline.queries.deal_sql import Scope
from pipeline.queries.targets import ByPeriod, get_targets, month_shares, target_together
from scoring.figures import leads
from scoring.queries.figures import get_lead_facts

T = TypeVar("T")
DEAL_DIMENSIONS = ("owner", "team", "pipeline", "deal_type", "source", "industry", "setpoint", "month")
LEAD_DIMENSIONS = ("owner", "team", "source", "industry", "month")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of an answer: `group` is the value of `by`, `part` the row's own key such as a setpoint's code."""

    group: str
    figure: Figure
    part: str = ""
    part_label: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the figures of one answer have in common, read once: the organisation, its zone, facts already asked for."""

    organisation: Organisation
    zone: ZoneInfo
    facts: dict[Any, Any] = field(default_factory=dict)

    def get(self, query: Callable[[Scope], T], scope: Scope) -> T:
        """Return the facts of a scope, from the database the first time."""
        key = (query, scope)
        if key not in self.facts:
            self.facts[key] = query(scope)
        found: T = self.facts[key]
        return found

    def teams_below(self, team_id: int) -> frozenset[int]:
        """Return a team and those below it."""
        key = ("teams", team_id)
        if key not in self.facts:
            self.facts[key] = team_subtree_ids([team_id])
        found: frozenset[int] = self.facts[key]
        return found


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is asked: the scope with the period and the chosen team, which targets are kept by."""

    scope: Scope
    period: Period
    shared: Shared
    team_id: int | None = None

    def ask(self, query: Callable[[Scope], T]) -> T:
        """Return the facts a query finds in the scope."""
        return self.shared.get(query, self.scope)


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


def _closed(question: Question) -> dict[str, ClosedFacts]:
    found = question.ask(deals.get_closed)
    return found if question.scope.by else {"": found.get("", ClosedFacts())}


def _win_rate(question: Question) -> list[Row]:
    return [Row(group, win_rate.win_rate(facts)) for group, facts in _closed(question).items()]


def _won_value(question: Question) -> list[Row]:
    return [Row(group, won_value.won_value(facts.won)) for group, facts in _closed(question).items()]


def _average_deal(question: Question) -> list[Row]:
    return [Row(group, average_deal.average_deal(facts.won)) for group, facts in _closed(question).items()]


def _open_value(question: Question) -> list[Row]:
    found = question.ask(deals.get_open) or ({} if question.scope.by else {"": (Bucket(), Bucket())})
    return [Row(group, open_value.open_value(*buckets)) for group, buckets in found.items()]


def _weighted(question: Question) -> list[Row]:
    found = question.ask(deals.get_weighted) or ({} if question.scope.by else {"": deals.WeightedFacts()})
    return [Row(group, weighted.weighted(facts.cells, overdue=facts.overdue)) for group, facts in found.items()]


def _pipeline_by_setpoint(question: Question) -> list[Row]:
    found = question.ask(deals.get_setpoint_facts)
    return [
        Row(group, pipeline_by_setpoint.pipeline_by_setpoint(facts), _code(setpoint), setpoint.name)
        for (group, setpoint), facts in found.items()
        if question.scope.by != "setpoint" or group == setpoint.code
    ]


def _code(setpoint: deals.SetpointKey) -> str:
    return setpoint.code if setpoint.pipeline_code == "new_business" else f"{setpoint.pipeline_code}:{setpoint.code}"


def _conversion(question: Question) -> list[Row]:
    found = question.ask(cohorts.get_steps)
    groups = sorted({group for group, _ in found}) or ([] if question.scope.by else [""])
    return [
        Row(group, conversion.conversion(found.get((group, setpoint.id), StepFacts())), _code(setpoint), setpoint.name)
        for group in groups
        for setpoint in deals.get_setpoints(question.scope.pipeline_id)
        if question.scope.by != "setpoint" or group == setpoint.code
    ]


def _cycle(question: Question) -> list[Row]:
    """Return the whole and, where nothing else was asked for, each size band and deal type (B3)."""
    courses = question.ask(cohorts.get_courses)
    if question.scope.by:
        return [Row(group, cycle.cycle(found)) for group, found in sorted(courses.items())]
    every = courses.get("", [])
    cells = cycle.cycle_cells(every)
    return [Row("", cycle.cycle(every)), *(Row("", figure, f"{band}/{kind}") for (band, kind), figure in cells.items())]


def _lost_reasons(question: Question) -> list[Row]:
    cells = question.ask(deals.get_lost)
    totals: dict[str, int] = {}
    for cell in cells:
        totals[cell.group] = totals.get(cell.group, 0) + cell.deals.count
    names = dict(Competitor.objects.values_list("pk", "name"))
    rows = []
    for cell in sorted(cells, key=lambda cell: (cell.group, -cell.deals.count, -cell.deals.amount)):
        outcome, reason, competitor_id = cell.keys
        part = "/".join(str(key) for key in (outcome, reason, competitor_id) if key)
        figure = lost_reasons.lost_reason(cell.deals, of=totals[cell.group])
        rows.append(Row(cell.group, figure, part, names.get(competitor_id, "")))
    return rows


def _won_by_sector(question: Question) -> list[Row]:
    found = question.shared.get(deals.get_closed, replace(question.scope, by="industry"))
    ordered = sorted(found.items(), key=lambda entry: (-entry[1].won.amount, entry[0]))
    return [Row("", won_by_sector.won_by_sector(facts), sector or "unknown", sector) for sector, facts in ordered]


def _attainment(question: Question) -> list[Row]:
    """Return won against target; a target exists for a team or a person, and for their months."""
    closed, scope = _closed(question), question.scope
    keys = [int(group) for group in closed if group] if scope.by in ("owner", "team") else []
    found = _targets(question, keys)
    weekdays = question.shared.organisation.working_days
    rows = []
    for group, facts in closed.items():
        period, targets = _target_of_row(question, group, found)
        own = next(iter(targets.values()), {}) if len(targets) == 1 else {}
        months = month_shares(period, own, today=scope.today, weekdays=weekdays)
        figure = attainment.attainment(
            facts.won, target=target_together(targets, period), elapsed=attainment.elapsed_share(months)
        )
        rows.append(Row(group, figure))
    return rows


def _targets(question: Question, keys: list[int]) -> dict[int, ByPeriod]:
    scope = question.scope
    if scope.by not in ("", "owner", "team", "month"):
        return {}
    teams = keys if scope.by == "team" else [question.team_id] if question.team_id and not scope.owner_id else []
    people = keys if scope.by == "owner" else [scope.owner_id] if scope.owner_id else []
    everything = not teams and not people and scope.visible_owner_ids is None and scope.pipeline_id is None
    if not (teams or people or everything):
        return {}
    rates = get_rates(RateKind.PLAN, on=scope.today)
    return get_targets(
        question.period, team_ids=teams, owner_ids=people, topmost=everything, rates=rates, currency=scope.currency
    )


def _target_of_row(question: Question, group: str, found: dict[int, ByPeriod]) -> tuple[Period, dict[int, ByPeriod]]:
    by = question.scope.by
    if by == "month" and group:
        return month_period(date.fromisoformat(f"{group}-01")), found
    if by in ("owner", "team"):
        own = {int(group): found[int(group)]} if group and int(group) in found else {}
        return question.period, own
    return question.period, found


def _leads(question: Question) -> list[Row]:
    found = question.ask(get_lead_facts) or ({} if question.scope.by else {"": leads.LeadFacts()})
    return [Row(group, leads.leads(facts)) for group, facts in found.items()]


CATALOGUE: dict[str, Definition] = {
    definition.slug: definition
    for definition in (
        Definition("win-rate", "B2", "ratio", win_rate.DEFINITION_VERSION, _win_rate),
        Definition("won-value", "B0", "money", won_value.DEFINITION_VERSION, _won_value),
        Definition("average-deal", "B25", "money", average_deal.DEFINITION_VERSION, _average_deal),
        Definition("open-value", "B25", "money", open_value.DEFINITION_VERSION, _open_value),
        Definition("weighted", "B6", "money", weighted.DEFINITION_VERSION, _weighted),
        Definition(
            "pipeline-by-setpoint", "B1", "deals", pipeline_by_setpoint.DEFINITION_VERSION, _pipeline_by_setpoint
        ),
        Definition("conversion", "B1", "ratio", conversion.DEFINITION_VERSION, _conversion, year_back=True),
        Definition("cycle", "B3", "days", cycle.DEFINITION_VERSION, _cycle, year_back=True),
        Definition("lost-reasons", "B2", "deals", lost_reasons.DEFINITION_VERSION, _lost_reasons),
        Definition("won-by-sector", "B2", "money", won_by_sector.DEFINITION_VERSION, _won_by_sector),
        Definition(
            "leads", "B18", "leads", leads.DEFINITION_VERSION, _leads, dimensions=LEAD_DIMENSIONS, records="leads"
        ),
        Definition("attainment", "B26", "ratio", attainment.DEFINITION_VERSION, _attainment),
    )
}
