"""Signals as stored equal a plain walk through the events, for random histories (P-11, B24)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.lib.values import Money
from crm.models import Activity
from pipeline.commands.signals import refresh_signals
from pipeline.models import (
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityEvent,
    Setpoint,
    Signal,
    Stakeholder,
    TypicalStay,
)
from tests.factories.crm import ContactFactory
from tests.factories.pipeline import OpportunityFactory
from tests.pipeline.plain_signals import PlainSignals

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # after midnight in Tallinn
DAYS = st.sampled_from([0, 1, 2, 20, 29, 30, 31, 32, 40, 60, 61, 75, 89, 90, 91])
KINDS = st.sampled_from(
    [
        "setpoint", "setpoint", "setpoint", "move_voided", "expected_close_on", "expected_close_on", "expected_close_on",
        "no_close", "amount", "amount", "amount", "dollars", "no_amount", "kept", "dropped", "qualification", "evidence",
        "revoked", "pause", "pause", "unpause", "closed", "reopened", "category", "owner",
    ]
)  # fmt: skip
EVENTS = st.lists(st.tuples(KINDS, st.integers(0, 3), DAYS), max_size=12)
STEPS = st.lists(st.tuples(st.integers(60, 125), st.booleans(), st.booleans()), max_size=3)
ACTIVITIES = st.lists(
    st.tuples(
        st.sampled_from(["call", "email", "meeting", "demo", "note", "task"]), DAYS,
        st.sampled_from(["acted", "done", "ahead", "archived"]),
    ),
    max_size=14,
)  # fmt: skip
PEOPLE = st.lists(st.sampled_from(["", "decision_maker", "economic_buyer", "champion", "left"]), max_size=3)


def moment(day: int) -> datetime:
    return START + timedelta(days=day)


def values(kind: str, number: int, day: int, ids: list[int], moves: list[int]) -> dict[str, Any]:
    """Return kind, old, new and detail of a random event; `moves` are the numbers of earlier moves."""
    on = {"on": f"2026-0{number + 4}-15"}
    until = (moment(day) + timedelta(days=(1, 15, 60, 90)[number])).date().isoformat()
    step = {"step": 1, "on": "2026-04-01", "purpose": "Call", "dropped": False}
    made: dict[str, tuple[str, Any, Any, Any]] = {
        "setpoint": ("setpoint", {}, {"setpoint": ids[number]}, {}),
        "move_voided": ("move_voided", {}, {}, {"voids": moves[number % len(moves)] if moves else 99}),
        "expected_close_on": ("expected_close_on", None, on, {}),
        "no_close": ("expected_close_on", on, None, {}),
        "amount": ("amount", None, {"amount": f"{(number + 1) * 9000}.00", "currency": "EUR"}, {}),
        "dollars": ("amount", None, {"amount": f"{(number + 1) * 9000}.00", "currency": "USD"}, {}),
        "no_amount": ("amount", {}, None, {}),
        "kept": ("next_step", {**step, "done": False}, {**step, "done": True}, {}),
        "dropped": ("next_step", {**step, "done": False}, {**step, "done": False, "dropped": True}, {}),
        "qualification": ("qualification", {"element": "need", "level": 1}, {"element": "need", "level": number}, {}),
        "evidence": ("evidence", None, {"code": "budget_known", "attestation": 5}, {}),
        "revoked": ("evidence", {"code": "budget_known", "attestation": 5}, None, {}),
        "pause": ("pause", None, {"until": until, "reason": "Budget frozen"}, {}),
        "unpause": ("pause", {"until": until}, None, {}),
        "closed": ("closed", None, {"outcome": "lost", "reason": "price", **on}, {"note": ""}),
        "reopened": ("reopened", {}, {}, {"voids_outcome": bool(number)}),
        "category": ("category", None, {"category": "commit"}, {}),
        "owner": ("owner", None, {"owner": 70 + number}, {}),
    }
    name, old, new, detail = made[kind]
    return {"kind": name, "old": old, "new": new, "detail": detail}


def write(deal: Opportunity, history: list[tuple[str, int, int]], ids: list[int]) -> None:
    first = {"kind": "setpoint", "old": None, "new": {"setpoint": ids[0]}, "detail": {}, "day": 0}
    rows: list[dict[str, Any]] = [{"kind": "created", "old": None, "new": {}, "detail": {}, "day": 0}, first]
    moves: list[int] = []
    for seq, (kind, number, day) in enumerate(history, start=3):
        rows.append({**values(kind, number, day, ids, moves), "day": day})
        if kind == "setpoint":
            moves.append(seq)
    OpportunityEvent.objects.bulk_create(
        OpportunityEvent(
            opportunity=deal, seq=seq, via="page", recorded_at=START, occurred_at=moment(row.pop("day")), **row
        )
        for seq, row in enumerate(rows, start=1)
    )


def surround(deal: Opportunity, steps: Any, activities: Any, people: Any, contacts: list[Any]) -> None:
    NextStep.objects.bulk_create(
        NextStep(
            opportunity=deal, owner=deal.owner, purpose="Call", due_on=moment(day).date(), created_at=START,
            agreed_with=contacts[0] if agreed else None, done_at=moment(day) if is_done else None,
        )
        for day, agreed, is_done in steps
    )  # fmt: skip
    made = Activity.objects.bulk_create(
        Activity(
            kind=kind, occurred_at=moment(day), created_at=START, recorded_at=START,
            is_customer_action=how == "acted", done_at=None if how == "ahead" else moment(day),
            outcome="moved" if how == "ahead" else "", archived_at=START if how == "archived" else None,
        )
        for kind, day, how in activities
    )  # fmt: skip
    OpportunityActivity.objects.bulk_create(OpportunityActivity(opportunity=deal, activity=each) for each in made)
    Stakeholder.objects.bulk_create(
        Stakeholder(
            opportunity=deal, contact=contact, role="" if role == "left" else role,
            left_at=START if role == "left" else None,
        )
        for role, contact in zip(people, contacts, strict=False)
    )  # fmt: skip


def follow(deal: Opportunity, plain: PlainSignals) -> None:
    """Let the deal's row say what its events come to."""
    events = plain.events(deal)
    moves = [event for event in events if event.kind == "setpoint"]
    last = {event.kind: event.new for event in events}
    deal.setpoint_id, deal.setpoint_entered_at = moves[-1].new["setpoint"], moves[-1].occurred_at
    money, day = last.get("amount"), last.get("expected_close_on")
    deal.amount = Money(Decimal(money["amount"]), money["currency"]) if money else None
    deal.expected_close_on = date.fromisoformat(day["on"]) if day else None
    deal.save()
    deal.refresh_from_db()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=EVENTS, steps=STEPS, activities=ACTIVITIES, people=PEOPLE, now=st.sampled_from([60, 90, 92, 200]))
def test_signals_equal_a_plain_walk_through_the_events(
    history: Any, steps: Any, activities: Any, people: Any, now: int
) -> None:
    ids = list(Setpoint.objects.filter(pipeline__code="new_business").order_by("rank").values_list("pk", flat=True))
    contacts = [ContactFactory() for _ in range(3)]
    deal = OpportunityFactory(created_at=START, evidenced_setpoint_id=ids[1])
    TypicalStay.objects.get_or_create(
        setpoint_id=ids[1], band="10k_30k", deal_type="new_business", days=Decimal("20.5"), wins=11
    )
    write(deal, history, ids)
    surround(deal, steps, activities, people, contacts)
    plain = PlainSignals(moment(now), "UTC")
    plain.typical = {(ids[1], "10k_30k", "new_business"): (Decimal("20.50"), 11)}
    follow(deal, plain)

    refresh_signals([deal.pk], at=moment(now))

    expected = {(each.code, each.severity, each.since): dict(each.detail) for each in plain.signals(deal)}
    stored = {(each.code, each.severity, each.since): each.detail for each in Signal.objects.filter(opportunity=deal)}
    assert stored == expected
    assert Opportunity.objects.get(pk=deal.pk).severity == max((severity for _, severity, _ in expected), default=0)
