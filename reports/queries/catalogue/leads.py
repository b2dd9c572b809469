"""Leads, what sales makes of them, and what it says of them."""

from crm.queries.working_hours import get_common_hours
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row
from scoring.figures import lead_velocity, leads, mql_to_sql, sla, yields
from scoring.queries.answering import SLA_DIMENSIONS, get_touched
from scoring.queries.cohorts import COHORT_DIMENSIONS, get_cohorts, get_entered_days, last_day
from scoring.queries.feedback import get_rule_names, get_rule_yields, get_sent_back, get_yields
from scoring.queries.figures import DIMENSIONS as LEAD_DIMENSIONS
from scoring.queries.figures import get_lead_facts


def _leads(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_lead_facts), leads.LeadFacts())
    return [Row(group, leads.leads(facts)) for group, facts in found.items()]


def _lead_velocity(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_entered_days), [])
    day, working = last_day(question.scope), tuple(question.shared.organisation.working_days)
    hours = question.shared.once("hours", get_common_hours, question.scope.zone, working)
    return [Row(group, lead_velocity.lead_velocity(days, last_day=day, hours=hours)) for group, days in found.items()]


def _mql_to_sql(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_cohorts), mql_to_sql.CohortFacts())
    return [Row(group, mql_to_sql.mql_to_sql(facts)) for group, facts in found.items()]


def _sla(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_touched), sla.TouchFacts())
    return [Row(group, sla.sla(facts)) for group, facts in found.items()]


def _lead_yield(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_yields), yields.YieldFacts())
    return [Row(group, yields.lead_yield(facts)) for group, facts in found.items()]


def _rule_precision(question: Question) -> list[Row]:
    found, names = question.ask(get_rule_yields), get_rule_names()
    return [
        Row(group, yields.rule_precision(facts), rule, names.get(rule, rule)) for (group, rule), facts in found.items()
    ]


def _sent_back(question: Question) -> list[Row]:
    found = question.ask(get_sent_back)
    return [Row(group, yields.sent_back(facts), reason) for (group, reason), facts in found.items()]


FIGURES = (
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
    Definition("sla", "B20", "ratio", sla.DEFINITION_VERSION, _sla, dimensions=tuple(SLA_DIMENSIONS), records="leads"),
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
)
