"""What clocks of a deal show, and how long they may run (B24).

Clocks run on meaningful events only: what a customer did, a move of the setpoint, a next step kept. They count local
days, and an agreed pause suspends them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from pipeline.policies.signals.facts import DealSignalFacts, Pause

LANGUISHING_DAYS = 30  # at the last setpoint, where it has no limit of its own
ENOUGH_WINS = 10
LONGEST_PAUSE = 90


def paused_days(pauses: Sequence[Pause], *, start: date, end: date) -> int:
    """Return how many days of `[start, end)` a pause covered, as far as it counts: 90 at most (B24)."""
    return min(covered_days(pauses, start=start, end=end), LONGEST_PAUSE)


def covered_days(pauses: Sequence[Pause], *, start: date, end: date) -> int:
    """Return how many days of `[start, end)` pauses cover, each day once."""
    covered, reached = 0, start
    for pause in sorted(pauses, key=lambda each: each.start):
        begins, ends = max(pause.start, reached), min(pause.until, end)
        if ends > begins:
            covered, reached = covered + (ends - begins).days, ends
    return covered


def is_paused(deal: DealSignalFacts, today: date) -> bool:
    """Whether an agreed pause covers the day, and the stay has not been paused for 90 days already."""
    if not any(pause.start <= today < pause.until for pause in deal.pauses):
        return False
    return covered_days(deal.pauses, start=deal.entered_on, end=today + timedelta(days=1)) <= LONGEST_PAUSE


def days_of_clock(start: date, today: date, paused: int) -> int:
    """Return what a clock shows: days since `start` without those of pauses."""
    return (today - start).days - paused


def stall_limit(deal: DealSignalFacts) -> tuple[Decimal, str]:
    """Return how long a deal may stand where it stands, and whose number that is (B24)."""
    if deal.is_last:
        return Decimal(deal.stall_limit_days or LANGUISHING_DAYS), "setpoint"
    if deal.typical_days is not None and deal.typical_wins >= ENOUGH_WINS:
        return deal.typical_days, "history"
    return Decimal(deal.stall_limit_days or LANGUISHING_DAYS), "setpoint"
