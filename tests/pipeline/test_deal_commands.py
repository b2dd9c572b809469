"""Deals are made, edited, closed and go on; each change is recorded once, each refusal leaves no trace."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.opportunities import (
    EditRefused,
    MoveRefused,
    create_opportunity,
    edit_opportunity,
    give_away_deals,
    log_deal_activity,
    revert_change,
)
from pipeline.labels.history import describe_change
from pipeline.models import (
    Opportunity,
    OpportunityActivity,
    OpportunityEvent,
)
from pipeline.queries.timeline import get_event_names
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory, get_setpoint

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUR = Money(Decimal("48000.00"), "EUR")


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


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
        "deal_type": "new_business",
        "first_meeting_at": AT + timedelta(days=2),
    } | changes
    return create_opportunity(**given)


def test_a_new_deal_records_itself_and_every_first_value() -> None:
    contact = ContactFactory()
    deal = create(amount=EUR, expected_close_on=date(2026, 6, 1), contact_id=contact.pk)
    assert kinds(deal) == [
        "created", "pipeline", "deal_type", "owner", "category", "amount", "expected_close_on", "stakeholder",
        "setpoint",
    ]  # fmt: skip
    assert last(deal).new == {"setpoint": get_setpoint().pk}
    assert [each["met"] for each in last(deal).detail["criteria"]] == [True, True]
    assert deal.stakeholders.get().is_main
    assert (deal.highest_rank, deal.setpoint_entered_at, deal.cycle_no) == (0, AT, 1)


def test_a_new_deal_above_the_first_setpoint_needs_its_facts_or_a_reason() -> None:
    with pytest.raises(MoveRefused) as refused:
        create(setpoint_code="25")
    assert refused.value.override_allowed
    assert Opportunity.objects.count() == 0
    deal = create(setpoint_code="25", override="They came to us with a budget")
    assert deal.setpoint == get_setpoint("25")
    assert last(deal).detail["skipped"] == []


def test_no_new_deal_passes_25_percent_unassessed() -> None:
    with pytest.raises(MoveRefused) as refused:
        create(setpoint_code="50", override="They came to us with a budget")
    assert (refused.value.override_allowed, refused.value.refusals[-1].code) == (False, "manager_needed")
    assert Opportunity.objects.count() == 0


@pytest.mark.parametrize("why", ["", "no date yet"], ids=["without a reason", "with a short one"])
def test_a_first_meeting_has_a_date_or_a_reason(why: str) -> None:
    with pytest.raises(MoveRefused) as refused:
        create(first_meeting_at=None, override=why)
    assert ([each.code for each in refused.value.unmet], refused.value.override_allowed) == (["meeting_dated"], True)
    assert [each.code for each in refused.value.refusals][1:] == (["reason_too_short"] if why else [])
    assert Opportunity.objects.count() == 0
    deal = create(first_meeting_at=None, override="They call back with a date")
    assert last(deal).detail["override"] == "They call back with a date"
    assert create(override="Nothing was missing here").events.latest("seq").detail["override"] == ""


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


def test_another_main_contact_is_an_event_that_can_be_set_back() -> None:
    first, second = ContactFactory(last_name="Sepp"), ContactFactory(last_name="Kuusk")
    deal = create(contact_id=first.pk)
    sent = {"opportunity_id": deal.pk, "by": deal.owner, "at": AT}
    edit_opportunity(changes={"contact_id": second.pk}, **sent)
    event = last(deal)
    assert (event.kind, event.old, event.new) == (
        "stakeholder", {"contact": first.pk, "main": True}, {"contact": second.pk, "main": True},
    )  # fmt: skip
    words = describe_change(event, get_event_names([event]))
    assert words.sentence == "Main contact: Rasa Sepp → Rasa Kuusk"
    assert set(deal.stakeholders.values_list("contact", "is_main")) == {(first.pk, False), (second.pk, True)}
    revert_change(opportunity_id=deal.pk, seq=event.seq, by=deal.owner, at=AT)
    assert set(deal.stakeholders.values_list("contact", "is_main")) == {(first.pk, True), (second.pk, False)}
    edit_opportunity(changes={"contact_id": None}, **sent)
    assert (last(deal).old, last(deal).new) == ({"contact": first.pk, "main": True}, None)
    assert not deal.stakeholders.filter(is_main=True).exists()


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


def test_an_activity_logged_at_a_deal_is_linked_to_it_alone() -> None:
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
