"""The figures that exist, and how each is computed from its query (D-50). Words for people are in labels.py."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.enums import RateKind
from crm.lib.periods import Period, month_period
from crm.queries.organisation import get_rates
from crm.queries.working_hours import get_common_hours
from pipeline.enums import Outcome
from pipeline.figures import (
    acquisition,
    attainment,
    average_deal,
    conversion,
    cycle,
    lost_reasons,
    open_value,
    pipeline_by_setpoint,
    progress,
    progress_proof,
    promises,
    weighted,
    win_rate,
    won_by_sector,
    won_value,
)
from pipeline.figures.buckets import Bucket, total
from pipeline.figures.conversion import StepFacts
from pipeline.figures.cycle import Courses
from pipeline.figures.deal_economics import Assumed
from pipeline.figures.win_rate import ClosedFacts
from pipeline.models import Competitor
from pipeline.queries import figures as deals
from pipeline.queries.acquisition import get_customers, get_spent
from pipeline.queries.cohorts import get_steps
from pipeline.queries.cycles import get_courses
from pipeline.queries.deal_sql import Scope
from pipeline.queries.economics import assumed_of, get_assumptions
from pipeline.queries.progress import get_entered, get_standings
from pipeline.queries.setpoint_keys import SetpointKey, shown
from pipeline.queries.targets import ByPeriod, get_targets, month_shares, target_together
from reports.queries.questions import Question, Row
from scoring.figures import lead_velocity, leads, mql_to_sql, sla, yields
from scoring.queries.answering import SLA_DIMENSIONS, get_touched
from scoring.queries.cohorts import COHORT_DIMENSIONS, get_cohorts, get_entered_days, last_day
from scoring.queries.feedback import get_rule_names, get_rule_yields, get_sent_back, get_yields
from scoring.queries.figures import DIMENSIONS as LEAD_DIMENSIONS
from scoring.queries.figures import get_lead_facts

DEAL_DIMENSIONS = (
    "owner", "team", "pipeline", "deal_type", "source", "campaign", "content_type", "industry", "setpoint", "month",
)  # fmt: skip


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
    of_feedback: bool = False  # it stands on the page of what sales says of leads, not among all figures


def _closed(question: Question) -> dict[str, ClosedFacts]:
    found = deals.closed_facts(question.ask(deals.get_closed), question.ask(deals.get_voided))
    return found if question.scope.by else {"": found.get("", ClosedFacts())}


def _win_rate(question: Question) -> list[Row]:
    return [Row(group, win_rate.win_rate(facts)) for group, facts in _closed(question).items()]


def _won_value(question: Question) -> list[Row]:
    return [Row(group, won_value.won_value(facts.won)) for group, facts in _closed(question).items()]


def _average_deal(question: Question) -> list[Row]:
    return [Row(group, average_deal.average_deal(facts.won)) for group, facts in _closed(question).items()]


def _open_value(question: Question) -> list[Row]:
    found = deals.open_facts(question.ask(deals.get_open))
    found = found or ({} if question.scope.by else {"": (Bucket(), Bucket())})
    return [Row(group, open_value.open_value(*buckets)) for group, buckets in found.items()]


def _weighted(question: Question) -> list[Row]:
    weights = {key.id: key.probability for key in question.shared.setpoints}
    found = deals.weighted_facts(question.ask(deals.get_open), weights)
    found = found or ({} if question.scope.by else {"": deals.WeightedFacts()})
    return [Row(group, weighted.weighted(facts.cells, overdue=facts.overdue)) for group, facts in found.items()]


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


def _setpoints(question: Question, found: Collection[int | None]) -> list[SetpointKey]:
    return shown(question.shared.setpoints, question.scope.pipeline_id, found=found)


def _code(setpoint: SetpointKey) -> str:
    return setpoint.code if setpoint.pipeline_code == "new_business" else f"{setpoint.pipeline_code}:{setpoint.code}"


def _name(setpoint: SetpointKey, among: Sequence[SetpointKey]) -> str:
    """Return the name of a setpoint, with its pipeline's where several are told of."""
    several = len({key.pipeline_id for key in among}) > 1
    return f"{setpoint.pipeline_name} · {setpoint.name}" if several else setpoint.name


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


def _plan_rates(scope: Scope) -> dict[str, Decimal]:
    return get_rates(RateKind.PLAN, on=scope.today, currency=scope.currency)


def _lost_reasons(question: Question) -> list[Row]:
    closed = question.ask(deals.get_closed)
    found, won = deals.lost_cells(closed), total(each.deals for each in closed if each.outcome == Outcome.WON)
    rates = question.ask(_plan_rates)
    spent = get_spent(question.scope, [pk for each in closed for pk in each.deals.ids], rates=rates)
    hour_brings = lost_reasons.hour_brings(won, [each for pk in won.ids for each in spent.get(pk, ())])
    totals: dict[str, int] = {}
    for (group, *_rest), bucket in found.items():
        totals[group] = totals.get(group, 0) + bucket.count
    names = dict(Competitor.objects.values_list("pk", "name")) if any(key[3] for key in found) else {}
    rows = []
    for key, bucket in sorted(found.items(), key=_most_first):
        group, outcome, reason, competitor_id = key
        part = "/".join(str(each) for each in (outcome, reason, competitor_id) if each)
        efforts = [each for pk in bucket.ids for each in spent.get(pk, ())]
        figure = lost_reasons.lost_reason(bucket, of=totals[group], efforts=efforts, hour_brings=hour_brings)
        rows.append(Row(group, figure, part, names.get(competitor_id, "") if competitor_id else ""))
    return rows


def _most_first(found: tuple[tuple[str, str, str, int | None], Bucket]) -> tuple[Any, ...]:
    (group, outcome, reason, competitor_id), bucket = found
    return group, -bucket.count, -bucket.amount, outcome, reason, competitor_id or 0


def _won_by_sector(question: Question) -> list[Row]:
    found = deals.closed_facts(question.ask(deals.get_closed), question.ask(deals.get_voided), by_industry=True)
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
    rates = get_rates(RateKind.PLAN, on=scope.today, currency=scope.currency)
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


def _progress(question: Question) -> list[Row]:
    found = question.ask(get_standings) or ({} if question.scope.by else {"": []})
    return [Row(group, progress.progress_together(standings)) for group, standings in found.items()]


def _progress_proof(question: Question) -> list[Row]:
    found = question.ask(get_entered) or ({} if question.scope.by else {"": []})
    return [Row(group, progress_proof.progress_proof(entered)) for group, entered in found.items()]


def _approval_time(question: Question) -> list[Row]:
    found = question.ask(deals.get_answered) or ({} if question.scope.by else {"": promises.AnsweredFacts()})
    return [Row(group, promises.approval_time(facts)) for group, facts in found.items()]


def _promises_on_time(question: Question) -> list[Row]:
    found = question.ask(deals.get_kept) or ({} if question.scope.by else {"": promises.KeptFacts()})
    return [Row(group, promises.promises_on_time(facts)) for group, facts in found.items()]


def _delivered_as_sold(question: Question) -> list[Row]:
    found = question.ask(deals.get_delivered) or ({} if question.scope.by else {"": promises.DeliveredFacts()})
    return [Row(group, promises.delivered_as_sold(facts)) for group, facts in found.items()]


def _cac(question: Question) -> list[Row]:
    """Return what a new customer cost to win, of what is assumed on the day it is seen from."""
    scope = question.scope
    rates = question.ask(_plan_rates)
    found = question.ask(get_lead_facts).get("", leads.LeadFacts())
    standing = get_assumptions(on=scope.today)
    assumed = assumed_of(standing, rates) if standing else Assumed()
    customers = get_customers(scope, rates=rates, leads=len(found.ids))
    return [Row("", acquisition.cost_of_customers(customers, lead=assumed.lead, onboarding=assumed.onboarding))]


def _leads(question: Question) -> list[Row]:
    found = question.ask(get_lead_facts) or ({} if question.scope.by else {"": leads.LeadFacts()})
    return [Row(group, leads.leads(facts)) for group, facts in found.items()]


def _lead_velocity(question: Question) -> list[Row]:
    found = question.ask(get_entered_days) or ({} if question.scope.by else {"": []})
    day, working = last_day(question.scope), tuple(question.shared.organisation.working_days)
    hours = question.shared.once("hours", get_common_hours, question.scope.zone, working)
    return [Row(group, lead_velocity.lead_velocity(days, last_day=day, hours=hours)) for group, days in found.items()]


def _mql_to_sql(question: Question) -> list[Row]:
    found = question.ask(get_cohorts) or ({} if question.scope.by else {"": mql_to_sql.CohortFacts()})
    return [Row(group, mql_to_sql.mql_to_sql(facts)) for group, facts in found.items()]


def _sla(question: Question) -> list[Row]:
    found = question.ask(get_touched) or ({} if question.scope.by else {"": sla.TouchFacts()})
    return [Row(group, sla.sla(facts)) for group, facts in found.items()]


def _lead_yield(question: Question) -> list[Row]:
    found = question.ask(get_yields) or ({} if question.scope.by else {"": yields.YieldFacts()})
    return [Row(group, yields.lead_yield(facts)) for group, facts in found.items()]


def _rule_precision(question: Question) -> list[Row]:
    found, names = question.ask(get_rule_yields), get_rule_names()
    return [
        Row(group, yields.rule_precision(facts), rule, names.get(rule, rule)) for (group, rule), facts in found.items()
    ]


def _sent_back(question: Question) -> list[Row]:
    found = question.ask(get_sent_back)
    return [Row(group, yields.sent_back(facts), reason) for (group, reason), facts in found.items()]


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
        Definition("progress", "B31", "points", progress.DEFINITION_VERSION, _progress),
        Definition(
            "progress-proof", "B31", "ratio", progress_proof.DEFINITION_VERSION, _progress_proof, year_back=True
        ),
        Definition("cac", "B16", "money", acquisition.DEFINITION_VERSION, _cac, dimensions=()),
        Definition("approval-time", "B0", "hours", promises.DEFINITION_VERSION, _approval_time),
        Definition("promises-on-time", "B0", "ratio", promises.DEFINITION_VERSION, _promises_on_time),
        Definition("delivered-as-sold", "B0", "ratio", promises.DEFINITION_VERSION, _delivered_as_sold),
        Definition(
            "leads",
            "B18",
            "leads",
            leads.DEFINITION_VERSION,
            _leads,
            dimensions=tuple(LEAD_DIMENSIONS),
            records="leads",
        ),
        Definition(
            "lead-velocity",
            "B18",
            "ratio",
            lead_velocity.DEFINITION_VERSION,
            _lead_velocity,
            dimensions=tuple(name for name in COHORT_DIMENSIONS if name != "month"),
            records="leads",
        ),
        Definition(
            "mql-to-sql",
            "B19",
            "ratio",
            mql_to_sql.DEFINITION_VERSION,
            _mql_to_sql,
            dimensions=tuple(COHORT_DIMENSIONS),
            records="leads",
        ),
        Definition(
            "sla", "B20", "ratio", sla.DEFINITION_VERSION, _sla, dimensions=tuple(SLA_DIMENSIONS), records="leads"
        ),
        Definition(
            "lead-yield",
            "B19",
            "ratio",
            yields.DEFINITION_VERSION,
            _lead_yield,
            year_back=True,
            dimensions=tuple(COHORT_DIMENSIONS),
            records="leads",
            of_feedback=True,
        ),
        Definition(
            "rule-precision",
            "B19",
            "ratio",
            yields.DEFINITION_VERSION,
            _rule_precision,
            year_back=True,
            dimensions=tuple(COHORT_DIMENSIONS),
            records="leads",
            of_feedback=True,
        ),
        Definition(
            "leads-sent-back",
            "B19",
            "leads",
            yields.DEFINITION_VERSION,
            _sent_back,
            year_back=True,
            dimensions=(*SLA_DIMENSIONS, "rule"),
            records="leads",
            of_feedback=True,
        ),
        Definition("attainment", "B26", "ratio", attainment.DEFINITION_VERSION, _attainment),
    )
}
