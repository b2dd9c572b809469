"""All rules together: what is wrong with an open deal, worst first (P-11, B24)."""

from collections.abc import Callable, Sequence

from pipeline.enums import SignalCode
from pipeline.policies.signals.facts import Calendar, DealSignalFacts, Found
from pipeline.policies.signals.limits import ORDER, USUAL, Limits
from pipeline.policies.signals.motion import (
    busy_not_moving,
    close_date_passed,
    close_date_pushed,
    never_started,
    no_next_step,
    quiet,
    step_overdue,
    stuck,
)
from pipeline.policies.signals.substance import (
    amount_dropped,
    criteria_missing,
    margin_low,
    no_decision_maker,
    single_contact,
)

Rule = Callable[[DealSignalFacts, Calendar, int | None], Found | None]
RULES: Sequence[tuple[SignalCode, Rule]] = (
    (SignalCode.STUCK, stuck),
    (SignalCode.NEVER_STARTED, never_started),
    (SignalCode.NO_NEXT_STEP, no_next_step),
    (SignalCode.STEP_OVERDUE, step_overdue),
    (SignalCode.QUIET, quiet),
    (SignalCode.CLOSE_DATE_PASSED, close_date_passed),
    (SignalCode.CLOSE_DATE_PUSHED, close_date_pushed),
    (SignalCode.CRITERIA_MISSING, criteria_missing),
    (SignalCode.NO_DECISION_MAKER, no_decision_maker),
    (SignalCode.SINGLE_CONTACT, single_contact),
    (SignalCode.AMOUNT_DROPPED, amount_dropped),
    (SignalCode.MARGIN_LOW, margin_low),
    (SignalCode.BUSY_NOT_MOVING, busy_not_moving),
)


def find_signals(deal: DealSignalFacts, *, calendar: Calendar, limits: Limits = USUAL) -> list[Found]:
    """Return what is wrong with the deal, worst first."""
    return find_by(rules_of(limits), deal, calendar)


def rules_of(limits: Limits) -> Sequence[tuple[Rule, int | None]]:
    """Return the rules that are on, each with its limit: looked up once for all deals of a pipeline."""
    chosen = [(rule, limits.get(code) or USUAL[code]) for code, rule in RULES]
    return [(rule, limit.value) for rule, limit in chosen if limit.is_on]


def find_by(rules: Sequence[tuple[Rule, int | None]], deal: DealSignalFacts, calendar: Calendar) -> list[Found]:
    """Return what these rules find wrong with the deal, worst first."""
    found = [one for rule, value in rules if (one := rule(deal, calendar, value)) is not None]
    if len(found) > 1:
        found.sort(key=_worst_first)
    return found


def _worst_first(found: Found) -> tuple[int, int]:
    return -found.severity, ORDER[found.code]
