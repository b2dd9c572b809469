"""Any past state is folded from events, exactly (P-6); now, it equals the columns."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.lib.errors import CommandRefused
from crm.lib.values import Money
from pipeline.commands.history import EventDraft, build_rows, creation_drafts
from pipeline.commands.opportunities import (
    close_opportunity,
    create_opportunity,
    edit_opportunity,
    move_opportunity,
    reopen_opportunity,
    undo_move,
)
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityEvent
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.factories.crm import AccountFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET, assess_all, get_setpoint

pytestmark = pytest.mark.django_db
WHY = "They call back with a date"
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASON = "The board signs it on Friday"
FOLLOWED = (
    "pipeline_id", "setpoint_id", "setpoint_entered_at", "owner_id", "deal_type", "category", "approach",
    "expected_close_on", "decision_on", "outcome", "closed_at",
)  # fmt: skip


def days(count: int) -> datetime:
    return AT + timedelta(days=count)


def state(as_of: datetime, known_at: datetime | None = None) -> dict[int, dict[str, Any]]:
    rows = fetch(opportunity_state(as_of=as_of, known_at=known_at or days(9999)), STATE_COLUMNS)
    return {row["opportunity_id"]: row for row in rows}


def deal_with_history(**changes: Any) -> Opportunity:
    owner = UserFactory(rep=True)
    given = {
        "account_id": AccountFactory().pk, "name": "Kiln", "owner_id": owner.pk, "by": owner, "at": AT,
        "amount": Money(Decimal(1000), "EUR"),
    }  # fmt: skip
    deal = create_opportunity(**(NO_MEETING_YET | given | changes))
    assess_all(deal)
    return deal


def move(deal: Opportunity, code: str, at: datetime, **changes: Any) -> Any:
    deal.refresh_from_db()
    sent = {"to": get_setpoint(code), "seen_version": deal.version, "by": deal.owner, "at": at} | changes
    return move_opportunity(opportunity_id=deal.pk, override=REASON, reason="So", **sent)


def decline(deal: Opportunity, at: datetime) -> None:
    sent: dict[str, Any] = {"seen_version": 1, "by": deal.owner, "at": at}
    close_opportunity(opportunity_id=deal.pk, outcome="declined", reason_code="need_known", **sent)


def test_the_past_is_what_it_was() -> None:
    deal = deal_with_history()
    move(deal, "25", days(3))
    edit_opportunity(opportunity_id=deal.pk, changes={"amount": Money(Decimal(700), "USD")}, by=deal.owner, at=days(4))
    move(deal, "90", days(10))
    deal.refresh_from_db()
    close_opportunity(
        opportunity_id=deal.pk,
        outcome="won",
        seen_version=deal.version,
        by=deal.owner,
        at=days(20),
        reason_code="price",
    )

    assert state(AT - timedelta(seconds=1)) == {}
    then = [
        (row["rank"], row["amount"], row["currency"], row["outcome"], row["closed_at"])
        for row in (state(days(count))[deal.pk] for count in (0, 3, 5, 10, 20))
    ]
    assert then == [
        (0, Decimal(1000), "EUR", "", None),
        (1, Decimal(1000), "EUR", "", None),
        (1, Decimal(700), "USD", "", None),
        (3, Decimal(700), "USD", "", None),
        (3, Decimal(700), "USD", "won", days(20)),
    ]


def test_a_voided_move_never_was_once_its_voiding_is_known() -> None:
    deal = deal_with_history()
    made = move(deal, "90", days(1))
    undo_move(opportunity_id=deal.pk, seq=made.event.seq, by=deal.owner, at=days(1) + timedelta(minutes=5))

    assert state(days(1) + timedelta(minutes=4))[deal.pk]["rank"] == 3
    assert state(days(2), known_at=days(1) + timedelta(minutes=4))[deal.pk]["rank"] == 3
    now = state(days(2))[deal.pk]
    assert (now["rank"], now["setpoint_entered_at"]) == (0, AT)


def test_a_voided_outcome_was_true_until_it_was_voided() -> None:
    deal = deal_with_history()
    decline(deal, days(2))
    assert state(days(3))[deal.pk]["outcome"] == "declined"
    reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=days(4))
    assert state(days(5))[deal.pk]["outcome"] == ""
    assert state(days(3))[deal.pk]["outcome"] == "declined"


def test_a_new_cycle_leaves_the_old_outcome_standing() -> None:
    deal = deal_with_history()
    decline(deal, days(2))
    cycle = reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=days(60), override=WHY).deal
    now = state(days(61))
    assert (now[deal.pk]["outcome"], now[cycle.pk]["outcome"], now[cycle.pk]["cycle_no"]) == ("declined", "", 2)


def test_history_imported_later_is_true_then_and_known_from_its_import() -> None:
    deal = deal_with_history(at=days(50))
    late = EventDraft(
        EventKind.AMOUNT, days(55), {"amount": "1000.00", "currency": "EUR"}, {"amount": "1.00", "currency": "EUR"}
    )
    last = OpportunityEvent.objects.filter(opportunity=deal).latest("seq").seq
    via = type("Origin", (), {"via": "import", "reference": "run 7"})()
    rows = build_rows([late], opportunity_id=deal.pk, first_seq=last + 1, by_id=None, recorded_at=days(90), origin=via)
    OpportunityEvent.objects.bulk_create(rows)
    assert state(days(60), known_at=days(60))[deal.pk]["amount"] == Decimal(1000)
    assert state(days(60), known_at=days(90))[deal.pk]["amount"] == Decimal(1)


def test_a_first_load_is_recorded_when_it_occurred() -> None:
    deal = deal_with_history()
    via = type("Origin", (), {"via": "import", "reference": ""})()
    rows = build_rows(
        creation_drafts(deal), opportunity_id=deal.pk, first_seq=1, by_id=None, recorded_at=None, origin=via
    )
    assert {row.recorded_at for row in rows} == {deal.created_at}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["move", "amount", "close_on", "owner", "category", "decision", "close", "reopen", "undo", "no_amount"]
        ),
        st.integers(0, 3),
        st.sampled_from([timedelta(minutes=1), timedelta(days=3), timedelta(days=40)]),
    ),
    max_size=14,
)
CODES = ("first_meeting", "25", "50", "90")


def apply(deal: Opportunity, action: str, number: int, at: datetime, owners: list[Any]) -> None:
    deal.refresh_from_db()
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": at}
    edits: dict[str, dict[str, Any]] = {
        "amount": {"amount": Money(Decimal(number * 100 + 7), "EUR")},
        "no_amount": {"amount": None},
        "close_on": {"expected_close_on": date(2026, 6, 1 + number) if number else None},
        "owner": {"owner_id": owners[number % 2].pk},
        "category": {"category": ("commit", "best_case", "pipeline", "omitted")[number]},
        "decision": {"decision_on": date(2026, 7, 1 + number) if number else None},
    }
    if action in edits:
        edit_opportunity(changes=edits[action], **sent)
    elif action == "move":
        move(deal, CODES[number], at)
    elif action == "undo":
        undo_move(seq=OpportunityEvent.objects.filter(opportunity=deal).latest("seq").seq, **sent)
    elif action == "close":
        outcome, reason = (("declined", "need_known"), ("no_decision", "no_budget"))[number % 2]
        revisit = at.date() + timedelta(days=90)
        close_opportunity(outcome=outcome, seen_version=deal.version, reason_code=reason, revisit_on=revisit, **sent)
    else:
        reopen_opportunity(seen_version=deal.version, override=WHY, **sent)


@settings(max_examples=40)
@given(steps=STEPS)
def test_the_state_of_now_equals_the_columns(steps: list[tuple[str, int, timedelta]]) -> None:
    team = TeamFactory()
    owners = [UserFactory(rep=True, team=team), UserFactory(rep=True, team=team)]
    deal = deal_with_history(owner_id=owners[0].pk, by=owners[0], amount=None)
    at = AT
    for action, number, pause in steps:
        at += pause
        try:
            apply(deal, action, number, at, owners)
        except CommandRefused:
            continue

    folded = state(days(9999))
    stored = Opportunity.objects.in_bulk()
    assert set(folded) == set(stored)
    for pk, row in folded.items():
        deal = stored[pk]
        assert {name: row[name] for name in FOLLOWED} == {name: getattr(deal, name) for name in FOLLOWED}
        assert (row["amount"], row["currency"]) == (
            (deal.amount.amount, deal.amount.currency) if deal.amount else (None, "")
        )
        assert row["rank"] == deal.setpoint.rank
