"""Promises and the policy: noted within what is allowed, ended once, set by an administrator (P-14, EE-062, EE-071)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted
from pipeline.commands.promises import PolicyRefused, PromiseRefused, add_promise, end_promise, set_policy
from pipeline.models import Opportunity, OpportunityEvent, Promise, PromisePolicy
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import ApprovalFactory, PromiseFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DUE = date(2026, 4, 1)
LIMITS = {"free_to": Decimal(5), "approval_to": Decimal(15), "role": "finance", "answer_hours": 8}


@pytest.fixture
def deal() -> Opportunity:
    return OpportunityFactory()


def promise(deal: Opportunity, **more: Any) -> Promise:
    return add_promise(
        **{"opportunity_id": deal.pk, "text": "A visit", "due_on": DUE, "by": deal.owner, "at": AT, **more}
    )


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_a_promise_is_noted_once_and_kept_by_the_owner(deal):
    made = promise(deal)
    assert promise(deal, text=" A visit ") == made
    assert (made.owner, made.state, made.asked) == (deal.owner, "open", None)
    event = OpportunityEvent.objects.get(opportunity=deal, kind="promise")
    assert event.new == {"promise": made.pk, "area": "", "text": "A visit", "state": "open", "due_on": "2026-04-01"}


def test_more_promised_in_the_same_words_is_another_promise(deal):
    less, more = (promise(deal, area="payment_terms", asked=Decimal(days)) for days in (10, 20))
    assert (less.asked, more.asked) == (10, 20)


def test_beyond_the_policy_it_hangs_on_its_approval(deal):
    wanted = {"area": "discount", "asked": Decimal(15)}
    with pytest.raises(PromiseRefused) as refused:
        promise(deal, **wanted)
    assert codes(refused) == ["promise_needs_approval"]
    ApprovalFactory(opportunity=deal, refused=True)
    with pytest.raises(PromiseRefused):
        promise(deal, **wanted)
    approval = ApprovalFactory(opportunity=deal, approved=True)
    assert promise(deal, **wanted).approval == approval


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": "  "}, "required"),
        ({"text": "x" * 501}, "too_long"),
        ({"due_on": None}, "required"),
        ({"area": "discount", "asked": Decimal(21)}, "promise_not_sold"),
        ({"area": "discount"}, "required"),
        ({"area": "weather", "asked": Decimal(1)}, "unknown_value"),
        ({"owner_id": 0}, ""),
        ({"owner_id": 999_999}, "cannot_answer"),
    ],
)
def test_what_may_not_be_noted(deal, more, code):
    found = ""
    try:
        promise(deal, **more)
    except PromiseRefused as refused:
        found = refused.refusals[0].code
    assert (found, Promise.objects.count()) == (code, 0 if code else 1)


def test_nobody_promises_on_anothers_deal(deal):
    with pytest.raises(NotPermitted):
        promise(deal, by=UserFactory(rep=True))


@pytest.mark.parametrize("state", ["kept", "broken", "dropped"])
def test_a_promise_ends_once(deal, state):
    made = PromiseFactory(opportunity=deal)
    for _ in range(2):
        ended = end_promise(promise_id=made.pk, state=state, by=deal.owner, at=AT)
    assert (ended.state, ended.ended_on) == (state, AT.date())
    assert OpportunityEvent.objects.filter(opportunity=deal, kind="promise").count() == 1
    with pytest.raises(PromiseRefused) as refused:
        end_promise(promise_id=made.pk, state="broken" if state == "kept" else "kept", by=deal.owner, at=AT)
    assert codes(refused) == ["promise_ended"]


def test_whoever_keeps_it_may_end_it_and_nobody_else_from_outside(deal):
    keeper = UserFactory(roles=["delivery"])
    made = PromiseFactory(opportunity=deal, owner=keeper)
    with pytest.raises(NotPermitted):
        end_promise(promise_id=made.pk, state="kept", by=UserFactory(roles=["delivery"]), at=AT)
    assert end_promise(promise_id=made.pk, state="kept", by=keeper, at=AT).state == "kept"


def test_a_policy_is_a_row_of_its_day_and_what_was_stays():
    admin = UserFactory(admin=True)
    for free in (Decimal(5), Decimal(6), Decimal(6)):
        set_policy(area="discount", **{**LIMITS, "free_to": free}, by=admin, at=AT)
    rows = PromisePolicy.objects.filter(area="discount").order_by("valid_from")
    assert [(row.valid_from, row.free_to) for row in rows] == [(date(1970, 1, 1), 10), (AT.date(), 6)]


def test_only_an_administrator_sets_a_policy_that_makes_sense():
    with pytest.raises(NotPermitted):
        set_policy(area="discount", **LIMITS, by=UserFactory(rep=True), at=AT)
    for wrong in ({"free_to": Decimal(16)}, {"role": "rep"}, {"approver_id": UserFactory().pk}, {"answer_hours": 0}):
        with pytest.raises(PolicyRefused):
            set_policy(area="discount", **{**LIMITS, **wrong}, by=UserFactory(admin=True), at=AT)
    assert PromisePolicy.objects.count() == 5
