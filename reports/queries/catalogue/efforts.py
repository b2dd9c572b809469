"""What deals took: progress, what customers cost, and promises."""

from pipeline.figures import acquisition, progress, progress_proof, promises
from pipeline.figures.deal_economics import Assumed
from pipeline.queries import figures as deals
from pipeline.queries.acquisition import get_customers
from pipeline.queries.economics import assumed_of, get_assumptions
from pipeline.queries.progress import get_entered, get_standings
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row
from scoring.figures import leads
from scoring.queries.figures import get_lead_facts


def _progress(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_standings), [])
    return [Row(group, progress.progress_together(standings)) for group, standings in found.items()]


def _progress_proof(question: Question) -> list[Row]:
    found = question.filled(question.ask(get_entered), [])
    return [Row(group, progress_proof.progress_proof(entered)) for group, entered in found.items()]


def _cac(question: Question) -> list[Row]:
    """Return what a new customer cost to win, of what is assumed on the day it is seen from."""
    scope = question.scope
    rates = question.plan_rates
    found = question.ask(get_lead_facts).get("", leads.LeadFacts())
    standing = get_assumptions(on=scope.today)
    assumed = assumed_of(standing, rates) if standing else Assumed()
    customers = get_customers(scope, rates=rates, leads=len(found.ids))
    return [Row("", acquisition.cost_of_customers(customers, lead=assumed.lead, onboarding=assumed.onboarding))]


def _approval_time(question: Question) -> list[Row]:
    found = question.filled(question.ask(deals.get_answered), promises.AnsweredFacts())
    return [Row(group, promises.approval_time(facts)) for group, facts in found.items()]


def _promises_on_time(question: Question) -> list[Row]:
    found = question.filled(question.ask(deals.get_kept), promises.KeptFacts())
    return [Row(group, promises.promises_on_time(facts)) for group, facts in found.items()]


def _delivered_as_sold(question: Question) -> list[Row]:
    found = question.filled(question.ask(deals.get_delivered), promises.DeliveredFacts())
    return [Row(group, promises.delivered_as_sold(facts)) for group, facts in found.items()]


FIGURES = (
    Definition("progress", "B31", "points", progress.DEFINITION_VERSION, _progress),
    Definition("progress-proof", "B31", "ratio", progress_proof.DEFINITION_VERSION, _progress_proof, year_back=True),
    Definition("cac", "B16", "money", acquisition.DEFINITION_VERSION, _cac, dimensions=()),
    Definition("approval-time", "B0", "hours", promises.DEFINITION_VERSION, _approval_time),
    Definition("promises-on-time", "B0", "ratio", promises.DEFINITION_VERSION, _promises_on_time),
    Definition("delivered-as-sold", "B0", "ratio", promises.DEFINITION_VERSION, _delivered_as_sold),
)
