"""Every signal with its usual limit, what the limit counts, and what clears it (P-11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.enums import Severity, SignalCode

ATTENTION = Severity.WARN


class Action(StrEnum):
    """What clears a signal, as a page offers it."""

    PLAN_STEP = "plan_step"
    MOVE_STEP = "move_step"
    PLAN_RESTART = "plan_restart"
    MOVE_CLOSE_DATE = "move_close_date"
    SHOW_CRITERIA = "show_criteria"
    ADD_CONTACT = "add_contact"
    ASSESS = "assess"
    CHECK_AMOUNT = "check_amount"
    CHECK_MARGIN = "check_margin"


class Unit(StrEnum):
    """What the limit of a signal counts."""

    DAYS = "days"
    TIMES = "times"
    PERCENT = "percent"
    PEOPLE = "people"
    ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True)
class Limit:
    """From when on a signal speaks; None where it has no number, or takes that of the deal's setpoint."""

    value: int | None = None
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Meaning:
    """A signal as settings and pages know it: its usual limit, what that counts, and what clears it."""

    action: Action
    usual: int | None = None
    unit: Unit | None = None
    most: int = 0


SIGNALS: Mapping[SignalCode, Meaning] = {
    SignalCode.STUCK: Meaning(Action.PLAN_RESTART),
    SignalCode.NEVER_STARTED: Meaning(Action.PLAN_STEP),
    SignalCode.NO_NEXT_STEP: Meaning(Action.PLAN_STEP),
    SignalCode.STEP_OVERDUE: Meaning(Action.MOVE_STEP, 0, Unit.DAYS, 60),
    SignalCode.QUIET: Meaning(Action.PLAN_STEP, 10, Unit.DAYS, 365),
    SignalCode.CLOSE_DATE_PASSED: Meaning(Action.MOVE_CLOSE_DATE, 0, Unit.DAYS, 60),
    SignalCode.CLOSE_DATE_PUSHED: Meaning(Action.MOVE_CLOSE_DATE, 2, Unit.TIMES, 20),
    SignalCode.NO_DECISION_MAKER: Meaning(Action.ADD_CONTACT, 50, Unit.PERCENT, 100),
    SignalCode.AMOUNT_DROPPED: Meaning(Action.CHECK_AMOUNT, 20, Unit.PERCENT, 100),
    SignalCode.MARGIN_LOW: Meaning(Action.CHECK_MARGIN),
    SignalCode.BUSY_NOT_MOVING: Meaning(Action.ASSESS, 10, Unit.ACTIVITIES, 200),
    SignalCode.SINGLE_CONTACT: Meaning(Action.ADD_CONTACT, 1, Unit.PEOPLE, 10),
    SignalCode.CRITERIA_MISSING: Meaning(Action.SHOW_CRITERIA),
}
# Worst first among signals of one severity.
ORDER = {code: place for place, code in enumerate(SIGNALS)}
# What a card shows in its next-step line already.
IN_THE_STEP_LINE = frozenset({SignalCode.NO_NEXT_STEP, SignalCode.STEP_OVERDUE})
Limits = Mapping[SignalCode, Limit]
USUAL: Limits = {code: Limit(meaning.usual) for code, meaning in SIGNALS.items()}
