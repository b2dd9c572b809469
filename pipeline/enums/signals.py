"""What can be wrong with a deal."""

from enum import IntEnum, StrEnum


class SignalCode(StrEnum):
    """What can be wrong with an open deal (P-11, B24)."""

    NO_NEXT_STEP = "no_next_step"
    STEP_OVERDUE = "step_overdue"
    STUCK = "stuck"
    NEVER_STARTED = "never_started"
    CLOSE_DATE_PASSED = "close_date_passed"
    CLOSE_DATE_PUSHED = "close_date_pushed"
    CRITERIA_MISSING = "criteria_missing"
    NO_DECISION_MAKER = "no_decision_maker"
    SINGLE_CONTACT = "single_contact"
    QUIET = "quiet"
    AMOUNT_DROPPED = "amount_dropped"
    MARGIN_LOW = "margin_low"
    BUSY_NOT_MOVING = "busy_not_moving"


class Severity(IntEnum):
    NOTE = 1
    WARN = 2
    BAD = 3
