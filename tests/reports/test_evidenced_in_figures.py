"""How many of the deals at a setpoint have the facts for it, now and as of a past moment (P-4, P-6, D-33)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.commands.organisation import edit_organisation
from crm.lib.values import Money
from crm.models import User
from pipeline.commands.derived import refresh_derived
from pipeline.commands.economics import add_line, edit_line, remove_line
from pipeline.commands.opportunities import (
    attest_criterion,
    edit_opportunity,
    revoke_attestation,
    set_next_step,
)
from pipeline.commands.opportunities.activities import log_deal_activity
from pipeline.commands.pipelines import add_criterion, retire_criterion
from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import name_stakeholder, remove_stakeholder
from pipeline.enums import CHECKS, Element, Fact
from pipeline.models import Opportunity, Setpoint
from pipeline.queries import proofs_then
from pipeline.queries.figures import get_evidenced
from reports.queries.figures import Moment, compute, default_period, find, make_scope, read_shared
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint, get_version, meet_criteria

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


def evidenced(at: datetime, *, stored: bool = False) -> dict[int, list[int]]:
    """Return the deals whose facts carry them to where they stand: as stored, or from what was known at a moment."""
    shared = read_shared()
    period = default_period(find("pipeline-by-setpoint"), on=at.date(), fiscal_start=1)
    scope = replace(make_scope(Moment(at), period, shared=shared), is_now=stored)
    return {setpoint_id: ids for (_, setpoint_id), ids in get_evidenced(scope).items()}


@pytest.fixture
def deal() -> Opportunity:
    """Return a deal at 25% since it was made, with a person who speaks for the customer."""
    contact = ContactFactory()
    made: Opportunity = OpportunityFactory(
        account=contact.account, contact=contact, at="25", created_at=AT, setpoint_entered_at=AT
    )
    return made


def learn(deal: Opportunity, owner: User) -> None:
    """Learn what 25% asks for, a fact a day, from the first day on."""
    given: dict[str, Any] = {"opportunity_id": deal.pk, "by": owner}
    log_deal_activity(**given, kind="meeting", occurred_at=day(1), done=True, outcome="held", at=day(1))
    set_next_step(**given, purpose="Visit", due_on=date(2026, 5, 1), agreed_with_id=deal.contact_id, at=day(2))
    attest_criterion(
        **given, criterion_version_id=get_version("interest_confirmed").pk, said_on=date(2026, 3, 5), note="Go on",
        contact_id=deal.contact_id, at=day(3),
    )  # fmt: skip


def test_a_past_moment_knows_what_was_known_then(deal: Opportunity) -> None:
    owner = User.objects.get(pk=deal.owner_id)
    learn(deal, owner)
    here = {deal.setpoint_id: [deal.pk]}
    assert [evidenced(day(number)) for number in (0, 1, 2, 3)] == [{}, {}, {}, here]
    revoke_attestation(attestation_id=deal.attestations.get().pk, by=owner, at=day(5))
    assert (evidenced(day(4)), evidenced(day(5)), evidenced(day(5), stored=True)) == (here, {}, {})


def test_people_fields_and_what_is_asked_for_count_as_they_were(deal: Opportunity) -> None:
    owner, admin = User.objects.get(pk=deal.owner_id), UserFactory(admin=True)
    learn(deal, owner)
    Opportunity.objects.filter(pk=deal.pk).update(setpoint=get_setpoint("50"))
    given: dict[str, Any] = {"opportunity_id": deal.pk, "by": owner}
    for element in Element:
        assess_element(
            **given, element=element, level=2, said_on=date(2026, 3, 5), contact_id=deal.contact_id, at=day(4)
        )
    edit_opportunity(**given, changes={"decision_on": date(2026, 4, 1)}, at=day(5))
    assert evidenced(day(5)) == {}
    other = ContactFactory(account=deal.account)
    name_stakeholder(**given, contact_id=other.pk, role="decision_maker", met_on=date(2026, 3, 6), at=day(6))
    here = {get_setpoint("50").pk: [deal.pk]}
    assert (evidenced(day(6)), evidenced(day(6), stored=True)) == (here, here)
    edit_opportunity(**given, changes={"decision_on": None}, at=day(7))
    edit_opportunity(**given, changes={"decision_on": date(2026, 4, 8)}, at=day(8))
    remove_stakeholder(**given, contact_id=other.pk, at=day(9))
    assert [evidenced(day(number)) for number in (6, 7, 8, 9)] == [here, {}, here, {}]
    name_stakeholder(**given, contact_id=other.pk, role="decision_maker", met_on=date(2026, 3, 6), at=day(10))
    asked = add_criterion(setpoint_id=get_setpoint("25").pk, text="Site seen", by=admin, at=day(11))
    retire_criterion(criterion_id=asked.criterion_id, by=admin, at=day(12))
    refresh_derived(None, at=day(12))
    assert [evidenced(day(number)) for number in (10, 11, 12)] == [here, {}, here]
    assert evidenced(day(12), stored=True) == here


@pytest.mark.parametrize("code", ["first_meeting", "25", "50", "90"])
def test_the_past_up_to_now_is_the_present(code: str) -> None:
    whole, bare = OpportunityFactory(at=code, contact=ContactFactory()), OpportunityFactory(at=code)
    meet_criteria(whole, code)
    given: dict[str, Any] = {"by": None, "at": AT}
    for person in list(whole.stakeholders.all()):
        role, met = person.role, person.met_on
        person.delete()
        name_stakeholder(opportunity_id=whole.pk, contact_id=person.contact_id, role=role, met_on=met, **given)
    values = {
        "decision_on": whole.decision_on,
        "required_results": whole.required_results,
        "go_live_on": whole.go_live_on,
    }
    Opportunity.objects.filter(pk=whole.pk).update(decision_on=None, required_results="", go_live_on=None)
    edit_opportunity(opportunity_id=whole.pk, changes=values, **given)
    refresh_derived([whole.pk, bare.pk], at=AT)
    assert evidenced(AT) == evidenced(AT, stored=True)
    assert whole.pk in evidenced(AT)[get_setpoint(code).pk]
    assert bare.pk not in evidenced(AT)[get_setpoint(code).pk]


def test_every_check_can_be_told_of_the_past() -> None:
    told = proofs_then.PROOFS_THEN
    fields = {Fact.DECISION_DATE_KNOWN, Fact.RESULTS_KNOWN, Fact.GO_LIVE_KNOWN}
    assert fields == set(proofs_then.FIELD_FACTS)
    assert [code for code in CHECKS if f"'{code}'" not in told] == []


def test_the_figure_counts_claimed_and_evidenced_and_names_both() -> None:
    whole, bare = OpportunityFactory(at="25", contact=ContactFactory()), OpportunityFactory(at="25")
    meet_criteria(whole, "25")
    refresh_derived([whole.pk, bare.pk], at=AT)
    rows = {row.filters["part"]: row.figure for row in compute("pipeline-by-setpoint", user=None, at=day(30))}
    assert (rows["25"].value, rows["25"].detail["evidenced"], rows["50"].detail["evidenced"]) == (2, 1, 0)
    assert rows["25"].cells["evidenced"] == [whole.pk]
    assert Setpoint.objects.filter(code="25").count() == 3


def test_checked_economics_are_read_from_their_events(deal: Opportunity) -> None:
    admin = UserFactory(admin=True)
    learn(deal, User.objects.get(pk=deal.owner_id))
    here, given = {deal.setpoint_id: [deal.pk]}, {"by": admin}
    add_criterion(setpoint_id=deal.setpoint_id, text="Costs known", check_code="economics_checked", by=admin, at=day(4))
    price = Money(Decimal(900), "EUR")
    line = add_line(opportunity_id=deal.pk, description="Meters", price=price, at=day(5), **given)
    edit_line(line_id=line.pk, changes={"cost": Money(Decimal(300), "EUR")}, at=day(6), **given)
    remove_line(line_id=line.pk, at=day(7), **given)
    assert [evidenced(day(number)) for number in (3, 4, 5, 6, 7)] == [here, {}, {}, here, {}]


def test_an_organisation_may_say_that_facts_qualify_a_deal() -> None:
    money = {"amount": Decimal(1000), "expected_close_on": date(2026, 3, 20), "created_at": AT}
    whole, bare = (OpportunityFactory(at="50", contact=ContactFactory(), **money) for _ in range(2))
    early = OpportunityFactory(at="first_meeting", contact=ContactFactory(), **money)
    for deal in (whole, early):
        meet_criteria(deal, "25")
    refresh_derived([whole.pk, bare.pk, early.pk], at=AT)

    def told() -> list[tuple[Any, Any]]:
        period = default_period(find("weighted"), on=AT.date(), fiscal_start=1)
        asked = {"user": None, "at": AT, "period": period}
        rows = [compute(name, **asked)[0].figure for name in ("open-value", "weighted")]
        return [(rows[0].value, rows[0].detail["qualified"]), (rows[1].value, sorted(rows[1].ids))]

    assert told() == [(3000, 2000), (1000, sorted([whole.pk, bare.pk]))]
    edit_organisation(changes={"evidence_qualifies": True}, by=None, at=AT)
    assert told() == [(3000, 2000), (600, sorted([whole.pk, early.pk]))]


def test_facts_of_then_qualified_a_deal_then(deal: Opportunity) -> None:
    learn(deal, User.objects.get(pk=deal.owner_id))
    edit_organisation(changes={"evidence_qualifies": True}, by=None, at=AT)
    period = default_period(find("open-value"), on=AT.date(), fiscal_start=1)
    seen = [
        compute("open-value", user=None, at=day(30), as_of=day(number), period=period)[0].figure.detail
        for number in (0, 2, 3)
    ]
    assert [each["qualified_count"] for each in seen] == [0, 0, 1]
