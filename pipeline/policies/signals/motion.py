"""What is wrong with how a deal goes on: it stands, nothing is agreed, nothing happens, its close recedes (P-11, B10, EE-074)."""

from typing import Any

from pipeline.enums import Severity, SignalCode
from pipeline.policies.signals.clocks import days_of_clock, is_paused, paused_days, stall_limit
from pipeline.policies.signals.facts import Calendar, DealSignalFacts, Found

WINDOW_DAYS = 30  # over which amounts and progress are compared


def _standing_too_long(deal: DealSignalFacts, calendar: Calendar) -> dict[str, Any] | None:
    limit, whose = stall_limit(deal)
    paused = paused_days(deal.pauses, start=deal.entered_on, end=calendar.today) if deal.pauses else 0
    if days_of_clock(deal.entered_on, calendar.today, paused) <= limit:
        return None
    if deal.pauses and is_paused(deal, calendar.today):
        return None
    detail: dict[str, Any] = {"limit": int(limit), "whose": whose, "paused": paused}
    return detail | ({"wins": deal.typical_wins} if whose == "history" else {})


def _never_moved(deal: DealSignalFacts) -> bool:
    return deal.moved is False and not deal.is_last


def stuck(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal moved once and has stood too long since; at the last setpoint whether it moved or not."""
    if _never_moved(deal) or (detail := _standing_too_long(deal, calendar)) is None:
        return None
    severity = Severity.BAD if deal.is_last else Severity.WARN
    return Found(SignalCode.STUCK, severity, deal.entered_on, detail | {"last": deal.is_last})


def never_started(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal stood too long and never moved since it was made."""
    if not _never_moved(deal) or (detail := _standing_too_long(deal, calendar)) is None:
        return None
    return Found(SignalCode.NEVER_STARTED, Severity.WARN, deal.entered_on, detail)


def no_next_step(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where nothing ahead is agreed with the customer; an overdue step has a signal of its own."""
    ahead = deal.step_on is not None and deal.step_on >= calendar.today
    overdue = deal.step_on is not None and not ahead
    if deal.agreed_on is not None or overdue or (deal.pauses and is_paused(deal, calendar.today)):
        return None
    if ahead:
        severity = Severity.WARN if deal.is_last else Severity.NOTE
        return Found(SignalCode.NO_NEXT_STEP, severity, None, {"why": "not_agreed"})
    severity = Severity.BAD if deal.is_last else Severity.WARN
    return Found(SignalCode.NO_NEXT_STEP, severity, None, {"why": "none"})


def step_overdue(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the day of the earliest open step has passed by more than the limit."""
    if deal.step_on is None or (calendar.today - deal.step_on).days <= (limit or 0):
        return None
    return Found(SignalCode.STEP_OVERDUE, Severity.WARN, deal.step_on)


def quiet(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where nothing meaningful happened for longer than the limit and no agreed day lies ahead.

    Where the last day of the limit is not worked, the next working day still counts as in time.
    """
    if deal.agreed_on is not None:
        return None
    paused = paused_days(deal.pauses, start=deal.active_on, end=calendar.today) if deal.pauses else 0
    if calendar.today <= calendar.calm_until(deal.active_on, (limit or 0) + paused):
        return None
    if deal.pauses and is_paused(deal, calendar.today):
        return None
    return Found(SignalCode.QUIET, Severity.WARN, deal.active_on, {"limit": limit or 0, "paused": paused})


def close_date_passed(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the expected close has passed by more than the limit."""
    if deal.closes_on is None or (calendar.today - deal.closes_on).days <= (limit or 0):
        return None
    return Found(SignalCode.CLOSE_DATE_PASSED, Severity.WARN, deal.closes_on)


def close_date_pushed(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the close was moved to a later day so many times (B10); once more and the date is fiction."""
    if deal.pushes < max(limit or 1, 1):
        return None
    severity = Severity.BAD if deal.pushes > (limit or 1) else Severity.WARN
    return Found(SignalCode.CLOSE_DATE_PUSHED, severity, deal.pushed_on, {"times": deal.pushes})


def busy_not_moving(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where 30 days saw as many activities as the limit and no progress: no move ahead, nothing learnt."""
    if deal.activities < (limit or 1):
        return None
    progressed = max(deal.created_on, deal.progressed_on or deal.created_on)
    if (calendar.today - progressed).days < WINDOW_DAYS or (deal.pauses and is_paused(deal, calendar.today)):
        return None
    # The count grows by the day; how many it takes does not.
    return Found(SignalCode.BUSY_NOT_MOVING, Severity.WARN, progressed, {"limit": limit or 1})
