"""Open deals whose plan does not hold, as reports count them."""

from pipeline.queries.deal_sql import Scope, open_deals
from pipeline.queries.figures import fetch

NO_STEP = """
NOT EXISTS (
    SELECT FROM pipeline_nextstep step
    WHERE step.opportunity_id = deal.id AND step.created_at <= %(as_of)s
      AND (step.done_at IS NULL OR step.done_at > %(as_of)s)
      AND (step.dropped_at IS NULL OR step.dropped_at > %(as_of)s)
)"""


def count_overdue_close_dates(scope: Scope) -> int:
    """Return how many deals open at `as_of` should have closed before that day."""
    return _count(scope, "expected_close_on < %(today)s")


def count_without_step(scope: Scope) -> int:
    """Return how many deals open at `as_of` had no next step open then."""
    return _count(scope, NO_STEP)


def _count(scope: Scope, which: str) -> int:
    sql = f"WITH {open_deals(scope, valued=False)} SELECT count(*) FROM deal WHERE {which}"
    return int(fetch(sql, scope)[0][0])
