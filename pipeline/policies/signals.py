"""What is wrong with an open deal: one rule per signal, on values (P-11, P-12, B10, B24, EE-074).

Clocks run on meaningful events only: what a customer did, a move of the setpoint, a next step kept. They count local
days, and an agreed pause suspends them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pipeline.enums import Severity, SignalCode

LANGUISHING_DAYS = 30  # at the last setpoint, where it has no limit of its own
ENOUGH_WINS = 10
LONGEST_PAUSE = 90
WINDOW_DAYS = 30  # over which amounts and progress are compared
DECISION_FROM = Decimal("0.5")
QUALIFIED_FROM = Decimal("0.25")
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


@dataclass(frozen=True, slots=True)
class Pause:
    """Days `[start, until)` on which a customer asked us to wait."""

    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """The local day, and which weekdays are worked, as `date.isoweekday()` counts them."""

    today: date
    working_days: Collection[int] = (1, 2, 3, 4, 5)

    def calm_until(self, start: date, days: int) -> date:
        """Return the last of so many days after `start`; where nobody works on it, the next day somebody does."""
        day = start + timedelta(days=days)
        while self.working_days and day.isoweekday() not in self.working_days:
            day += timedelta(days=1)
        return day


@dataclass(frozen=True, slots=True)
class DealSignalFacts:
    """What the rules may know of an open deal. Days are local; amounts are in the deal's present currency.

    `moved` is None where the history is not known. `typical_days` is the third quartile of what deals won of the same
    size and type stayed here, from `typical_wins` of them. `step_on` is the earliest open next step, `agreed_on` the
    earliest day ahead that the customer agreed to. `amount_before` is the most it was worth for a day or longer within
    the window. `evidenced_rank` is -1 where not even the first setpoint is evidenced. `margin` is the gross margin as a
    share of the net price, None where it is incomplete; `margin_floor` the lowest that is assumed to do.
    """

    id: int
    rank: int
    probability: Decimal
    is_last: bool
    created_on: date
    entered_on: date
    active_on: date
    stall_limit_days: int | None = None
    typical_days: Decimal | None = None
    typical_wins: int = 0
    moved: bool | None = True
    step_on: date | None = None
    agreed_on: date | None = None
    closes_on: date | None = None
    pushes: int = 0
    pushed_on: date | None = None
    evidenced_rank: int = -1
    deciders: int = 0
    contacts: int = 0
    amount: Decimal | None = None
    amount_before: Decimal | None = None
    activities: int = 0
    progressed_on: date | None = None
    margin: Decimal | None = None
    margin_floor: Decimal | None = None
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A signal that speaks; `detail` holds the parameters of its reason, none of which changes by the day alone."""

    code: SignalCode
    severity: Severity
    since: date | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def find_signals(deal: DealSignalFacts, *, calendar: Calendar, limits: Limits = USUAL) -> list[Found]:
    """Return what is wrong with the deal, worst first."""
    return find_by(rules_of(limits), deal, calendar)


def rules_of(limits: Limits) -> "Sequence[tuple[Rule, int | None]]":
    """Return the rules that are on, each with its limit: looked up once for all deals of a pipeline."""
    chosen = [(rule, limits.get(code) or USUAL[code]) for code, rule in RULES]
    return [(rule, limit.value) for rule, limit in chosen if limit.is_on]


def find_by(rules: "Sequence[tuple[Rule, int | None]]", deal: DealSignalFacts, calendar: Calendar) -> list[Found]:
    """Return what these rules find wrong with the deal, worst first."""
    found = [one for rule, value in rules if (one := rule(deal, calendar, value)) is not None]
    if len(found) > 1:
        found.sort(key=_worst_first)
    return found


def _worst_first(found: Found) -> tuple[int, int]:
    return -found.severity, ORDER[found.code]


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


def criteria_missing(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal claims more than its evidence carries (P-4); by two setpoints, or at the last, it weighs more."""
    if deal.evidenced_rank >= deal.rank:
        return None
    weighs = deal.is_last or deal.rank - deal.evidenced_rank > 1
    severity = Severity.WARN if weighs and deal.probability >= QUALIFIED_FROM else Severity.NOTE
    return Found(SignalCode.CRITERIA_MISSING, severity, None, {"evidenced": deal.evidenced_rank, "claimed": deal.rank})


def no_decision_maker(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal has come so far and nobody is named who decides or pays."""
    if deal.deciders or deal.probability * 100 < (DECISION_FROM * 100 if limit is None else limit):
        return None
    return Found(SignalCode.NO_DECISION_MAKER, Severity.WARN)


def single_contact(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where a qualified deal hangs on so few people, or on nobody."""
    if deal.contacts > (1 if limit is None else limit) or deal.probability < QUALIFIED_FROM:
        return None
    severity = Severity.WARN if deal.probability >= DECISION_FROM else Severity.NOTE
    return Found(SignalCode.SINGLE_CONTACT, severity, None, {"people": deal.contacts})


def amount_dropped(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal is worth less by so many percent than it was for a day or longer in the last 30 days."""
    if deal.amount is None or not deal.amount_before or deal.amount >= deal.amount_before:
        return None
    percent = (deal.amount_before - deal.amount) * 100 / deal.amount_before
    if percent < (limit or 1):
        return None
    return Found(
        SignalCode.AMOUNT_DROPPED, Severity.WARN, None, {"percent": int(percent), "from": f"{deal.amount_before:f}"}
    )


def margin_low(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal leaves a smaller share than the lowest that is assumed to do (B15); below nothing is bad."""
    if deal.margin is None or deal.margin_floor is None or deal.margin >= deal.margin_floor:
        return None
    severity = Severity.BAD if deal.margin < 0 else Severity.WARN
    detail = {"percent": f"{round(deal.margin * 100, 1):f}", "floor": f"{round(deal.margin_floor * 100, 1):f}"}
    return Found(SignalCode.MARGIN_LOW, severity, None, detail)


def busy_not_moving(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where 30 days saw as many activities as the limit and no progress: no move ahead, nothing learnt."""
    if deal.activities < (limit or 1):
        return None
    progressed = max(deal.created_on, deal.progressed_on or deal.created_on)
    if (calendar.today - progressed).days < WINDOW_DAYS or (deal.pauses and is_paused(deal, calendar.today)):
        return None
    # The count grows by the day; how many it takes does not.
    return Found(SignalCode.BUSY_NOT_MOVING, Severity.WARN, progressed, {"limit": limit or 1})


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
