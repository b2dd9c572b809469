"""What an activity may say, and what it means (C-5, D-25, D-36)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from crm.enums import ActivityKind, ActivityOutcome, Approach, Direction
from crm.lib.values import Refusal

MEETINGS = frozenset({ActivityKind.MEETING, ActivityKind.DEMO})
# How we reach somebody ourselves (D-25).
TOUCHES = (ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING, ActivityKind.DEMO)
SPOKEN = frozenset({ActivityOutcome.NO_ANSWER, ActivityOutcome.CONVERSATION, ActivityOutcome.APPOINTMENT_SET})
OUTCOMES: dict[ActivityKind, frozenset[ActivityOutcome]] = {
    ActivityKind.CALL: SPOKEN,
    ActivityKind.EMAIL: SPOKEN | {ActivityOutcome.SENT, ActivityOutcome.REPLIED},
    ActivityKind.MEETING: frozenset({ActivityOutcome.HELD, ActivityOutcome.NO_SHOW, ActivityOutcome.MOVED}),
    ActivityKind.DEMO: frozenset({ActivityOutcome.HELD, ActivityOutcome.NO_SHOW, ActivityOutcome.MOVED}),
    ActivityKind.NOTE: frozenset(),
    ActivityKind.TASK: frozenset(),
}
CHOICES: dict[str, type[StrEnum]] = {"direction": Direction, "approach": Approach}
CLOCKS_DIFFER = timedelta(minutes=5)


def is_customer_action(*, kind: str, direction: str, by_customer: bool, outcome: str) -> bool:
    """Whether the customer did something: by the customer, or inbound, or a meeting held (D-25)."""
    held = kind in MEETINGS and outcome == ActivityOutcome.HELD
    return by_customer or direction == Direction.INBOUND or held


def is_conversation(*, kind: str, outcome: str) -> bool | None:
    """Whether we talked (True), only tried to (False), or it was neither (None)."""
    if outcome in (ActivityOutcome.CONVERSATION, ActivityOutcome.APPOINTMENT_SET, ActivityOutcome.HELD):
        return True
    if outcome in (ActivityOutcome.NO_ANSWER, ActivityOutcome.NO_SHOW):
        return False
    return None


def choice_refusals(values: Mapping[str, Any]) -> list[Refusal]:
    """Return which of the closed lists an activity's values leave: direction and approach, where they say one."""
    return [
        Refusal.of("unknown_value", field=name, value=str(values[name])[:50])
        for name, known in CHOICES.items()
        if values.get(name) and values[name] not in list(known)
    ]


def logging_refusals(
    *, kind: str, outcome: str, direction: str, occurred_at: datetime, done: bool, at: datetime
) -> list[Refusal]:
    """Return every reason an activity cannot be logged like this."""
    if kind not in list(ActivityKind):
        return [Refusal.of("unknown_value", field="kind", value=kind[:50])]
    refusals = choice_refusals({"direction": direction})
    if outcome and outcome not in OUTCOMES[ActivityKind(kind)]:
        refusals.append(Refusal.of("outcome_of_other_kind", field="outcome", kind=kind, outcome=outcome[:50]))
    if outcome and not done:
        refusals.append(Refusal.of("outcome_before_done", field="outcome"))
    if done and occurred_at > at + CLOCKS_DIFFER:
        refusals.append(Refusal.of("done_in_future", field="occurred_at"))
    return refusals


def completing_refusals(*, kind: str, outcome: str, occurred_at: datetime, at: datetime) -> list[Refusal]:
    """Return every reason an open activity cannot be completed with this outcome."""
    allowed = OUTCOMES[ActivityKind(kind)] - {ActivityOutcome.MOVED}
    if outcome and outcome not in allowed:
        return [Refusal.of("outcome_of_other_kind", field="outcome", kind=kind, outcome=outcome[:50])]
    if kind in MEETINGS and not outcome:
        return [Refusal.of("outcome_needed", field="outcome")]
    if kind in MEETINGS and occurred_at > at + CLOCKS_DIFFER:
        return [Refusal.of("done_in_future", field="occurred_at")]
    return []


def moving_refusals(*, kind: str, done: bool) -> list[Refusal]:
    """Return every reason an activity cannot be moved to another time."""
    if done:
        return [Refusal.of("done_already")]
    return []
