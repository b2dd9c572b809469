"""What the clock and settings set in motion. Each may run twice, late or half-way."""

from datetime import datetime, timedelta

from crm.lib.jobs import Lease, job, periodic
from pipeline.commands.approvals import escalate_approvals
from pipeline.commands.attention import REFRESH_SIGNALS
from pipeline.commands.file_bytes import sweep_bytes
from pipeline.commands.pipelines.refused import REFRESH
from pipeline.commands.signals import refresh_all_signals, refresh_typical_stays
from pipeline.commands.standing import refresh_standing


@periodic("pipeline.refresh_deals", every="local_day", atomic=False, lease=timedelta(minutes=30))
def refresh_deals(*, period: str, at: datetime, lease: Lease) -> None:
    """Bring up to date what is derived of every open deal: what follows from the day, and what a release changed."""
    refresh_standing(None)
    refresh_typical_stays(at=at)
    refresh_all_signals(at=at, renew=lease.renew)


@periodic("pipeline.refresh_signals", every=timedelta(hours=1), atomic=False, lease=timedelta(minutes=30))
def refresh_signals(*, period: str, at: datetime, lease: Lease) -> None:
    """Bring up to date the signals that changed by time alone, should the night have been missed."""
    refresh_all_signals(at=at, renew=lease.renew)


@periodic("pipeline.escalate_approvals", every=timedelta(minutes=10))
def tell_of_late_answers(*, period: str, at: datetime) -> None:
    """Tell managers of questions that are past their deadline; each once, however often this runs."""
    escalate_approvals(at=at)


@periodic("pipeline.sweep_files", every=timedelta(days=1), atomic=False, lease=timedelta(minutes=30))
def sweep_files(*, period: str, at: datetime, lease: Lease) -> None:
    """Delete bytes of uploads that never became a file of a deal."""
    sweep_bytes(at=at, renew=lease.renew)


@job(REFRESH, atomic=False, lease=timedelta(minutes=30))
def refresh_after_change(*, at: datetime, lease: Lease) -> None:
    """Look at every open deal anew after somebody changed what setpoints ask for."""
    refresh_standing(None)
    refresh_all_signals(at=at, renew=lease.renew)


@job(REFRESH_SIGNALS, atomic=False, lease=timedelta(minutes=30))
def refresh_signals_now(*, at: datetime, lease: Lease) -> None:
    """Look at every open deal anew after somebody changed the limits of signals."""
    refresh_all_signals(at=at, renew=lease.renew)
