"""What a gate takes for a fact, and who has to be named for it (P-2, D-16, D-17)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.commands.opportunities import (
    AttestationRefused,
    MoveRefused,
    StepRefused,
    attest_criterion,
    move_opportunity,
    set_next_step,
)
from pipeline.models import Attestation, NextStep, Opportunity, Stakeholder
from tests.factories.crm import ActivityFactory, ContactFactory
from tests.factories.pipeline import (
    NextStepFactory,
    OpportunityActivityFactory,
    OpportunityFactory,
    assess_all,
    get_setpoint,
    get_version,
)
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def known_deal(owner: Any = None) -> Opportunity:
    """Return a deal whose main contact works at its company."""
    deal = OpportunityFactory(owner=owner) if owner else OpportunityFactory()
    deal.contact = ContactFactory(account=deal.account, first_name="Peeter", last_name="Rand")
    deal.save(update_fields=["contact"])
    return deal


def unmet(deal: Opportunity) -> set[str]:
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=1, by=deal.owner, at=AT)
    return {each.code for each in refused.value.unmet}


@pytest.mark.parametrize(
    ("outcome", "dated"),
    [("", True), ("held", True), ("moved", True), ("no_show", False)],
    ids=["ahead", "held", "moved", "nobody came"],
)
def test_a_meeting_nobody_came_to_is_no_dated_meeting(outcome: str, dated: bool) -> None:
    deal = OpportunityFactory()
    OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(meeting=True, outcome=outcome))
    assert ("meeting_dated" not in unmet(deal)) is dated


def test_what_a_person_agreed_to_names_the_person() -> None:
    deal = known_deal()
    said: dict[str, Any] = {
        "opportunity_id": deal.pk, "criterion_version_id": get_version("verbal_agreement").pk, "said_on": date(2026, 3, 1),
        "note": "Yes", "by": deal.owner, "at": AT,
    }  # fmt: skip
    with pytest.raises(AttestationRefused) as refused:
        attest_criterion(**said)
    assert [each.code for each in refused.value.refusals] == ["person_needed"]
    assert Attestation.objects.count() == 0
    assert attest_criterion(**said, contact_id=deal.contact_id).contact == deal.contact


def test_a_stranger_neither_attests_nor_agrees() -> None:
    deal, stranger = known_deal(), ContactFactory()
    step: dict[str, Any] = {
        "opportunity_id": deal.pk, "purpose": "Call", "due_on": date(2026, 3, 9), "agreed_with_id": stranger.pk,
        "by": deal.owner, "at": AT,
    }  # fmt: skip
    said: dict[str, Any] = {
        "opportunity_id": deal.pk, "criterion_version_id": get_version("interest_confirmed").pk, "note": "€130k",
        "said_on": date(2026, 3, 1), "contact_id": stranger.pk, "by": deal.owner, "at": AT,
    }  # fmt: skip
    with pytest.raises(StepRefused):
        set_next_step(**step)
    with pytest.raises(AttestationRefused):
        attest_criterion(**said)
    Stakeholder.objects.create(opportunity=deal, contact=stranger)
    assert set_next_step(**step).agreed_with == stranger
    assert attest_criterion(**said).contact == stranger


@pytest.mark.parametrize("page", ["step/", "step/?way=done", "move/?to={to}", "facts/{fact}/"])
def test_no_page_chooses_whom_it_was_agreed_with(mine: Client, rep: Any, page: str) -> None:
    deal = known_deal(rep)
    NextStepFactory(opportunity=deal)
    url = page.format(to=get_setpoint("90").pk, fact=get_version("verbal_agreement").pk)
    form = text(htmx_get(mine, f"/deals/{deal.pk}/{url}"))
    assert f'<option value="{deal.contact_id}">Peeter Rand</option>' in form
    assert f'<option value="{deal.contact_id}" selected>Peeter Rand</option>' not in form


def test_my_day_asks_whom_the_next_step_was_agreed_with(mine: Client, rep: Any) -> None:
    deal = known_deal(rep)
    step = NextStepFactory(opportunity=deal, agreed_with=deal.contact)
    form = text(htmx_get(mine, f"/day/steps/{step.pk}/"))
    assert f'<option value="{deal.contact_id}">Peeter Rand</option>' in form
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    plan = {"purpose": "Send the offer", "kind": "task", "due_on": due}
    assert htmx_post(mine, f"/day/steps/{step.pk}/done/", plan).status_code == 200
    following = NextStep.objects.get(done_at=None)
    assert following.agreed_with is None
    again = plan | {"purpose": "Sign", "agreed_with_id": deal.contact_id}
    assert htmx_post(mine, f"/day/steps/{following.pk}/done/", again).status_code == 200
    assert NextStep.objects.get(done_at=None).agreed_with == deal.contact


def test_the_sheet_asks_for_the_person_where_it_counts(mine: Client, rep: Any) -> None:
    deal = known_deal(rep)
    assess_all(deal)
    stem = f"fact{get_version('decision_maker_met').criterion_id}"
    given = {
        "to": get_setpoint("50").pk, "version": 1, "sheet": "1", "override": "The board signs it on Friday",
        f"{stem}_on": "2026-03-01",
    }  # fmt: skip
    refused = htmx_post(mine, f"/deals/{deal.pk}/move/", given)
    assert refused.status_code == 422
    assert "Choose the person who said it" in text(refused)
    moved = htmx_post(mine, f"/deals/{deal.pk}/move/", given | {f"{stem}_contact": deal.contact_id})
    assert moved.status_code == 200
    decider = Stakeholder.objects.get()
    assert (decider.contact, decider.role, decider.met_on) == (deal.contact, "decision_maker", date(2026, 3, 1))
