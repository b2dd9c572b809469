"""What is wrong with an open deal: one rule per signal, on values (P-11, P-12, B10, B24, EE-074)."""

from pipeline.policies.signals.clocks import (
    ENOUGH_WINS,
    LONGEST_PAUSE,
    covered_days,
    days_of_clock,
    paused_days,
)
from pipeline.policies.signals.facts import Calendar, DealSignalFacts, Found, Pause
from pipeline.policies.signals.limits import (
    ATTENTION,
    IN_THE_STEP_LINE,
    ORDER,
    SIGNALS,
    USUAL,
    Action,
    Limit,
    Limits,
    Unit,
)
from pipeline.policies.signals.motion import WINDOW_DAYS
from pipeline.policies.signals.rules import RULES, find_by, find_signals, rules_of

__all__ = [
    "ATTENTION",
    "ENOUGH_WINS",
    "IN_THE_STEP_LINE",
    "LONGEST_PAUSE",
    "ORDER",
    "RULES",
    "SIGNALS",
    "USUAL",
    "WINDOW_DAYS",
    "Action",
    "Calendar",
    "DealSignalFacts",
    "Found",
    "Limit",
    "Limits",
    "Pause",
    "Unit",
    "covered_days",
    "days_of_clock",
    "find_by",
    "find_signals",
    "paused_days",
    "rules_of",
]
