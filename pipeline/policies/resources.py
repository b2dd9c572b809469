"""Whose hours deals share: when they may be asked for, who gives them, and in which weeks they fit (EE-017, EE-053)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from crm.lib.values import Refusal
from pipeline.enums import Gate, RequestState, ResourceKind
from pipeline.facts import RequestFacts
from pipeline.policies.moves import REASON_LENGTH

MOST_HOURS, HOURS_A_WEEK = Decimal(400), Decimal(168)
TEXT_LENGTH = 1000
# How far ahead hours can be asked for and set aside.
MOST_DAYS = 366
WEEK = timedelta(days=7)
# What can speak against asking: nobody can tell yet what the deal is worth, or it is not worth what it still costs.
ECONOMICS_UNKNOWN, NOT_WORTH_IT = "economics_unknown", "not_worth_it"


def monday_of(day: date) -> date:
    """Return the Monday of a day's week, which names the week."""
    return day - timedelta(days=day.weekday())


def weeks_until(first: date, last: date) -> list[date]:
    """Return the Mondays of the weeks from one day's to another's."""
    monday = monday_of(first)
    return [monday + WEEK * number for number in range((monday_of(last) - monday).days // 7 + 1)]


def what_speaks_against(*, gate: str, is_checked: bool, expected: Decimal | None) -> list[str]:
    """Return the codes of what speaks against giving a deal shared hours: unknown economics, and an expected loss (B30).

    Without a gate nobody need know the economics; that pursuing it is known to lose always speaks against.
    """
    against = [ECONOMICS_UNKNOWN] if gate and not is_checked else []
    return against + ([NOT_WORTH_IT] if expected is not None and expected <= 0 else [])


def ask_refusals(
    *, kind: str, hours: Decimal | None, purpose: str, due_on: date | None, today: date
) -> list[Refusal]:  # fmt: skip
    """Return why hours cannot be asked for like this."""
    refused = []
    if kind not in set(ResourceKind):
        refused.append(Refusal.of("unknown_value", field="kind", value=kind[:50]))
    refused += hours_refusals(hours)
    if not purpose.strip():
        refused.append(Refusal.of("required", field="purpose"))
    if len(purpose.strip()) > TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="purpose", limit=TEXT_LENGTH))
    if due_on is None:
        refused.append(Refusal.of("required", field="due_on"))
    elif not today <= due_on <= today + timedelta(days=MOST_DAYS):
        refused.append(Refusal.of("hours_needed_when", field="due_on"))
    return refused


def against_refusals(against: Iterable[str], *, gate: str, manages: bool, reason: str) -> list[Refusal]:
    """Return why a reason does not carry the request past what speaks against it (EE-018, EE-053, EE-061).

    At `require` only who manages the deal's owner can ask before its economics are known.
    """
    codes = list(against)
    if not codes:
        return []
    if ECONOMICS_UNKNOWN in codes and gate == Gate.REQUIRE and not manages:
        return [Refusal.of("economics_first", field="reason")]
    if len(reason.strip()) < REASON_LENGTH:
        return [
            *(Refusal.of(code, field="reason") for code in codes),
            Refusal.of("reason_too_short", length=REASON_LENGTH),
        ]
    if len(reason.strip()) > TEXT_LENGTH:
        return [Refusal.of("too_long", field="reason", limit=TEXT_LENGTH)]
    return []


def hours_refusals(
    hours: Decimal | None, *, most: Decimal = MOST_HOURS, least: Decimal = Decimal("0.25")
) -> list[Refusal]:
    """Return why this many hours cannot be asked for, spent or set aside."""
    if hours is None:
        return [Refusal.of("required", field="hours")]
    if not hours.is_finite() or not least <= hours <= most:
        return [Refusal.of("out_of_range", field="hours")]
    return []


def may_answer(request: RequestFacts, *, kinds: Iterable[str], gives: bool, manages: bool) -> bool:
    """Whether the person may answer: it is theirs, they manage who is asked, or it is addressed to nobody in particular.

    `gives` says that the resource asked for is their own, `kinds` of which hours they can give, `manages` that they
    manage who is asked, or administer.
    """
    return gives or manages or (request.resource_id is None and request.kind in set(kinds))


def plan_hours(hours: Decimal, free: Mapping[date, Decimal]) -> dict[date, Decimal] | None:
    """Return how many of the hours fall into each week, the earliest first; None where they do not fit."""
    planned, left = {}, hours
    for monday in sorted(free):
        if left and (taken := min(left, max(Decimal(0), free[monday]))):
            planned[monday] = taken
            left -= taken
    return None if left else planned


def accept_refusals(request: RequestFacts, *, kind: str, first: date, today: date) -> list[Refusal]:
    """Return why the request cannot be accepted for that person from that week on."""
    if request.state != RequestState.OPEN:
        return [Refusal.of("request_ended")]
    if kind != request.kind:
        return [Refusal.of("gives_something_else", field="resource")]
    if request.due_on < today:
        return [Refusal.of("needed_until_passed")]
    if not monday_of(today) <= first <= request.due_on:
        return [Refusal.of("week_not_possible", field="week")]
    return []


def decline_refusals(request: RequestFacts, *, answer: str) -> list[Refusal]:
    """Return why the request cannot be declined; accepted hours can still be taken back."""
    if request.state not in {RequestState.OPEN, RequestState.ACCEPTED}:
        return [Refusal.of("request_ended")]
    return [] if answer.strip() else [Refusal.of("say_why_declined", field="answer")]


def finish_refusals(request: RequestFacts, *, hours: Decimal | None, on: date, today: date) -> list[Refusal]:
    """Return why nobody can say like this that it is done, with how many hours."""
    if request.state != RequestState.ACCEPTED:
        return [Refusal.of("request_not_accepted")]
    refused = hours_refusals(hours)
    if not request.asked_on <= on <= today:
        refused.append(Refusal.of("hours_spent_when", field="on"))
    return refused


def by_worth(request: RequestFacts, worth: Mapping[int, Decimal]) -> tuple[bool, Decimal, date, int]:
    """Return where a request stands in the queue: by what an hour of it is expected to be worth, unknown last (B30)."""
    found = worth.get(request.request_id)
    return found is None, -(found or Decimal(0)), request.due_on, request.request_id
