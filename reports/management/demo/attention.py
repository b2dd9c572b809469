"""What the people of the demo company said about warnings: some rest, one customer asked to wait, restarts are planned."""

from datetime import timedelta

from crm.lib.bulk import analyse
from crm.models import Activity
from pipeline.commands.attention import pause_deal, plan_restart, snooze_signal
from pipeline.commands.signals import refresh_all_signals, refresh_typical_stays
from pipeline.enums import SignalCode
from pipeline.models import NextStep, Opportunity, OpportunityActivity, OpportunityEvent, Signal, Stakeholder
from reports.management.demo.clockwork import Dice

RESTING = (
    (SignalCode.QUIET, 6, "Their plant stands still for the overhaul until then."),
    (SignalCode.SINGLE_CONTACT, 14, "The technical director comes back from leave."),
    (SignalCode.STUCK, 9, "The board meets on that day."),
)
PAUSE_DAYS, PAUSE_REASON = 45, "Investments are frozen until the new budget."
RESTART = "Visit the plant manager with the measured savings and ask for a date to sign."


def attend(dice: Dice) -> None:
    """Find what is wrong with the deals, and say about a few of them what people say."""
    analyse(Activity, NextStep, Opportunity, OpportunityActivity, OpportunityEvent, Stakeholder)
    refresh_typical_stays(at=dice.now)
    refresh_all_signals(at=dice.now)
    for code, days, reason in RESTING:
        for deal in _with(code)[1:3]:
            until = dice.today + timedelta(days=days)
            snooze_signal(opportunity_id=deal.pk, code=code, until=until, reason=reason, by=deal.owner, at=dice.now)
    for deal in _with(SignalCode.STUCK)[4:5]:
        until = dice.today + timedelta(days=PAUSE_DAYS)
        pause_deal(opportunity_id=deal.pk, until=until, reason=PAUSE_REASON, by=deal.owner, at=dice.now)
    for deal in _with(SignalCode.STUCK)[::3]:
        plan_restart(opportunity_id=deal.pk, note=RESTART, by=deal.owner, at=dice.now)


def _with(code: SignalCode) -> list[Opportunity]:
    """Return the deals a warning speaks of, the worst and oldest first."""
    speaking = Signal.objects.filter(code=code, snoozed_until=None).select_related("opportunity__owner")
    return [signal.opportunity for signal in speaking.order_by("-severity", "since", "opportunity")]
