"""The evidenced setpoint follows from the facts, whichever command changes them (P-4, D-9, D-16)."""

from datetime import date, timedelta

import pytest
from django.db import connection

from crm.commands.activities import archive_activity, complete_activity, move_meeting
from pipeline.commands.derived import refresh_derived
from pipeline.commands.opportunities import (
    attest_criterion,
    close_opportunity,
    complete_next_step,
    create_opportunity,
    edit_opportunity,
    log_deal_activity,
    reopen_opportunity,
    revoke_attestation,
    set_next_step,
)
from pipeline.commands.standing import refresh_standing
from pipeline.models import Opportunity
from pipeline.queries.evidence import get_evidence
from pipeline.queries.proofs import PROOFS
from pipeline.queries.setpoints import get_criteria
from tests.factories.crm import LONG_AGO, ContactFactory
from tests.factories.pipeline import OpportunityFactory, get_version, meet_criteria

pytestmark = pytest.mark.django_db
AT = LONG_AGO + timedelta(days=30)


def evidenced(deal: Opportunity) -> str | None:
    deal.refresh_from_db()
    return deal.evidenced_setpoint.code if deal.evidenced_setpoint else None


def deal_with_contact() -> Opportunity:
    contact = ContactFactory()
    deal: Opportunity = OpportunityFactory(account=contact.account, contact=contact)
    return deal


def test_commands_carry_it_up_and_down() -> None:
    contact = ContactFactory()
    deal = OpportunityFactory(account=contact.account)
    version = deal.version
    by = deal.owner
    assert evidenced(deal) is None

    meeting = log_deal_activity(
        opportunity_id=deal.pk, kind="meeting", occurred_at=AT - timedelta(days=2), done=False, by=by, at=AT
    )
    assert evidenced(deal) == "first_meeting"
    step = set_next_step(
        opportunity_id=deal.pk, purpose="Demo", due_on=AT.date(), agreed_with_id=contact.pk, by=by, at=AT
    )
    said = attest_criterion(
        opportunity_id=deal.pk, criterion_version_id=get_version("interest_confirmed").pk, said_on=AT.date(),
        note="Tell us more", by=by, at=AT,
    )  # fmt: skip
    assert evidenced(deal) == "first_meeting"
    complete_activity(activity_id=meeting.pk, outcome="held", by=by, at=AT)
    assert evidenced(deal) == "25"

    revoke_attestation(attestation_id=said.pk, by=by, at=AT)
    assert evidenced(deal) == "first_meeting"
    complete_next_step(step_id=step.pk, by=by, at=AT)
    archive_activity(activity_id=meeting.pk, by=by, at=AT)
    assert evidenced(deal) is None
    assert deal.version == version


def test_a_meeting_that_is_moved_still_stands() -> None:
    deal = OpportunityFactory()
    meeting = log_deal_activity(
        opportunity_id=deal.pk, kind="meeting", occurred_at=AT, done=False, by=deal.owner, at=AT
    )
    move_meeting(activity_id=meeting.pk, to=AT + timedelta(days=3), by=deal.owner, at=AT)
    assert evidenced(deal) == "first_meeting"


def test_every_fact_carries_it_to_the_top_and_the_claim_does_not_matter() -> None:
    deal = deal_with_contact()
    meet_criteria(deal)
    refresh_derived([deal.pk], at=AT)
    assert evidenced(deal) == "90"
    edit_opportunity(opportunity_id=deal.pk, changes={"decision_on": None}, by=deal.owner, at=AT)
    assert evidenced(deal) == "25"
    edit_opportunity(opportunity_id=deal.pk, changes={"decision_on": date(2026, 9, 1)}, by=deal.owner, at=AT)
    assert evidenced(deal) == "90"


def test_a_deal_that_ended_keeps_it_and_one_that_goes_on_has_it_anew() -> None:
    deal = deal_with_contact()
    meet_criteria(deal)
    refresh_derived([deal.pk], at=AT)
    close_opportunity(
        opportunity_id=deal.pk, outcome="no_decision", seen_version=deal.version, reason_code="no_budget",
        revisit_on=date(2027, 1, 1), by=deal.owner, at=AT,
    )  # fmt: skip
    assert evidenced(deal) == "90"
    Opportunity.objects.filter(pk=deal.pk).update(evidenced_setpoint=None)
    refresh_derived(None, at=AT)
    assert evidenced(deal) is None
    reopen_opportunity(opportunity_id=deal.pk, seen_version=deal.version, by=deal.owner, at=AT)
    assert evidenced(deal) == "90"


def test_a_new_deal_has_it() -> None:
    owner = OpportunityFactory().owner
    deal = create_opportunity(
        account_id=ContactFactory().account_id, name="New", owner_id=owner.pk, deal_type="new_business",
        first_meeting_at=AT, by=owner, at=AT,
    )  # fmt: skip
    assert evidenced(deal) == "first_meeting"


def test_one_statement_brings_all_deals_up_to_date(django_assert_num_queries) -> None:
    deals = [deal_with_contact() for _ in range(3)]
    meet_criteria(deals[0])
    meet_criteria(deals[1], upto="25")
    with django_assert_num_queries(1):
        assert refresh_standing(None) == 2
    assert [evidenced(deal) for deal in deals] == ["90", "25", None]
    assert refresh_standing(None) == 0


def test_the_proofs_of_many_are_the_evidence_of_one() -> None:
    """The statement that carries deals and the one a person reads say the same of every criterion."""
    deals = [deal_with_contact() for _ in range(3)]
    meet_criteria(deals[0])
    meet_criteria(deals[1], upto="50")
    criteria = get_criteria(deals[0].pipeline_id)
    told = get_evidence(deals, criteria)
    with connection.cursor() as cursor:
        cursor.execute(PROOFS.format(deals="SELECT id FROM pipeline_opportunity"))
        proved = set(cursor.fetchall())
    codes = {
        each.version_id: each.check_code or f"criterion:{get_version(each.code).criterion_id}" for each in criteria
    }
    for deal in deals:
        of_deal = {code for deal_id, code in proved if deal_id == deal.pk} & set(codes.values())
        assert {codes[version_id] for version_id in told[deal.pk]} == of_deal
