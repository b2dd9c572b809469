"""Deals are made, edited, closed and go on; each change is recorded once, each refusal leaves no trace."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.opportunities import (
    AttestationRefused,
    CloseRefused,
    EditRefused,
    GivenFacts,
    MoveRefused,
    ReopenRefused,
    StepPlan,
    StepRefused,
    archive_opportunity,
    attest_criterion,
    close_opportunity,
    complete_next_step,
    create_opportunity,
    drop_next_step,
    edit_opportunity,
    give_away_deals,
    log_deal_activity,
    move_with_facts,
    reopen_opportunity,
    reschedule_next_step,
    revoke_attestation,
    set_next_step,
)
from pipeline.models import (
    Attestation,
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityCompetitor,
    OpportunityEvent,
)
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import AttestationFactory, NextStepFactory, OpportunityFactory, get_setpoint, get_version

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUR = Money(Decimal("48000.00"), "EUR")


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


def decline(deal: Opportunity) -> None:
    sent = {"by": deal.owner, "at": AT, "seen_version": 1, "reason_code": "just_looking"}
    close_opportunity(opportunity_id=deal.pk, outcome="declined", **sent)


def last(deal: Opportunity) -> OpportunityEvent:
    return OpportunityEvent.objects.filter(opportunity=deal).latest("seq")


def create(**changes: Any) -> Opportunity:
    owner = changes.pop("owner", None) or UserFactory(rep=True)
    given = {
        "account_id": AccountFactory().pk,
        "name": "Kiln control",
        "owner_id": owner.pk,
        "by": owner,
        "at": AT,
    } | changes
    return create_opportunity(**given)


def test_a_new_deal_records_itself_and_every_first_value() -> None:
    contact = ContactFactory()
    deal = create(
        amount=EUR, expected_close_on=date(2026, 6, 1), contact_id=contact.pk, first_meeting_at=AT + timedelta(days=2)
    )
    assert kinds(deal) == [
        "created", "pipeline", "deal_type", "owner", "category", "amount", "expected_close_on", "setpoint",
    ]  # fmt: skip
    assert last(deal).new == {"setpoint": get_setpoint().pk}
    assert [each["met"] for each in last(deal).detail["criteria"]] == [True, True]
    assert deal.stakeholders.get().is_main
    assert (deal.highest_rank, deal.setpoint_entered_at, deal.cycle_no) == (0, AT, 1)


def test_a_new_deal_above_the_first_setpoint_needs_its_facts_or_a_reason() -> None:
    with pytest.raises(MoveRefused) as refused:
        create(setpoint_code="50")
    assert refused.value.override_allowed
    assert Opportunity.objects.count() == 0
    deal = create(setpoint_code="50", override="They came to us with a budget")
    assert deal.setpoint == get_setpoint("50")
    assert last(deal).detail["skipped"] == []


def test_a_rep_makes_no_deal_for_another_team() -> None:
    with pytest.raises(NotPermitted):
        create(owner_id=UserFactory(rep=True).pk)
    assert Opportunity.objects.count() == 0


def test_an_edit_changes_what_differs_and_records_it_once() -> None:
    deal = OpportunityFactory(amount=1000)
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": AT}
    before = Money(Decimal("1000.00"), "EUR")
    edited = edit_opportunity(changes={"amount": EUR, "name": deal.name}, seen={"amount": before}, **sent)
    assert (edited.amount, edited.version) == (EUR, 2)
    assert kinds(deal) == ["amount"]
    assert last(deal).old == {"amount": "1000.00", "currency": "EUR"}
    edit_opportunity(changes={"amount": EUR}, **sent)
    assert kinds(deal) == ["amount"]


def test_an_edit_meets_a_conflict_only_where_the_field_changed() -> None:
    deal = OpportunityFactory(amount=1000)
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": AT}
    edit_opportunity(changes={"amount": EUR}, **sent)
    with pytest.raises(StaleRecord) as stale:
        edit_opportunity(
            changes={"amount": Money(Decimal(5), "EUR")}, seen={"amount": Money(Decimal("1000.00"), "EUR")}, **sent
        )
    assert stale.value.current == {"amount": EUR}
    edit_opportunity(changes={"decision_on": date(2026, 5, 1)}, seen={"decision_on": None}, **sent)
    assert last(deal).new == {"code": "decision_date_known", "on": "2026-05-01"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"name": "  "}, "name", id="no name"),
        pytest.param({"amount": Money(Decimal(-1), "EUR")}, "amount", id="below nothing"),
        pytest.param({"deal_type": "gift"}, "deal_type", id="unknown type"),
    ],
)
def test_a_wrong_value_is_refused(changes: dict[str, Any], field: str) -> None:
    deal = OpportunityFactory()
    with pytest.raises(EditRefused) as refused:
        edit_opportunity(opportunity_id=deal.pk, changes=changes, by=deal.owner, at=AT)
    assert refused.value.field == field
    assert kinds(deal) == []


def test_a_new_owner_takes_the_open_steps() -> None:
    team = TeamFactory()
    first, second = UserFactory(rep=True, team=team), UserFactory(rep=True, team=team)
    step = NextStepFactory(opportunity=OpportunityFactory(owner=first))
    edit_opportunity(opportunity_id=step.opportunity_id, changes={"owner_id": second.pk}, by=first, at=AT)
    step.refresh_from_db()
    assert step.owner == second
    with pytest.raises(EditRefused):
        edit_opportunity(
            opportunity_id=step.opportunity_id, changes={"owner_id": UserFactory(team=team).pk}, by=first, at=AT
        )


def test_winning_asks_why_and_keeps_the_final_value() -> None:
    deal = OpportunityFactory(at="90", amount=1000)
    step = NextStepFactory(opportunity=deal)
    sent = {"opportunity_id": deal.pk, "outcome": "won", "by": deal.owner, "at": AT, "seen_version": 1}
    with pytest.raises(CloseRefused):
        close_opportunity(**sent)
    assert kinds(deal) == []

    won = close_opportunity(**sent, reason_code="product", amount=EUR)

    assert (won.outcome, won.closed_at, won.amount, won.version) == ("won", AT, EUR, 2)
    assert kinds(deal) == ["amount", "next_step", "closed"]
    assert last(deal).new == {
        "outcome": "won", "reason": "product", "competitor": None, "on": "2026-03-02", "revisit_on": None,
        "setpoint": get_setpoint("90").pk, "amount": "48000.00", "currency": "EUR",
    }  # fmt: skip
    step.refresh_from_db()
    assert step.dropped_at == AT
    with pytest.raises(StaleRecord):
        close_opportunity(**sent, reason_code="product")


def test_losing_names_who_won() -> None:
    deal = OpportunityFactory(at="50")
    close_opportunity(
        opportunity_id=deal.pk, outcome="lost", by=deal.owner, at=AT, seen_version=1, reason_code="price",
        competitor="Volta", note="A third cheaper", closed_on=date(2026, 2, 27),
    )  # fmt: skip
    deal.refresh_from_db()
    assert deal.closed_at == datetime(2026, 2, 27, 23, 59, 59, 999999, tzinfo=UTC)
    rivals = OpportunityCompetitor.objects.filter(opportunity=deal)
    assert [(each.competitor.name, each.outcome) for each in rivals] == [("Volta", "won")]


def test_an_unknown_reason_is_refused() -> None:
    deal = OpportunityFactory()
    with pytest.raises(CloseRefused):
        close_opportunity(
            opportunity_id=deal.pk, outcome="declined", by=deal.owner, at=AT, seen_version=1, reason_code="mood"
        )
    assert kinds(deal) == []


def test_reopening_soon_voids_the_outcome_and_brings_the_steps_back() -> None:
    deal = OpportunityFactory(at="50")
    step = NextStepFactory(opportunity=deal)
    decline(deal)
    reopening = reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(days=30))
    assert not reopening.is_new_cycle
    deal.refresh_from_db()
    assert (deal.outcome, deal.closed_at, deal.setpoint, deal.current_step) == ("", None, get_setpoint("50"), step)
    assert kinds(deal) == ["next_step", "closed", "reopened", "next_step"]
    with pytest.raises(ReopenRefused):
        reopen_opportunity(opportunity_id=deal.pk, seen_version=3, by=deal.owner, at=AT)


def test_reopening_late_starts_a_new_cycle() -> None:
    deal = OpportunityFactory(at="50", amount=1000)
    decline(deal)
    reopening = reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(days=31))
    assert reopening.is_new_cycle
    assert (reopening.deal.previous_cycle, reopening.deal.cycle_no) == (deal, 2)
    assert reopening.deal.setpoint == get_setpoint()
    deal.refresh_from_db()
    assert deal.outcome == "declined"
    with pytest.raises(ReopenRefused):
        reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(days=32))


def test_an_archived_deal_keeps_its_history() -> None:
    deal = OpportunityFactory()
    archive_opportunity(opportunity_id=deal.pk, seen_version=1, by=deal.owner, at=AT)
    assert kinds(deal) == ["archived"]
    with pytest.raises(EditRefused):
        archive_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT)


def test_the_earliest_open_step_is_the_current_one() -> None:
    deal = OpportunityFactory()
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": AT}
    later = set_next_step(purpose="Send the offer", due_on=date(2026, 3, 20), **sent)
    sooner = set_next_step(purpose="Call", due_on=date(2026, 3, 4), kind="call", **sent)
    deal.refresh_from_db()
    assert (deal.current_step, deal.next_step_on, deal.version) == (sooner, date(2026, 3, 4), 1)

    following = complete_next_step(step_id=sooner.pk, then=StepPlan("Demo", date(2026, 3, 9)), by=deal.owner, at=AT)
    deal.refresh_from_db()
    assert deal.current_step == following
    with pytest.raises(StepRefused):
        complete_next_step(step_id=sooner.pk, by=deal.owner, at=AT)

    reschedule_next_step(step_id=following.pk, due_on=date(2026, 3, 30), by=deal.owner, at=AT)
    drop_next_step(step_id=following.pk, by=deal.owner, at=AT)
    deal.refresh_from_db()
    assert deal.current_step == later
    assert kinds(deal) == ["next_step"] * 6


def test_no_step_is_agreed_on_a_closed_deal() -> None:
    deal = OpportunityFactory(won=True)
    with pytest.raises(StepRefused):
        set_next_step(opportunity_id=deal.pk, purpose="Call", due_on=date(2026, 3, 4), by=deal.owner, at=AT)
    assert NextStep.objects.count() == 0


def test_a_fact_is_attested_once_and_can_be_taken_back() -> None:
    deal = OpportunityFactory()
    version = get_version("budget_known")
    sent = {
        "opportunity_id": deal.pk,
        "criterion_version_id": version.pk,
        "by": deal.owner,
        "at": AT,
        "note": "€130k, capex",
    }
    attestation = attest_criterion(said_on=date(2026, 3, 1), **sent)
    assert last(deal).new == {"code": "budget_known", "attestation": attestation.pk}
    with pytest.raises(AttestationRefused):
        attest_criterion(said_on=date(2026, 3, 1), **sent)
    revoke_attestation(attestation_id=attestation.pk, by=deal.owner, at=AT)
    assert (last(deal).old, last(deal).new) == ({"code": "budget_known", "attestation": attestation.pk}, None)
    with pytest.raises(AttestationRefused):
        revoke_attestation(attestation_id=attestation.pk, by=deal.owner, at=AT)
    assert Attestation.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "note", "said_on", "refusal"),
    [
        pytest.param("budget_known", " ", date(2026, 3, 1), "note_needed", id="without words"),
        pytest.param("budget_known", "€130k", date(2026, 3, 3), "said_in_future", id="in the future"),
        pytest.param(
            "decision_date_known", "May", date(2026, 3, 1), "not_attestable", id="a field is filled, not attested"
        ),
    ],
)
def test_a_fact_is_not_attested(code: str, note: str, said_on: date, refusal: str) -> None:
    deal = OpportunityFactory()
    with pytest.raises(AttestationRefused) as refused:
        attest_criterion(
            opportunity_id=deal.pk,
            criterion_version_id=get_version(code).pk,
            said_on=said_on,
            note=note,
            by=deal.owner,
            at=AT,
        )
    assert [each.code for each in refused.value.refusals] == [refusal]
    assert kinds(deal) == []


def test_the_sheet_saves_facts_and_moves_or_does_neither() -> None:
    deal = OpportunityFactory(contact=ContactFactory())
    sent = {"opportunity_id": deal.pk, "to": get_setpoint("25").pk, "seen_version": 1, "by": deal.owner, "at": AT}
    half = GivenFacts(held_at=AT - timedelta(days=1), decision_on=date(2026, 6, 1))
    with pytest.raises(MoveRefused):
        move_with_facts(facts=half, **sent)
    assert kinds(deal) == []

    AttestationFactory(opportunity=deal, code="interest_confirmed")
    step = StepPlan("Workshop", date(2026, 3, 9), agreed_with_id=deal.contact_id)
    whole = GivenFacts(held_at=AT - timedelta(days=1), decision_on=date(2026, 6, 1), step=step)
    move = move_with_facts(facts=whole, **sent)
    assert kinds(deal) == ["evidence", "next_step", "setpoint"]
    assert move.deal.setpoint == get_setpoint("25")


def test_an_activity_logged_at_a_deal_or_its_only_account_is_linked() -> None:
    deal = OpportunityFactory()
    OpportunityFactory(account=deal.account, owner=deal.owner)
    call = {"kind": "call", "occurred_at": AT, "done": True, "outcome": "conversation"}
    activity = log_deal_activity(opportunity_id=deal.pk, by=deal.owner, at=AT, **call)
    assert [link.opportunity for link in OpportunityActivity.objects.filter(activity=activity)] == [deal]


def test_who_leaves_hands_over_open_deals_and_steps() -> None:
    leaver, heir = UserFactory(rep=True), UserFactory(rep=True)
    step = NextStepFactory(opportunity=OpportunityFactory(owner=leaver))
    closed = OpportunityFactory(owner=leaver, won=True)
    assert give_away_deals(from_user_id=leaver.pk, to_user_id=heir.pk, by=None, at=AT) == 1
    step.refresh_from_db()
    closed.refresh_from_db()
    assert (step.owner, step.opportunity.owner, closed.owner) == (heir, heir, leaver)
    assert last(step.opportunity).new == {"owner": heir.pk}
