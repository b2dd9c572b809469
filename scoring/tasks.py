"""What the clock and publishing set in motion. Each may run twice, late or half-way."""

from datetime import datetime, timedelta

from crm.lib.jobs import Lease, job, periodic
from scoring.commands import crossing_rules, parts, simulations
from scoring.commands.crossings import route_unassigned
from scoring.commands.form_mails import SEND_CONFIRMATION, SEND_THANKS, send_confirmation, send_thanks
from scoring.commands.notices import tell_of_deadlines
from scoring.commands.recycling import bring_back_leads
from scoring.commands.rules import APPLY_MODEL
from scoring.commands.scores import APPLY_ZONES
from scoring.commands.trials import draw_trials


@periodic("scoring.refresh_scores", every=timedelta(minutes=5))
def refresh_scores(*, period: str, at: datetime) -> None:
    """Bring up to date the scores that can have changed; many are shared out among workers."""
    parts.share_out_due(cause=period, at=at)


@periodic("scoring.route_handoffs", every=timedelta(minutes=5))
def route_handoffs(*, period: str, at: datetime) -> None:
    """Give the leads nobody answers, for want of a rep, to those who joined or came back since."""
    route_unassigned(at=at)


@periodic("scoring.tell_of_deadlines", every=timedelta(minutes=5))
def remind_and_escalate(*, period: str, at: datetime) -> None:
    """Remind reps of leads that wait for them, and tell managers of those that waited too long."""
    tell_of_deadlines(at=at)


@periodic("scoring.bring_back_leads", every=timedelta(hours=1))
def recycle_leads(*, period: str, at: datetime) -> None:
    """Let the leads sent back until today be nurtured again."""
    bring_back_leads(at=at)


@periodic("scoring.draw_trials", every="local_day", catches_up=False)
def offer_trials(*, period: str, at: datetime) -> None:
    """Offer reps this week's leads to try, where no day of the week did so before."""
    draw_trials(at=at)


@periodic("scoring.note_crossing_rules", every=timedelta(minutes=5), atomic=False)
def note_crossing_rules(*, period: str, at: datetime, lease: Lease) -> None:
    """Note which rules were behind the crossings of late, in batches that commit one by one."""
    crossing_rules.note_crossing_rules(at=at, renew=lease.renew)


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


@job(simulations.SIMULATE_PART)
def simulate_part(*, part_id: int, at: datetime) -> None:
    """Try rules on a part of the past."""
    simulations.simulate_part(part_id=part_id, at=at)


@job(SEND_CONFIRMATION)
def send_form_confirmation(*, submission_id: int, base_url: str, at: datetime) -> None:
    """Mail the link that confirms the address somebody typed into a form."""
    send_confirmation(submission_id=submission_id, base_url=base_url)


@job(SEND_THANKS, atomic=False)
def send_form_thanks(*, submission_id: int, at: datetime, lease: Lease) -> None:
    """Mail the thanks of a form, at most once: that it was begun is kept before it goes."""
    send_thanks(submission_id=submission_id, at=at)
