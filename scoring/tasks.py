"""What the clock and publishing set in motion. Each may run twice, late or half-way."""

from datetime import datetime, timedelta

from crm.lib.jobs import job, periodic
from scoring.commands import parts
from scoring.commands.crossings import route_unassigned
from scoring.commands.rules import APPLY_MODEL
from scoring.commands.scores import APPLY_ZONES


@periodic("scoring.refresh_scores", every=timedelta(minutes=5))
def refresh_scores(*, period: str, at: datetime) -> None:
    """Bring up to date the scores that can have changed; many are shared out among workers."""
    parts.share_out_due(cause=period, at=at)


@periodic("scoring.route_handoffs", every=timedelta(minutes=5))
def route_handoffs(*, period: str, at: datetime) -> None:
    """Give the leads nobody answers, for want of a rep, to those who joined or came back since."""
    route_unassigned(at=at)


@job(APPLY_MODEL)
def apply_model(*, model_id: int, at: datetime) -> None:
    """Have every lead scored by the rules in force, which `model_id` asked for when it was published."""
    parts.share_out_all(cause=f"model:{model_id}", at=at)


@job(APPLY_ZONES)
def apply_zones(*, change: int, at: datetime) -> None:
    """Have every lead scored by the organisation's zones as they are since `change`."""
    parts.share_out_all(cause=f"zones:{change}", at=at)


@job(parts.SCORE_PART)
def score_part(*, first: int, last: int, at: datetime) -> None:
    """Score the leads of these ids."""
    parts.score_part(first=first, last=last, at=at)


@job(parts.SCORE_DUE_PART)
def score_due_part(*, first: int, last: int, at: datetime) -> None:
    """Score those leads of these ids that are due."""
    parts.score_due_part(first=first, last=last, at=at)
