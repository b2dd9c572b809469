"""Why deals were lost, and in which sectors they are won."""

from typing import Any

from pipeline.enums import Outcome
from pipeline.figures import lost_reasons, won_by_sector
from pipeline.figures.buckets import Bucket, total
from pipeline.models import Competitor
from pipeline.queries import figures as deals
from pipeline.queries.acquisition import get_spent
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row


def _lost_reasons(question: Question) -> list[Row]:
    closed = question.ask(deals.get_closed)
    found, won = deals.lost_cells(closed), total(each.deals for each in closed if each.outcome == Outcome.WON)
    rates = question.plan_rates
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


FIGURES = (
    Definition("lost-reasons", "B2", "deals", lost_reasons.DEFINITION_VERSION, _lost_reasons),
    Definition("won-by-sector", "B2", "money", won_by_sector.DEFINITION_VERSION, _won_by_sector),
)
