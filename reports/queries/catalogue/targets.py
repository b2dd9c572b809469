"""Won against target."""

from datetime import date

from crm.lib.periods import Period, month_period
from pipeline.figures import attainment
from pipeline.queries.targets import ByPeriod, get_targets, month_shares, target_together
from reports.queries.catalogue.deals import get_closed
from reports.queries.catalogue.definition import Definition
from reports.queries.questions import Question, Row


def _attainment(question: Question) -> list[Row]:
    """Return won against target; a target exists for a team or a person, and for their months."""
    closed, scope = get_closed(question), question.scope
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
    return get_targets(
        question.period,
        team_ids=teams,
        owner_ids=people,
        topmost=everything,
        rates=question.plan_rates,
        currency=scope.currency,
    )


def _target_of_row(question: Question, group: str, found: dict[int, ByPeriod]) -> tuple[Period, dict[int, ByPeriod]]:
    by = question.scope.by
    if by == "month" and group:
        return month_period(date.fromisoformat(f"{group}-01")), found
    if by in ("owner", "team"):
        own = {int(group): found[int(group)]} if group and int(group) in found else {}
        return question.period, own
    return question.period, found


FIGURES = (Definition("attainment", "B26", "ratio", attainment.DEFINITION_VERSION, _attainment),)
