"""Approvals by API: asked, answered with the version that was seen, handed on, withdrawn."""

from typing import Any

import pytest

from crm.models import User
from pipeline.models import Approval, Opportunity
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import ApprovalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep)


def body(deal: Opportunity, **more: Any) -> dict[str, Any]:
    return {
        "opportunity": str(deal.pk),
        "area": "discount",
        "asked": "15.00",
        "why": "They order for two years",
        **more,
    }


def act(api: Api, asked: Approval, action: str, sent: Any = None) -> Any:
    tag = api.get(f"approvals/{asked.pk}/")["ETag"]
    return api.post(f"approvals/{asked.pk}/{action}/", sent, if_match=tag)


def test_asking_answers_whole_and_twice_the_same(api: Api, deal: Opportunity) -> None:
    finance = UserFactory(roles=["finance"])
    made = api.post("approvals/", body(deal))
    assert made.status_code == 201
    shown = made.json()
    assert (shown["approver"], shown["asked"], shown["state"]) == (str(finance.pk), "15.00", "open")
    assert api.post("approvals/", body(deal)).json()["id"] == shown["id"]
    assert [row["id"] for row in api.get("approvals/", {"state": "open"}).json()["results"]] == [shown["id"]]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"asked": "5"}, 422), ({"asked": "25"}, 422), ({"asked": "NaN"}, 400), ({"asked": "1e400"}, 400),
        ({"asked": None}, 400), ({"asked": "-1"}, 422), ({"asked": "0.001"}, 400), ({"area": "weather"}, 400),
        ({"why": ""}, 400), ({"why": "\x00"}, 400), ({"why": "x" * 1001}, 400), ({"opportunity": "0"}, 400),
        ({"state": "approved"}, 400), ({"approver": "1"}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_changes_nothing(api: Api, deal: Opportunity, more: dict[str, Any], status: int) -> None:
    UserFactory(roles=["finance"])
    before = checksum()
    answer = api.post("approvals/", body(deal, **more))
    assert answer.status_code in (status, 422), answer.content
    assert checksum() == before


def test_only_who_is_asked_decides_and_only_what_they_saw(api: Api, deal: Opportunity) -> None:
    admin = UserFactory(admin=True)
    asked = ApprovalFactory(opportunity=deal, approver=admin)
    assert_problem(act(api, asked, "decide", {"approves": True}), 403, "not_permitted")
    other = Api(admin)
    old = other.get(f"approvals/{asked.pk}/")["ETag"]
    assert act(other, asked, "decide", {"approves": False}).status_code == 422
    assert act(other, asked, "decide", {"approves": False, "answer": "Too much"}).json()["state"] == "refused"
    assert other.post(f"approvals/{asked.pk}/decide/", {"approves": True}, if_match=old).status_code == 412
    assert act(api, asked, "withdraw").json()["state"] == "withdrawn"


def test_a_question_is_handed_on_to_who_can_answer(api: Api, deal: Opportunity) -> None:
    admin, finance = UserFactory(admin=True), UserFactory(roles=["finance"])
    asked = ApprovalFactory(opportunity=deal, approver=admin)
    assert act(Api(admin), asked, "delegate", {"to": str(deal.owner_id)}).status_code == 422
    assert act(Api(admin), asked, "delegate", {"to": str(finance.pk)}).json()["approver"] == str(finance.pk)


def test_a_token_that_only_reads_asks_nobody(rep: User, deal: Opportunity) -> None:
    UserFactory(roles=["finance"])
    assert_problem(Api(rep, "read").post("approvals/", body(deal)), 403, "insufficient_scope")
    assert Approval.objects.count() == 0
