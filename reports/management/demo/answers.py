"""What the demo company's sales did with the leads that were handed to them."""

from datetime import datetime, timedelta
from typing import Any

from crm.commands.activities import log_activity
from crm.enums import ActivityKind, ActivityOutcome, Direction, ReasonKind, Role
from crm.models import Reason, RoleGrant, User
from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from scoring.commands.events import record_events
from scoring.commands.handoffs import ReleaseRefused, accept_lead, reject_lead, release_crossings
from scoring.facts import NewEvent
from scoring.models import Crossing, Handoff, Lead
from scoring.queries.inbox import waiting_crossings

LEFT_WAITING = 8
MET_SINCE = timedelta(days=120)
# What brings a lead over the threshold, whatever it did before: hours before the handoff, type, what it was about.
LAST_STEPS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (26, "webinar_attended", {"title": words.WEBINARS[0]}),
    (5, "pricing_page_viewed", {"url": "/pricing"}),
    (4, "demo_requested", {}),
)


def answer_leads(dice: Dice, *, by: User) -> None:
    """Hand over the crossings of the past, let the reps answer them, and leave the latest to marketing."""
    reasons = list(
        Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED).order_by("order").values_list("code", flat=True)[:4]
    )
    waiting = list(waiting_crossings().order_by("crossed_at", "id"))
    for crossing in waiting[:-LEFT_WAITING]:
        handed_at = dice.office(crossing.crossed_at + timedelta(minutes=30))
        if handed_at >= dice.now - timedelta(days=1):
            continue
        try:
            handoffs = release_crossings(crossing_ids=[crossing.pk], by=by, at=handed_at)
        except ReleaseRefused:  # sales ended this lead when they answered an earlier crossing
            continue
        for handoff in handoffs:
            _answer(dice, handoff, reasons, at=_answered_at(dice, handed_at))


def hand_over_today(dice: Dice, *, by: User) -> None:
    """Let a lead of every rep ask for a demo in the last hours, and of some reps one three days ago, still unanswered."""
    for number, rep in enumerate(_reps()):
        days_ago = (3, 0) if number % 3 == 0 else (0,)
        for lead, days in zip(_warm_leads(rep, len(days_ago)), days_ago, strict=False):
            at = dice.now - timedelta(days=days)
            events = [
                NewEvent(
                    f"demo-{kind}-{lead.external_id}", kind, at - timedelta(hours=hours), lead.pk, properties=about
                )
                for hours, kind, about in LAST_STEPS
            ]
            record_events(events=events, by=by, at=at)


def _reps() -> list[User]:
    granted = RoleGrant.objects.filter(role=Role.REP, revoked_at=None).values("user_id")
    return list(User.objects.filter(pk__in=granted).order_by("id"))


def _warm_leads(rep: User, count: int) -> list[Lead]:
    """Return leads of the rep's accounts that never crossed the threshold, the warmest first."""
    leads = Lead.objects.filter(account__owner=rep, status__in=("new", "nurturing"), score__score__lt=50)
    cold = leads.exclude(pk__in=Crossing.objects.values("lead_id"))
    return list(cold.order_by("-score__score", "-created_at", "id")[:count])


def _answered_at(dice: Dice, handed_at: datetime) -> datetime:
    """Most are answered within the hours agreed on, one in eight a day or two later."""
    late = timedelta(days=dice.random.randrange(1, 3)) if dice.chance(0.12) else timedelta()
    return min(handed_at + late + timedelta(minutes=dice.random.randrange(10, 240)), dice.now)


def _answer(dice: Dice, handoff: Handoff, reasons: list[str], *, at: datetime) -> None:
    rep = handoff.owner
    if rep is None:
        return
    if not dice.chance(0.68):
        reject_lead(lead_id=handoff.lead_id, reason_code=dice.pick(reasons), note="", by=rep, at=at)
        return
    accept_lead(lead_id=handoff.lead_id, by=rep, at=at)
    if at > dice.now - MET_SINCE:
        follow_up(dice, handoff.lead, rep, at=at)


def follow_up(dice: Dice, lead: Lead, rep: User, *, at: datetime) -> None:
    """Call the lead, and with some luck meet, which qualifies it."""
    place: dict[str, Any] = {"owner_id": rep.pk, "by": rep, "account_id": lead.account_id, "context": {"lead": lead.pk}}
    called_at, met_at = at + timedelta(minutes=20), dice.moment((at + timedelta(days=dice.days(5))).date())
    log_activity(
        kind=ActivityKind.CALL, subject="Called back about the demo", occurred_at=called_at, done=True, at=called_at,
        outcome=ActivityOutcome.CONVERSATION, direction=Direction.OUTBOUND, **place,
    )  # fmt: skip
    if dice.chance(0.5):
        log_activity(
            kind=ActivityKind.MEETING, subject=dice.pick(words.SUBJECTS["demo"]), occurred_at=met_at,
            done=dice.past(met_at), outcome=ActivityOutcome.HELD if dice.past(met_at) else "", at=min(met_at, dice.now),
            **place,
        )  # fmt: skip
