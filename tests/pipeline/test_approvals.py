"""Asking, deciding, handing on and withdrawing approvals; who may; twice, at once and too late (P-14, D-17)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Team, User
from pipeline.commands.approvals import (
    ApprovalRefused,
    OutsidePolicy,
    ask_approval,
    decide_approval,
    delegate_approval,
    escalate_approvals,
    require_within_policy,
    withdraw_approval,
)
from pipeline.enums import PolicyArea
from pipeline.models import Approval, Opportunity, OpportunityEvent, OpportunityLine, PromisePolicy
from pipeline.queries.promises import get_policies
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory
from tests.factories.promises import ApprovalFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)  # a Friday


@pytest.fixture
def team() -> Team:
    return TeamFactory()


@pytest.fixture
def rep(team: Team) -> User:
    return UserFactory(rep=True, team=team)


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep)


@pytest.fixture
def finance() -> User:
    return UserFactory(roles=["finance"], time_zone="UTC")


def ask(deal: Opportunity, **more: Any) -> Approval:
    given = {"area": "discount", "asked": Decimal(15), "why": "They order for two years", "by": deal.owner, "at": AT}
    return ask_approval(opportunity_id=deal.pk, **{**given, **more})


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_every_area_has_a_policy_from_the_first_day():
    assert {area: policy.role for area, policy in get_policies(on=date(2020, 1, 1)).items()} == {
        "discount": "finance", "custom_work": "delivery", "delivery_date": "delivery", "roadmap": "product",
        "payment_terms": "manager",
    }  # fmt: skip


def test_the_policy_of_a_day_is_the_last_that_began(deal, finance):
    PromisePolicy.objects.create(
        area="discount", valid_from=date(2026, 3, 7), free_to=5, approval_to=15, role="finance"
    )
    before, after = (get_policies(on=date(2026, 3, day))[PolicyArea.DISCOUNT].free_to for day in (6, 7))
    assert (before, after) == (10, 5)


def test_asking_finds_who_answers_and_until_when(deal, finance):
    approval = ask(deal)
    event = OpportunityEvent.objects.get(opportunity=deal, kind="approval")
    assert (approval.approver, approval.state, approval.asked_by) == (finance, "open", deal.owner)
    # 16 working hours from Friday 14:00: 3 on Friday, 8 on Monday, 5 on Tuesday.
    assert approval.due_at == datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    assert event.new == {"approval": approval.pk, "area": "discount", "asked": "15.00", "state": "open"}
    assert event.detail == {"why": "They order for two years"}


def test_the_same_asked_twice_is_asked_once(deal, finance):
    assert ask(deal) == ask(deal)
    assert Approval.objects.count() == 1
    with pytest.raises(ApprovalRefused) as refused:
        ask(deal, asked=Decimal(16))
    assert codes(refused) == ["approval_waits_already"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"area": "weather"}, "unknown_value"),
        ({"asked": None}, "required"),
        ({"asked": Decimal("NaN")}, "out_of_range"),
        ({"asked": Decimal("1e30")}, "out_of_range"),
        ({"asked": Decimal(-1)}, "out_of_range"),
        ({"asked": Decimal(10)}, "promise_free"),
        ({"asked": Decimal("20.01")}, "promise_not_sold"),
        ({"why": " "}, "required"),
        ({"why": "x" * 1001}, "too_long"),
    ],
)
def test_what_cannot_be_asked(deal, finance, more, code):
    with pytest.raises(ApprovalRefused) as refused:
        ask(deal, **more)
    assert codes(refused) == [code]
    assert (Approval.objects.count(), OpportunityEvent.objects.count()) == (0, 0)


def test_a_stranger_cannot_ask_and_a_closed_deal_is_not_asked_about(deal, finance):
    with pytest.raises(NotPermitted):
        ask(deal, by=UserFactory(rep=True, team=TeamFactory()))
    with pytest.raises(ApprovalRefused) as refused:
        ask(OpportunityFactory(won=True))
    assert codes(refused) == ["deal_closed"]


def test_where_nobody_holds_the_role_an_administrator_is_asked_and_else_nobody(deal):
    with pytest.raises(ApprovalRefused) as refused:
        ask(deal)
    assert codes(refused) == ["nobody_approves"]
    admin = UserFactory(admin=True)
    assert ask(deal).approver == admin


def test_payment_terms_go_to_the_manager_of_the_owner(deal, team):
    UserFactory(manages=TeamFactory())
    manager = UserFactory(manages=team)
    assert ask(deal, area="payment_terms", asked=Decimal(45)).approver == manager


def test_a_named_approver_who_left_is_not_asked(deal, finance):
    gone = UserFactory(roles=["finance"], is_active=False)
    PromisePolicy.objects.filter(area="discount").update(approver=gone)
    assert ask(deal).approver == finance


@pytest.mark.parametrize(("approves", "state"), [(True, "approved"), (False, "refused")])
def test_deciding_is_recorded_once(deal, finance, approves, state):
    approval = ask(deal)
    for _ in range(2):
        decided = decide_approval(approval_id=approval.pk, approves=approves, answer="So it is", by=finance, at=AT)
    assert (decided.state, decided.decided_by, decided.decided_at, decided.version) == (state, finance, AT, 2)
    events = OpportunityEvent.objects.filter(opportunity=deal, kind="approval").order_by("seq")
    assert [event.new["state"] for event in events] == ["open", state]
    with pytest.raises(ApprovalRefused) as refused:
        decide_approval(approval_id=approval.pk, approves=not approves, answer="No", by=finance, at=AT)
    assert codes(refused) == ["approval_decided"]


def test_nobody_decides_what_is_anothers_or_their_own(deal, finance, rep):
    approval = ask(deal)
    admin = UserFactory(admin=True)
    own = ApprovalFactory(opportunity=deal, area="roadmap", asked=Decimal(3), asked_by=admin, approver=finance)
    for person, about in ((rep, approval), (UserFactory(roles=["finance"]), approval), (admin, own)):
        with pytest.raises(NotPermitted):
            decide_approval(approval_id=about.pk, approves=True, by=person, at=AT)
    assert set(Approval.objects.values_list("state", flat=True)) == {"open"}
    assert decide_approval(approval_id=approval.pk, approves=True, by=admin, at=AT).state == "approved"


def test_a_refusal_says_why_and_an_old_version_is_noticed(deal, finance):
    approval = ask(deal)
    with pytest.raises(ApprovalRefused) as refused:
        decide_approval(approval_id=approval.pk, approves=False, by=finance, at=AT)
    assert codes(refused) == ["say_why_refused"]
    with pytest.raises(StaleRecord):
        decide_approval(approval_id=approval.pk, approves=True, by=finance, at=AT, seen_version=7)
    with pytest.raises(ApprovalRefused) as refused:
        decide_approval(approval_id=approval.pk, approves=True, answer="x" * 1001, by=finance, at=AT)
    assert codes(refused) == ["too_long"]


def test_what_the_policy_no_longer_sells_is_not_approved(deal, finance):
    approval = ask(deal)
    PromisePolicy.objects.create(area="discount", valid_from=AT.date(), free_to=5, approval_to=12, role="finance")
    with pytest.raises(ApprovalRefused) as refused:
        decide_approval(approval_id=approval.pk, approves=True, by=finance, at=AT)
    assert codes(refused) == ["promise_not_sold"]


def test_handed_on_the_other_one_answers(deal, finance, rep):
    approval, other = ask(deal), UserFactory(roles=["finance"])
    handed = delegate_approval(approval_id=approval.pk, to_id=other.pk, by=finance, at=AT)
    assert (handed.approver, handed.delegated_from, handed.due_at) == (other, finance, approval.due_at)
    with pytest.raises(NotPermitted):
        decide_approval(approval_id=approval.pk, approves=True, by=finance, at=AT)
    with pytest.raises(ApprovalRefused):
        delegate_approval(approval_id=approval.pk, to_id=rep.pk, by=other, at=AT)
    assert decide_approval(approval_id=approval.pk, approves=True, by=other, at=AT).decided_by == other


def test_a_refusal_that_is_withdrawn_stays_on_record(deal, finance):
    approval = ApprovalFactory(opportunity=deal, refused=True)
    withdrawn = withdraw_approval(approval_id=approval.pk, by=deal.owner, at=AT)
    assert (withdrawn.state, withdrawn.withdrawn_at, withdrawn.answer) == ("withdrawn", AT, "Too much")
    assert withdraw_approval(approval_id=approval.pk, by=deal.owner, at=AT).version == withdrawn.version
    given = ApprovalFactory(opportunity=deal, approved=True)
    with pytest.raises(ApprovalRefused):
        withdraw_approval(approval_id=given.pk, by=deal.owner, at=AT)
    with pytest.raises(NotPermitted):
        withdraw_approval(approval_id=ApprovalFactory().pk, by=deal.owner, at=AT)


def test_a_discount_in_a_line_holds_its_approval(deal, finance):
    approval = ask(deal)
    line = OpportunityLine.objects.create(opportunity=deal, product=ProductFactory(), discount=Decimal("0.15"))
    with pytest.raises(ApprovalRefused) as refused:
        withdraw_approval(approval_id=approval.pk, by=deal.owner, at=AT)
    assert codes(refused) == ["line_has_discount"]
    OpportunityLine.objects.filter(pk=line.pk).update(discount=Decimal("0.1"))
    assert withdraw_approval(approval_id=approval.pk, by=deal.owner, at=AT).state == "withdrawn"


def test_asked_anew_needs_less(deal, finance):
    ApprovalFactory(opportunity=deal, refused=True)
    with pytest.raises(ApprovalRefused) as refused:
        ask(deal)
    assert codes(refused) == ["approval_refused_before"]
    line = OpportunityLine.objects.create(opportunity=deal, product=ProductFactory(), discount=Decimal("0.15"))
    with pytest.raises(ApprovalRefused) as refused:  # or the line would keep what was refused, and nothing would bar it
        ask(deal, asked=Decimal(12))
    assert codes(refused) == ["line_has_discount"]
    OpportunityLine.objects.filter(pk=line.pk).update(discount=Decimal("0.12"))
    assert ask(deal, asked=Decimal(12)).state == "open"


def test_a_question_past_its_deadline_reaches_the_manager_once(deal, team):
    manager, of_all = UserFactory(manages=team), UserFactory(admin=True)
    colleague = UserFactory(roles=["finance"], team=team)
    late = ApprovalFactory(opportunity=deal, approver=colleague, due_at=AT - timedelta(minutes=1))
    without = ApprovalFactory(due_at=AT - timedelta(days=1))
    for calm in ({"due_at": AT}, {"approved": True}, {"opportunity__won": True, "due_at": AT - timedelta(days=1)}):
        ApprovalFactory(**calm)
    assert escalate_approvals(at=AT) == 2
    assert escalate_approvals(at=AT + timedelta(seconds=1)) == 1  # what was due at AT
    told = {row.pk: row.escalated_to for row in Approval.objects.filter(escalated_at=AT)}
    assert told == {late.pk: manager, without.pk: of_all}
    handed = delegate_approval(approval_id=late.pk, to_id=manager.pk, by=manager, at=AT)
    assert decide_approval(approval_id=handed.pk, approves=True, by=manager, at=AT).state == "approved"


@pytest.mark.parametrize(
    ("asked", "given", "code"),
    [
        ("10", {}, ""),
        ("15", {}, "promise_needs_approval"),
        ("15", {"asked": Decimal(15)}, ""),
        ("15", {"asked": Decimal(15), "approved": True}, ""),
        ("15", {"asked": Decimal(14), "approved": True}, "promise_needs_approval"),
        ("15", {"asked": Decimal(15), "refused": True}, "promise_needs_approval"),
        ("20.5", {"asked": Decimal(20), "approved": True}, "promise_not_sold"),
    ],
)
def test_a_value_within_the_policy_or_an_approval_may_stand(deal, asked, given, code):
    if given:
        ApprovalFactory(opportunity=deal, **given)
    found = ""
    try:
        require_within_policy(deal=deal, area=PolicyArea.DISCOUNT, asked=Decimal(asked), field="discount", at=AT)
    except OutsidePolicy as refused:
        found = refused.refusals[0].code
    assert found == code
