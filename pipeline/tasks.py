"""What the clock sets in motion. Each may run twice, late or half-way."""

from datetime import datetime

from crm.lib.jobs import periodic
from pipeline.commands.derived import refresh_derived


@periodic("pipeline.refresh_deals", every="local_day")
def refresh_deals(*, period: str, at: datetime) -> None:
    """Bring up to date what is derived of every open deal: what follows from the day, and what a release changed."""
    refresh_derived(None, at=at)
