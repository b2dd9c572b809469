"""The largest deals of a scope, with what a report says of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.queries.deal_sql import Scope, deals, open_deals
from pipeline.queries.figures import CLOSED_IN_PERIOD, fetch


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal; `amount` in the report currency, `days` from creation to its end or to `as_of`."""

    id: int
    name: str
    account: str
    owner_id: int
    outcome: str
    setpoint_code: str
    amount: Decimal | None
    days: int
    closed_on: date | None
    reason: str
    competitor: str
    note: str


def get_biggest_closed(scope: Scope, *, limit: int, won: bool | None = None) -> list[DealLine]:
    """Return the largest deals closed in the period; only won or only others where asked."""
    only = {None: "", True: " AND s.outcome = %(won)s", False: " AND s.outcome <> %(won)s"}[won]
    return _lines(scope, deals(scope, only=CLOSED_IN_PERIOD + only, credited=True), limit)


def get_biggest_open(scope: Scope, *, limit: int) -> list[DealLine]:
    """Return the largest deals open at `as_of`."""
    return _lines(scope, open_deals(scope), limit)


def _lines(scope: Scope, found: str, limit: int) -> list[DealLine]:
    sql = f"""
    WITH {found}
    SELECT deal.id, o.name, account.name, deal.credit_id, deal.outcome, coalesce(setpoint.code, ''), deal.value,
           greatest(0, coalesce(deal.closed_on, %(today)s) - (deal.created_at AT TIME ZONE %(zone)s)::date),
           deal.closed_on, coalesce(deal.reason, ''), coalesce(competitor.name, ''),
           CASE WHEN deal.outcome = '' THEN '' ELSE o.close_note END
    FROM deal
    JOIN pipeline_opportunity o ON o.id = deal.id
    JOIN crm_account account ON account.id = deal.account_id
    LEFT JOIN pipeline_setpoint setpoint ON setpoint.id = deal.setpoint_id
    LEFT JOIN pipeline_competitor competitor ON competitor.id = deal.competitor_id
    ORDER BY deal.value DESC NULLS LAST, deal.id LIMIT %(limit)s
    """
    return [DealLine(*row) for row in fetch(sql, scope, limit=limit)]
