"""The evidenced setpoint follows from the facts, whichever command changes them (P-4, D-9, D-16)."""

import re
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.test import Client

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
from pipeline.models import Assessment, CriterionVersion, Opportunity
from pipeline.policies import moves
from pipeline.queries.deals import get_deal_path
from tests.factories.crm import LONG_AGO, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, get_version, meet_criteria
from tests.testing import element, text

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


GAPS = ("", "need_known", "decision_maker_met", "interest_confirmed", "go_live_known", "qualification_assessed")


def test_it_is_what_a_plain_look_at_the_criteria_says() -> None:
    """The statement that carries all deals agrees with the policy that looks at one, whatever is missing."""
    deals = [deal_with_contact() for _ in GAPS]
    for deal, gap in zip(deals, GAPS, strict=True):
        meet_criteria(deal, upto="50" if gap == "qualification_assessed" else "90", but=gap)
    Opportunity.objects.filter(pk=deals[4].pk).update(go_live_on=None)
    Assessment.objects.filter(opportunity=deals[5], element="authority").update(ended_at=AT)
    refresh_standing(None)
    for deal in deals:
        path = get_deal_path(Opportunity.objects.get(pk=deal.pk))
        reached = [each.code for each in path.open_setpoints if not moves.unmet_criteria(path.facts, to=each)]
        assert evidenced(deal) == reached[-1]
    assert [evidenced(deal) for deal in deals] == ["90", "25", "25", "first_meeting", "50", "25"]


def test_a_criterion_may_be_asked_of_some_types_of_deals_only() -> None:
    renewal, new = deal_with_contact(), deal_with_contact()
    Opportunity.objects.filter(pk=renewal.pk).update(deal_type="renewal")
    for deal in (renewal, new):
        meet_criteria(deal, but="competition_known")
    with pgtrigger.ignore("pipeline.CriterionVersion:never_changed"):
        CriterionVersion.objects.filter(pk=get_version("competition_known").pk).update(deal_types=["new_business"])
    refresh_standing(None)
    assert (evidenced(renewal), evidenced(new)) == ("90", "25")
    path = get_deal_path(Opportunity.objects.get(pk=renewal.pk))
    assert moves.unmet_criteria(path.facts, to=path.open_setpoints[-1]) == []


def test_what_was_attested_stays_so_when_the_criterion_is_worded_anew() -> None:
    deal = deal_with_contact()
    meet_criteria(deal)
    version = get_version("interest_confirmed")
    CriterionVersion.objects.filter(pk=version.pk).update(valid_until=AT)
    CriterionVersion.objects.create(
        criterion=version.criterion, number=2, text="They want to hear more", evidence="attested", valid_from=AT
    )
    refresh_derived([deal.pk], at=AT)
    assert evidenced(deal) == "90"


def test_board_list_and_api_tell_claimed_from_evidenced(client: Client) -> None:
    rep = UserFactory(rep=True, team=TeamFactory())
    claimed, carried = OpportunityFactory(owner=rep, at="50", amount=1000), deal_with_contact()
    Opportunity.objects.filter(pk=carried.pk).update(owner=rep, setpoint=get_setpoint("50"), amount=500)
    meet_criteria(carried)
    refresh_standing(None)
    client.force_login(rep)
    board = client.get("/pipeline/?view=my")
    head, sums = (words_of(board, name) for name in (f"head-{get_setpoint('50').pk}", "sums"))
    assert "2 deals 1 evidenced" in head
    assert "Qualified and evidenced 1 of 2" in sums
    assert "Evidenced: none" in words_of(board, f"deal-{claimed.pk}")
    assert "Evidenced" not in words_of(board, f"deal-{carried.pk}")
    for asked, shown in (("short", claimed), ("carried", carried)):
        rows = text(client.get(f"/pipeline/?view=my&as=table&evidence={asked}"))
        assert [deal.account.name in rows for deal in (claimed, carried)] == [
            deal == shown for deal in (claimed, carried)
        ]
    assert "Evidenced 90%" in words_of(client.get(f"/deals/{carried.pk}/"), "deal-head")


def words_of(page: Any, element_id: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", str(element(page, element_id))).split())
