"""What customers were sold before, and whether it was kept: renewals and expansions are traced back to it (EE-063, EE-071)."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.queries.organisation import ZONE
from pipeline.enums import DealType, Outcome, PromiseState
from pipeline.models import Opportunity
from pipeline.policies.handovers import is_at_risk

FOLLOWING = frozenset({DealType.RENEWAL, DealType.EXPANSION, DealType.WIN_BACK})


@dataclass(frozen=True, slots=True)
class SoldBefore:
    """A deal the customer bought before, what was said of its delivery, and how many promises to them were broken."""

    deal_id: int
    name: str
    won_on: date
    as_sold: bool | None
    gap: str
    broken: int
    late: int

    @property
    def is_at_risk(self) -> bool:
        """Whether what followed the sale speaks against buying again."""
        return is_at_risk(as_sold=self.as_sold, broken_promises=self.broken)


BEFORE = f"""
SELECT past.id, past.name, (past.closed_at AT TIME ZONE {ZONE})::date, handover.as_sold, coalesce(handover.gap, ''),
    (SELECT count(*) FROM pipeline_promise promise
     WHERE promise.opportunity_id = past.id AND promise.state = '{PromiseState.BROKEN}'),
    (SELECT count(*) FROM pipeline_promise promise
     WHERE promise.opportunity_id = past.id AND promise.ended_on > promise.due_on
       AND promise.state = '{PromiseState.KEPT}')
FROM pipeline_opportunity past LEFT JOIN pipeline_handover handover ON handover.opportunity_id = past.id
WHERE past.account_id = %(account)s AND past.outcome = '{Outcome.WON}' AND past.id <> %(deal)s
  AND past.archived_at IS NULL AND past.merged_into_id IS NULL
ORDER BY past.closed_at DESC, past.id DESC LIMIT 5
"""


def get_sold_before(deal: Opportunity) -> list[SoldBefore]:
    """Return what the customer of a renewal, an expansion or a win-back bought before, the latest first; one statement."""
    if deal.deal_type not in FOLLOWING:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({BEFORE}) found", {"account": deal.account_id, "deal": deal.pk})
        return [SoldBefore(*row) for row in cursor.fetchall()]
