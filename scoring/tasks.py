"""What the clock and publishing set in motion. Each may run twice, late or half-way."""

from datetime import datetime, timedelta

from crm.lib.jobs import Lease, job, periodic
from scoring.commands.crossings import route_unassigned
from scoring.commands.rules import APPLY_MODEL
from scoring.commands.scores import APPLY_ZONES, refresh_all_scores, refresh_due_scores


@periodic("scoring.refresh_scores", every=timedelta(minutes=5), atomic=False)
def refresh_scores(*, period: str, at: datetime, lease: Lease) -> None:
    """Bring up to date the scores that can have changed, in batches that commit one by one."""
    refresh_due_scores(at=at, renew=lease.renew)


@periodic("scoring.route_handoffs", every=timedelta(minutes=5))
def route_handoffs(*, period: str, at: datetime) -> None:
    """Give the leads nobody answers, for want of a rep, to those who joined or came back since."""
    route_unassigned(at=at)


@job(APPLY_MODEL, atomic=False, lease=timedelta(minutes=30))
def apply_model(*, model_id: int, at: datetime, lease: Lease) -> None:
    """Score every lead by the rules in force, which `model_id` asked for when it was published."""
    refresh_all_scores(at=at, renew=lease.renew)


@job(APPLY_ZONES, atomic=False, lease=timedelta(minutes=30))
def apply_zones(*, change: int, at: datetime, lease: Lease) -> None:
    """Score every lead by the organisation's zones as they are since `change`."""
    refresh_all_scores(at=at, renew=lease.renew)
