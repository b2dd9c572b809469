"""What may be promised freely, with an approval, or not at all; who is asked and who decides (P-14, D-17)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pipeline.enums import ApprovalState, PolicyArea, Tier
from pipeline.facts import ApprovalFacts, ApproverFacts, PolicyFacts
from pipeline.policies import promises

DISCOUNT = PolicyFacts(PolicyArea.DISCOUNT, Decimal(10), Decimal(20), "finance")
ASKED = ApprovalFacts(1, PolicyArea.DISCOUNT, ApprovalState.OPEN, Decimal(15), approver_id=7, asked_by_id=3)
MAY, TODAY = date(2026, 5, 4), date(2026, 5, 20)


def codes(refused):
    return [refusal.code for refusal in refused]


@pytest.mark.parametrize(
    ("free_to", "approval_to", "asked", "said"),
    [
        pytest.param("10", "20", "0", Tier.FREE, id="nothing"),
        pytest.param("10", "20", "10", Tier.FREE, id="at the free limit"),
        pytest.param("10", "20", "10.01", Tier.APPROVAL, id="just over the free limit"),
        pytest.param("10", "20", "20", Tier.APPROVAL, id="at the last limit"),
        pytest.param("10", "20", "20.01", Tier.NOT_SOLD, id="just over the last limit"),
        pytest.param(None, None, "9999", Tier.FREE, id="free without end"),
        pytest.param("10", None, "9999", Tier.APPROVAL, id="approved without end"),
        pytest.param("0", "0", "0.01", Tier.NOT_SOLD, id="nothing is sold"),
    ],
)
def test_a_value_belongs_to_one_tier(free_to, approval_to, asked, said):
    limits = [None if limit is None else Decimal(limit) for limit in (free_to, approval_to)]
    policy = replace(DISCOUNT, free_to=limits[0], approval_to=limits[1])
    assert promises.tier(policy, Decimal(asked)) == said


def test_an_area_without_policy_is_free():
    assert promises.tier(None, Decimal(90)) == Tier.FREE


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (None, ["required"]),
        ("-0.01", ["out_of_range"]),
        ("100.01", ["out_of_range"]),
        ("NaN", ["out_of_range"]),
        ("100", []),
    ],
)
def test_a_discount_is_a_share(asked, wrong):
    value = None if asked is None else Decimal(asked)
    assert codes(promises.value_refusals(value, area=PolicyArea.DISCOUNT)) == wrong


@pytest.mark.parametrize(
    ("asked", "more", "refused"),
    [
        ("10", {}, ["promise_free"]),
        ("21", {}, ["promise_not_sold"]),
        ("15", {}, []),
        ("15", {"has_open": True}, ["approval_waits_already"]),
        ("15", {"refused": Decimal(15)}, ["approval_refused_before"]),
        ("14", {"refused": Decimal(15)}, []),
        ("15", {"why": "  "}, ["required"]),
    ],
)
def test_somebody_is_asked_only_for_what_needs_it(asked, more, refused):
    given = {"refused": None, "has_open": False, "why": "They want it", **more}
    assert codes(promises.ask_refusals(DISCOUNT, Decimal(asked), **given)) == refused


def person(user_id, *roles, waiting=0):
    return ApproverFacts(user_id, frozenset(roles), waiting)


@pytest.mark.parametrize(
    ("policy", "people", "chosen"),
    [
        pytest.param(replace(DISCOUNT, approver_id=5), [person(4, "finance"), person(5, "rep")], 5, id="the one named"),
        pytest.param(replace(DISCOUNT, approver_id=3), [person(3, "finance"), person(4, "finance")], 4, id="never who asks"),
        pytest.param(DISCOUNT, [person(4, "finance", waiting=2), person(5, "finance")], 5, id="who has least to answer"),
        pytest.param(DISCOUNT, [person(9, "admin"), person(5, "product")], 9, id="else an administrator"),
        pytest.param(DISCOUNT, [person(3, "admin"), person(5, "product")], None, id="nobody"),
        pytest.param(
            replace(DISCOUNT, role="manager"), [person(4, "manager"), person(6, "manager", waiting=9)], 6, id="who manages"
        ),
    ],
)  # fmt: skip
def test_who_is_asked(policy, people, chosen):
    assert promises.choose_approver(policy, asked_by_id=3, people=people, manager_ids={6}) == chosen


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({"by_id": 7}, []),
        ({"by_id": 8}, ["approval_of_another"]),
        ({"by_id": 8, "is_admin": True}, []),
        ({"by_id": 3, "is_admin": True}, ["approval_own"]),
        ({"by_id": 7, "approves": False}, ["say_why_refused"]),
        ({"by_id": 7, "approves": False, "answer": "Margin"}, []),
        ({"by_id": 7, "policy": replace(DISCOUNT, approval_to=Decimal(12))}, ["promise_not_sold"]),
        ({"by_id": 7, "approval": replace(ASKED, state=ApprovalState.REFUSED)}, ["approval_decided"]),
        ({"by_id": 3, "approval": replace(ASKED, approver_id=3)}, ["approval_own"]),
    ],
)
def test_who_decides(more, refused):
    given = {"approval": ASKED, "is_admin": False, "approves": True, "policy": DISCOUNT, "answer": "", **more}
    assert codes(promises.decide_refusals(given.pop("approval"), **given)) == refused


@pytest.mark.parametrize(
    ("to", "refused"),
    [
        (person(9, "finance"), []),
        (person(9, "rep"), ["cannot_answer"]),
        (None, ["cannot_answer"]),
        (person(3, "manager"), ["approval_own"]),
        (person(7, "finance"), ["has_it_already"]),
    ],
)
def test_who_it_may_be_handed_to(to, refused):
    assert codes(promises.delegate_refusals(ASKED, by_id=7, is_admin=False, to=to)) == refused
    assert codes(promises.delegate_refusals(ASKED, by_id=8, is_admin=False, to=to)) == ["approval_of_another"]


OPEN, APPROVED, REFUSED, WITHDRAWN = ApprovalState


@pytest.mark.parametrize(
    ("states", "bars"),
    [
        ([], []),
        ([OPEN], ["approval_open"]),
        ([REFUSED], ["approval_refused"]),
        ([APPROVED], []),
        ([REFUSED, WITHDRAWN], ["approval_refused"]),
        ([WITHDRAWN], []),
        ([REFUSED, OPEN], ["approval_open"]),
        ([REFUSED, APPROVED], []),
        ([APPROVED, REFUSED], ["approval_refused"]),
    ],
)
def test_what_bars_a_deal_is_the_newest_answer_of_each_area(states, bars):
    told = [replace(ASKED, approval_id=number, state=state) for number, state in enumerate(states, 1)]
    assert codes(promises.bars_of(told)) == bars
    other = replace(ASKED, approval_id=99, area=PolicyArea.ROADMAP, state=APPROVED)
    assert codes(promises.bars_of([other, *told])) == bars


@pytest.mark.parametrize(
    ("area", "asked", "given", "refused"),
    [
        ("", None, [], []),
        ("discount", "10", [], []),
        ("discount", "15", [], ["promise_needs_approval"]),
        ("discount", "15", [OPEN], ["promise_needs_approval"]),
        ("discount", "15", [APPROVED], []),
        ("discount", "15.01", [APPROVED], ["promise_needs_approval"]),
        ("discount", "20.01", [APPROVED], ["promise_not_sold"]),
        ("discount", None, [], ["required"]),
        ("weather", "1", [], ["unknown_value"]),
    ],
)
def test_a_promise_beyond_the_policy_needs_an_approval_that_covers_it(area, asked, given, refused):
    approvals = [replace(ASKED, approval_id=number, state=state) for number, state in enumerate(given, 1)]
    value = None if asked is None else Decimal(asked)
    found = promises.promise_refusals(DISCOUNT, area=area, asked=value, text="We do", due_on=MAY, approvals=approvals)
    assert codes(found) == refused


@pytest.mark.parametrize(
    ("state", "current", "on", "refused"),
    [
        ("kept", "open", TODAY, []),
        ("broken", "open", MAY, []),
        ("open", "open", TODAY, ["unknown_value"]),
        ("kept", "kept", TODAY, ["promise_ended"]),
        ("kept", "open", date(2026, 5, 21), ["promise_ended_when"]),
        ("kept", "open", date(2026, 5, 3), ["promise_ended_when"]),
    ],
)
def test_how_a_promise_ends(state, current, on, refused):
    found = promises.end_refusals(state, current=current, ended_on=on, made_on=MAY, today=TODAY)
    assert codes(found) == refused


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({}, []),
        ({"free_to": None, "approval_to": None}, []),
        ({"approval_to": None}, []),
        ({"free_to": None}, ["approval_below_free"]),
        ({"free_to": Decimal(21)}, ["approval_below_free"]),
        ({"free_to": Decimal(-1)}, ["out_of_range"]),
        ({"approval_to": Decimal(101)}, ["out_of_range"]),
        ({"role": "rep"}, ["unknown_value"]),
        ({"answer_hours": 0}, ["out_of_range"]),
        ({"area": "weather"}, ["unknown_value"]),
    ],
)
def test_what_a_policy_may_say(more, refused):
    said = {
        "area": "discount",
        "free_to": Decimal(10),
        "approval_to": Decimal(20),
        "role": "finance",
        "answer_hours": 16,
    }
    assert codes(promises.policy_refusals(**{**said, **more})) == refused
