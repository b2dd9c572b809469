"""The past-state query equals a plain fold of events in Python, for random histories, moments and knowledge (P-6, D-21)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.models import Opportunity, OpportunityEvent, Setpoint
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
# Few moments on purpose: ties, late records and events recorded before they occurred must all come up.
MOMENTS = st.integers(0, 4)
LOOKED_AT = st.sampled_from([-1, 1, 2, 2, 3, 3, 4, 4, 4])
KINDS = st.sampled_from(
    [
        "setpoint", "setpoint", "setpoint", "setpoint", "move_voided", "move_voided", "amount", "amount", "no_amount",
        "expected_close_on", "owner", "owner", "deal_type", "category", "approach", "pipeline", "decision", "no_decision",
        "closed", "closed", "closed", "reopened", "reopened", "new_cycle", "next_step", "attested",
    ]
)  # fmt: skip
STEP = st.tuples(KINDS, st.integers(0, 3), MOMENTS, MOMENTS)
ENDS = st.sampled_from([[], [], [], [], [], [("archived", 0, 3, 3)], [("merged", 0, 2, 4)]])
HISTORIES = st.builds(lambda steps, end: [*steps, *end], st.lists(STEP, min_size=4, max_size=16), ENDS)


def moment(day: int) -> datetime:
    return START + timedelta(days=day)


def event_values(kind: str, number: int, setpoints: list[Setpoint], moves: list[int]) -> dict[str, Any]:
    """Return kind, old, new and detail of a random event; `moves` are the numbers of earlier moves."""
    ranks = [setpoint.pk for setpoint in setpoints]
    skipped = ranks[1:number] if number % 2 else []
    date = {"on": f"2026-06-0{number + 1}"}
    made: dict[str, tuple[str, Any, Any, Any]] = {
        "setpoint": ("setpoint", None, {"setpoint": ranks[number]}, {"skipped": skipped}),
        "move_voided": ("move_voided", {}, {}, {"voids": moves[number % len(moves)] if moves else 99}),
        "amount": ("amount", None, {"amount": f"{number}.50", "currency": "EUR"}, {}),
        "no_amount": ("amount", {}, None, {}),
        "expected_close_on": ("expected_close_on", None, date, {}),
        "owner": ("owner", None, {"owner": 70 + number}, {}),
        "deal_type": ("deal_type", None, {"deal_type": "renewal"}, {}),
        "category": ("category", None, {"category": "commit"}, {}),
        "approach": ("approach", None, {"approach": "inbound"} if number else None, {}),
        "pipeline": ("pipeline", None, {"pipeline": number}, {}),
        "decision": ("evidence", None, {"code": "decision_date_known", **date}, {}),
        "no_decision": ("evidence", {"code": "decision_date_known", **date}, None, {}),
        "attested": ("evidence", None, {"code": "budget_known", "attestation": 5}, {}),
        "closed": ("closed", None, {"outcome": "lost", "reason": "price", "competitor": number, **date}, {"note": ""}),
        "reopened": ("reopened", {}, {}, {"voids_outcome": True}),
        "new_cycle": ("reopened", {}, {}, {"voids_outcome": False}),
        "archived": ("archived", None, {}, {}),
        "merged": ("merged", None, {"into": 1}, {}),
        "next_step": ("next_step", None, {"step": 1, **date, "purpose": "Call", "done": False, "dropped": False}, {}),
    }
    name, old, new, detail = made[kind]
    return {"kind": name, "old": old, "new": new, "detail": detail}


def write(deal: Opportunity, history: list[tuple[str, int, int, int]], setpoints: list[Setpoint]) -> None:
    rows = [{"kind": "created", "old": None, "new": {}, "detail": {}, "occurred_at": START, "recorded_at": START}]
    moves: list[int] = []
    for seq, (kind, number, occurred, recorded) in enumerate(history, start=2):
        values = event_values(kind, number, setpoints, moves)
        if values["kind"] == "setpoint":
            moves.append(seq)
        rows.append({**values, "occurred_at": moment(occurred), "recorded_at": moment(recorded)})
    OpportunityEvent.objects.bulk_create(
        OpportunityEvent(opportunity=deal, seq=seq, via="page", **row) for seq, row in enumerate(rows, start=1)
    )


def known(deal: Opportunity, as_of: datetime, known_at: datetime) -> list[OpportunityEvent]:
    """Return the events to look at, in the order they happened; a voided move is none."""
    seen = [
        event
        for event in OpportunityEvent.objects.filter(opportunity=deal)
        if event.occurred_at <= as_of and event.recorded_at <= known_at
    ]
    voided = {event.detail["voids"] for event in seen if event.kind == "move_voided"}
    seen = [event for event in seen if not (event.kind == "setpoint" and event.seq in voided)]
    return sorted(seen, key=lambda event: (event.occurred_at, event.seq))


def told_by(event: OpportunityEvent) -> dict[str, Any]:
    """Return what one event says stands from then on."""
    new = event.new or {}
    voids = event.kind == "reopened" and event.detail["voids_outcome"]
    is_decision = event.kind == "evidence" and (event.new or event.old)["code"] == "decision_date_known"
    says: dict[str, dict[str, Any]] = {
        "setpoint": {"setpoint_id": new.get("setpoint"), "setpoint_entered_at": event.occurred_at},
        "amount": {"amount": Decimal(new["amount"]) if "amount" in new else None, "currency": new.get("currency", "")},
        "expected_close_on": {"expected_close_on": new.get("on")},
        "owner": {"owner_id": new.get("owner")},
        "pipeline": {"pipeline_id": new.get("pipeline")},
        **{name: {name: new.get(name, "")} for name in ("deal_type", "category", "approach")},
        "evidence": {"decision_on": new.get("on")} if is_decision else {},
        "closed": {name: new.get(name) for name in ("outcome", "competitor")} | {"closed_at": event.occurred_at},
        "reopened": {"outcome": "", "closed_at": None, "competitor": None} if voids else {},
    }
    return says.get(event.kind, {})


def fold(events: list[OpportunityEvent]) -> dict[str, Any] | None:
    """Apply events one after the other, as a person would who reads the deal's history aloud."""
    kinds = {event.kind for event in events}
    if "created" not in kinds or kinds & {"archived", "merged"}:
        return None
    state: dict[str, Any] = {}
    for event in events:
        state |= told_by(event)
    return state


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the query in the words of the fold; what no event spoke of is left out."""
    facts = {name: row[name] for name in FOLDED if name in row} | {"competitor": row["competitor_id"]}
    for name in ("expected_close_on", "decision_on"):
        facts[name] = facts[name].isoformat() if facts[name] else None
    return {name: value for name, value in facts.items() if value not in (None, "")}


FOLDED = (
    "setpoint_id", "setpoint_entered_at", "amount", "currency", "expected_close_on", "owner_id", "pipeline_id",
    "deal_type", "category", "approach", "decision_on", "outcome", "closed_at", "competitor",
)  # fmt: skip


@pytest.fixture
def deals() -> list[Opportunity]:
    """Make the deals once; each example writes other histories for them."""
    return [OpportunityFactory() for _ in range(6)]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=st.lists(HISTORIES, min_size=3, max_size=6), as_of=LOOKED_AT, known_at=LOOKED_AT)
def test_the_query_equals_a_fold_by_hand(
    deals: list[Opportunity], histories: list[Any], as_of: int, known_at: int
) -> None:
    with pgtrigger.ignore("pipeline.OpportunityEvent:never_deleted"):
        OpportunityEvent.objects.all().delete()
    setpoints = list(Setpoint.objects.filter(pipeline__code="new_business").order_by("rank"))
    for deal, history in zip(deals, histories, strict=False):
        write(deal, history, setpoints)
    at = {"as_of": moment(as_of), "known_at": moment(known_at)}

    states = {row["opportunity_id"]: plain(row) for row in fetch(opportunity_state(**at), STATE_COLUMNS)}

    for deal in deals:
        folded = fold(known(deal, **at))
        wanted = None if folded is None else {name: value for name, value in folded.items() if value not in (None, "")}
        assert states.get(deal.pk) == wanted
