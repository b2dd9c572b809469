"""What the clock sets in motion: silence takes points, and nobody has to look for that to be seen."""

from datetime import datetime, timedelta

from crm.lib.jobs import Lease, periodic
from scoring.commands.scores import refresh_due_scores


@periodic("scoring.refresh_scores", every=timedelta(minutes=5), atomic=False)
def refresh_scores(*, period: str, at: datetime, lease: Lease) -> None:
    """Bring up to date the scores that can have changed, in batches that commit one by one."""
    refresh_due_scores(at=at, renew=lease.renew)
