"""Next steps and attested facts: recorded once, taken back, kept with the move they are for or not at all."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.lib.values import Money
from pipeline.commands.facts import GivenFacts, move_with_facts, record_facts
from pipeline.commands.opportunities import (
    AttestationRefused,
    MoveRefused,
    StepPlan,
    StepRefused,
    attest_criterion,
    complete_next_step,
    drop_next_step,
    reschedule_next_step,
    revoke_attestation,
    set_next_step,
)
from pipeline.models import (
    Attestation,
    NextStep,
    Opportunity,
    OpportunityEvent,
)
from tests.factories.crm import ContactFactory
from tests.factories.pipeline import AttestationFactory, OpportunityFactory, get_setpoint, get_version

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUR = Money(Decimal("48000.00"), "EUR")


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


def last(deal: Opportunity) -> OpportunityEvent:
    return OpportunityEvent.objects.filter(opportunity=deal).latest("seq")


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
    version = get_version("interest_confirmed")
    sent = {
        "opportunity_id": deal.pk,
        "criterion_version_id": version.pk,
        "by": deal.owner,
        "at": AT,
        "note": "€130k, capex",
    }
    attestation = attest_criterion(said_on=date(2026, 3, 1), **sent)
    assert last(deal).new == {"code": "interest_confirmed", "attestation": attestation.pk}
    with pytest.raises(AttestationRefused):
        attest_criterion(said_on=date(2026, 3, 1), **sent)
    revoke_attestation(attestation_id=attestation.pk, by=deal.owner, at=AT)
    assert (last(deal).old, last(deal).new) == ({"code": "interest_confirmed", "attestation": attestation.pk}, None)
    with pytest.raises(AttestationRefused):
        revoke_attestation(attestation_id=attestation.pk, by=deal.owner, at=AT)
    assert Attestation.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "note", "said_on", "refusal"),
    [
        pytest.param("interest_confirmed", " ", date(2026, 3, 1), "note_needed", id="without words"),
        pytest.param("interest_confirmed", "€130k", date(2026, 3, 3), "said_in_future", id="in the future"),
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
    half = GivenFacts(held_at=AT - timedelta(days=1), fields={"decision_on": date(2026, 6, 1)})
    with pytest.raises(MoveRefused):
        move_with_facts(facts=half, **sent)
    assert kinds(deal) == []

    AttestationFactory(opportunity=deal, code="interest_confirmed")
    step = StepPlan("Workshop", date(2026, 3, 9), agreed_with_id=deal.contact_id)
    whole = GivenFacts(held_at=AT - timedelta(days=1), fields={"decision_on": date(2026, 6, 1)}, step=step)
    move = move_with_facts(facts=whole, **sent)
    assert kinds(deal) == ["evidence", "next_step", "setpoint"]
    assert move.deal.setpoint == get_setpoint("25")


def test_a_step_given_on_the_sheet_takes_the_place_of_an_overdue_one() -> None:
    deal = OpportunityFactory()
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": AT}
    late = set_next_step(purpose="Call", due_on=date(2026, 2, 20), **sent)
    today = set_next_step(purpose="Visit", due_on=AT.date(), **sent)
    record_facts(facts=GivenFacts(step=StepPlan("Workshop", date(2026, 3, 9))), **sent)
    late.refresh_from_db()
    today.refresh_from_db()
    deal.refresh_from_db()
    assert (late.dropped_at, today.dropped_at, deal.current_step) == (AT, None, today)
    assert (last(deal).old["dropped"], last(deal).new["dropped"]) == (False, True)  # type: ignore[index]  # a dropped step
