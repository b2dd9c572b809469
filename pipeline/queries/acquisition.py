"""What was spent on selling: in a period with whom it won (B16), and on deals (EE-040); over what the person may see."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from crm.lib.values import Money
from pipeline.enums import EffortKind
from pipeline.figures.acquisition import CustomersFacts, EffortFacts
from pipeline.queries.deal_sql import MEMBER, Scope, deals
from pipeline.queries.economics import HOURLY, NEW_CUSTOMERS, converted
from pipeline.queries.figures import CLOSED_IN_PERIOD, fetch

TYPES = ", ".join(f"'{kind}'" for kind in sorted(NEW_CUSTOMERS))
WON = f"{CLOSED_IN_PERIOD} AND s.outcome = %(won)s AND s.deal_type IN ({TYPES})"
# Spent and logged by then, and not taken back.
LOGGED = """effort.on <= %(today)s AND (effort.recorded_at IS NULL OR effort.recorded_at <= %(known_at)s)
    AND (effort.removed_at IS NULL OR effort.removed_at > least(%(as_of)s, %(known_at)s))"""


def get_customers(scope: Scope, *, rates: Mapping[str, Decimal], leads: int) -> CustomersFacts:
    """Return the hours logged in the period with their rates, and the customers won in it; two statements."""
    ids, customers = _won(scope)
    efforts = []
    for kind, minutes, hourly, currency in fetch(_efforts(scope), scope):
        rate = converted(None if hourly is None else Money(hourly, currency), rates)
        efforts.append(EffortFacts(EffortKind(kind), int(minutes), rate))
    return CustomersFacts(efforts, leads, customers, ids)


def get_spent(scope: Scope, deal_ids: Collection[int], *, rates: Mapping[str, Decimal]) -> dict[int, list[EffortFacts]]:
    """Return the hours logged on each of these deals by then, with their rates; one statement (EE-040)."""
    sql = f"""
    SELECT effort.opportunity_id, effort.kind, sum(effort.minutes), rate.hourly, rate.hourly_currency
    FROM pipeline_effort effort {HOURLY}
    WHERE effort.opportunity_id = ANY(%(deals)s) AND {LOGGED}
    GROUP BY 1, 2, 4, 5
    """
    found: dict[int, list[EffortFacts]] = {}
    for deal_id, kind, minutes, hourly, currency in fetch(sql, scope, deals=list(deal_ids)):
        rate = converted(None if hourly is None else Money(hourly, currency), rates)
        found.setdefault(deal_id, []).append(EffortFacts(EffortKind(kind), int(minutes), rate))
    return found


def _won(scope: Scope) -> tuple[tuple[int, ...], int]:
    sql = f"""
    WITH {deals(scope, only=WON, valued=False)}
    SELECT coalesce(array_agg(deal.id ORDER BY deal.id), '{{}}'), count(DISTINCT deal.account_id) FROM deal
    """
    [(ids, customers)] = fetch(sql, scope)
    return tuple(ids), customers


def _efforts(scope: Scope) -> str:
    """Hours are those of whoever spent them; of a deal only where the person may see it."""
    chosen = ["true"]
    if scope.visible_owner_ids is not None:
        chosen.append("coalesce(deal.owner_id, effort.user_id) = ANY(%(visible)s)")
    if scope.team_ids is not None:
        chosen.append("member.team_id = ANY(%(teams)s)")
    if scope.owner_id is not None:
        chosen.append("effort.user_id = %(owner)s")
    if scope.pipeline_id is not None:
        chosen.append("deal.pipeline_id = %(pipeline)s")
    member = MEMBER.format(user="effort.user_id", day="effort.on") if scope.team_ids is not None else ""
    return f"""
    SELECT effort.kind, sum(effort.minutes), rate.hourly, rate.hourly_currency
    FROM pipeline_effort effort LEFT JOIN pipeline_opportunity deal ON deal.id = effort.opportunity_id {member} {HOURLY}
    WHERE effort.on >= %(first_day)s AND effort.on < %(last_day)s AND {LOGGED} AND {" AND ".join(chosen)}
    GROUP BY 1, 3, 4
    """
