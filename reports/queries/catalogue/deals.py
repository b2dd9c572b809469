"""What deals are worth: won, open and weighted."""

from pipeline.figures import average_deal, open_value, weighted, win_rate, won_value
from pipeline.figures.buckets import Bucket
from pipeline.figures.win_rate import ClosedFacts
from pipeline.queries import figures as deals
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row


def get_closed(question: Question) -> dict[str, ClosedFacts]:
    """Return by group what was closed in the period."""
    found = deals.closed_facts(question.ask(deals.get_closed), question.ask(deals.get_voided))
    return question.filled(found, ClosedFacts())


def _win_rate(question: Question) -> list[Row]:
    return [Row(group, win_rate.win_rate(facts)) for group, facts in get_closed(question).items()]


def _won_value(question: Question) -> list[Row]:
    return [Row(group, won_value.won_value(facts.won)) for group, facts in get_closed(question).items()]


def _average_deal(question: Question) -> list[Row]:
    return [Row(group, average_deal.average_deal(facts.won)) for group, facts in get_closed(question).items()]


def _open_value(question: Question) -> list[Row]:
    found = question.filled(deals.open_facts(question.ask(deals.get_open)), (Bucket(), Bucket()))
    return [Row(group, open_value.open_value(*buckets)) for group, buckets in found.items()]


def _weighted(question: Question) -> list[Row]:
    weights = {key.id: key.probability for key in question.shared.setpoints}
    found = deals.weighted_facts(question.ask(deals.get_open), weights)
    found = question.filled(found, deals.WeightedFacts())
    return [Row(group, weighted.weighted(facts.cells, overdue=facts.overdue)) for group, facts in found.items()]


FIGURES = (
    Definition("win-rate", "B2", "ratio", win_rate.DEFINITION_VERSION, _win_rate),
    Definition("won-value", "B0", "money", won_value.DEFINITION_VERSION, _won_value),
    Definition("average-deal", "B25", "money", average_deal.DEFINITION_VERSION, _average_deal),
    Definition("open-value", "B25", "money", open_value.DEFINITION_VERSION, _open_value),
    Definition("weighted", "B6", "money", weighted.DEFINITION_VERSION, _weighted),
)
