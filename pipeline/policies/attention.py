"""How long a warning may rest and a deal may wait (P-11, B24)."""

from datetime import date

from crm.lib.values import Refusal
from pipeline.policies.signals import LONGEST_PAUSE

LONGEST_SNOOZE = 90


def snooze_refusals(*, until: date, reason: str, today: date) -> list[Refusal]:
    """Return why a warning may not rest until a day; empty means it may."""
    refusals = _without_reason(reason)
    if until <= today:
        refusals.append(Refusal.of("until_not_ahead", field="until"))
    elif (until - today).days > LONGEST_SNOOZE:
        refusals.append(Refusal.of("rests_too_long", days=LONGEST_SNOOZE, field="until"))
    return refusals


def pause_refusals(*, until: date, reason: str, today: date, spent: int) -> list[Refusal]:
    """Return why a deal may not wait until a day, where it has waited `spent` days since it came to its setpoint."""
    refusals = _without_reason(reason)
    left = LONGEST_PAUSE - spent
    if until <= today:
        refusals.append(Refusal.of("until_not_ahead", field="until"))
    elif (until - today).days > left:
        refusals.append(Refusal.of("waits_too_long", days=LONGEST_PAUSE, left=max(left, 0), field="until"))
    return refusals


def _without_reason(reason: str) -> list[Refusal]:
    return [] if reason.strip() else [Refusal.of("rest_needs_reason", field="reason")]
