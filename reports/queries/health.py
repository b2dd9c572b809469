"""Open deals whose plan does not hold, as reports count them."""

from pipeline.queries.deal_sql import Scope, deals
from pipeline.queries.figures import OPEN, fetch

NO_STEP = """
NOT EXISTS (
    SELECT FROM pipeline_nextstep step
    WHERE step.opportunity_id = deal.id AND step.created_at <= %(as_of)s
      AND (step.done_at IS NULL OR step.done_at > %(as_of)s)
      AND (step.dropped_at IS NULL OR step.dropped_at > %(as_of)s)
)"""


def count_overdue_close_dates(scope: Scope) -> int:
    """Return how many deals open at `as_of` should have closed before that day."""
    only = f"{OPEN} AND s.expected_close_on < %(today)s"
    return int(fetch(f"WITH {deals(scope, only=only, valued=False)} SELECT count(*) FROM deal", scope)[0][0])


def count_without_step(scope: Scope) -> int:
    """Return how many deals open at `as_of` had no next step open then."""
    return int(
        fetch(f"WITH {deals(scope, only=OPEN, valued=False)} SELECT count(*) FROM deal WHERE {NO_STEP}", scope)[0][0]
    )
