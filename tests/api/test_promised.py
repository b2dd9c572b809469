"""Shared hours, questions to those who deliver, promises and handovers by API: asked, answered, ended, checked."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.models import User
from pipeline.models import Effort, Handover, Opportunity, Promise, Resource, ResourceRequest
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import PromiseFactory
from tests.factories.resources import QuestionFactory, RequestFactory, ResourceFactory

pytestmark = pytest.mark.django_db
WHY = "Without the trial they will not decide this year"


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep)


@pytest.fixture
def engineer(rep: User) -> Resource:
    return ResourceFactory(user=rep)


def soon(days: int = 20) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def body(deal: Opportunity, **more: Any) -> dict[str, Any]:
    given = {"opportunity": str(deal.pk), "kind": "sales_engineer", "hours": "8.00", "due_on": soon()}
    return {**given, "purpose": "A trial", "reason": WHY, **more}


def act(api: Api, path: str, action: str, sent: Any = None) -> Any:
    tag = api.get(f"{path}/")["ETag"]
    return api.post(f"{path}/{action}/", sent, if_match=tag)


def test_hours_are_asked_for_accepted_and_spent(api: Api, deal: Opportunity, engineer: Resource) -> None:
    made = api.post("resource-requests/", body(deal))
    assert made.status_code == 201
    shown = made.json()
    assert (shown["state"], shown["against"], shown["minutes"]) == ("open", ["economics_unknown"], None)
    path = f"resource-requests/{shown['id']}"
    assert act(api, path, "accept", {}).json()["state"] == "accepted"
    week = api.get("resources/").json()["results"][0]["weeks"][0]
    assert (week["hours"], week["taken"], week["free"]) == ("20.00", "8.00", "12.00")
    done = act(api, path, "finish", {"hours": "6.50"}).json()
    assert (done["state"], done["minutes"], Effort.objects.get().minutes) == ("done", 390, 390)
    assert_problem(act(api, path, "withdraw"), 422)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"hours": "0"}, 422), ({"hours": "1e400"}, 400), ({"hours": "NaN"}, 400), ({"hours": None}, 400),
        ({"hours": "401"}, 422), ({"kind": "weather"}, 400), ({"kind": "legal"}, 422), ({"due_on": "soon"}, 400),
        ({"due_on": "1999-01-01"}, 400), ({"purpose": "\x00"}, 400), ({"purpose": ""}, 400), ({"reason": ""}, 422),
        ({"opportunity": "0"}, 400), ({"resource": "0"}, 422), ({"resource": 7}, 400), ({"state": "done"}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_changes_nothing(
    api: Api, deal: Opportunity, engineer: Resource, more: dict[str, Any], status: int
) -> None:
    before = checksum()
    assert api.post("resource-requests/", body(deal, **more)).status_code in (status, 422)
    assert checksum() == before


def test_only_whose_hours_they_are_answers_and_only_what_they_saw(api: Api, deal: Opportunity) -> None:
    other = ResourceFactory(user=UserFactory(rep=True))
    request = RequestFactory(opportunity=deal, resource=other, due_on=soon())
    path = f"resource-requests/{request.pk}"
    assert_problem(act(api, path, "accept", {}), 403, "not_permitted")
    theirs = Api(other.user)
    old = theirs.get(f"{path}/")["ETag"]
    assert act(theirs, path, "decline", {"answer": ""}).status_code == 400
    assert act(theirs, path, "decline", {"answer": "In Riga"}).json()["state"] == "declined"
    assert theirs.post(f"{path}/accept/", {}, if_match=old).status_code == 412
    assert theirs.post(f"{path}/accept/", {}).status_code == 428
    foreign = RequestFactory(due_on=soon())
    assert_problem(api.get(f"resource-requests/{foreign.pk}/"), 404)


def test_who_delivers_answers_once(api: Api, rep: User, deal: Opportunity) -> None:
    product = UserFactory(roles=["product"])
    asked = {"opportunity": str(deal.pk), "to": str(product.pk), "text": "Can it run at 95 degrees?"}
    made = api.post("delivery-questions/", asked)
    assert made.status_code == 201
    assert api.post("delivery-questions/", {**asked, "to": str(rep.pk)}).status_code == 422
    path = f"delivery-questions/{made.json()['id']}"
    assert_problem(act(api, path, "answer", {"answer": "Yes"}), 403)
    tag, admin = api.get(f"{path}/")["ETag"], Api(UserFactory(admin=True))
    assert act(admin, path, "answer", {"answer": "Yes"}).json()["answer"] == "Yes"
    assert api.get(f"{path}/")["ETag"] != tag
    assert_problem(act(Api(UserFactory(admin=True)), path, "answer", {"answer": "No"}), 422)
    assert_problem(api.get(f"delivery-questions/{QuestionFactory().pk}/"), 404)


def test_a_promise_is_noted_within_the_policy_and_ends_once(api: Api, deal: Opportunity) -> None:
    given = {"opportunity": str(deal.pk), "text": "Spare parts within a day", "due_on": soon()}
    made = api.post("promises/", given)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert api.post("promises/", given).json()["id"] == made.json()["id"]
    assert api.post("promises/", {**given, "area": "discount", "asked": "15"}).status_code == 422
    for more in ({"asked": "1e400", "area": "discount"}, {"due_on": "x"}, {"text": "\x00"}, {"state": "kept"}):
        assert api.post("promises/", {**given, **more}).status_code == 400
    path = f"promises/{made.json()['id']}"
    assert act(api, path, "end", {"state": "open"}).status_code == 400
    assert act(api, path, "end", {"state": "kept"}).json()["state"] == "kept"
    assert act(api, path, "end", {"state": "broken"}).status_code == 422
    assert_problem(api.get(f"promises/{PromiseFactory().pk}/"), 404)
    assert [row["id"] for row in api.get("promises/", {"state": "kept"}).json()["results"]] == [made.json()["id"]]
    assert Promise.objects.count() == 2


def test_a_handover_is_taken_over_and_checked(rep: User) -> None:
    deal = OpportunityFactory(owner=rep, won=True, go_live_on=timezone.localdate())
    found = Handover.objects.create(opportunity=deal, made_at=timezone.now())
    PromiseFactory(opportunity=deal, state="broken", ended_on=timezone.localdate())
    api, admin, path = Api(rep), Api(UserFactory(admin=True)), f"handovers/{found.pk}"
    shown = api.get(f"{path}/").json()
    assert (shown["broken_promises"], shown["check_due_on"], shown["as_sold"]) == (1, soon(30), None)
    assert_problem(act(api, path, "accept"), 403)
    assert act(admin, path, "accept").json()["accepted_at"]
    assert act(api, path, "check", {"as_sold": False}).status_code == 422
    assert act(api, path, "check", {"as_sold": False, "gap": "No night readings"}).json()["as_sold"] is False
    assert act(api, path, "check", {"as_sold": True, "checked_on": soon(2)}).status_code == 422
    assert Handover.objects.get().gap == "No night readings"


@pytest.mark.parametrize("path", ["resources/", "resource-requests/", "delivery-questions/", "promises/", "handovers/"])
def test_lists_ask_as_often_for_three_as_for_one(
    path: str, rep: User, deal: Opportunity, django_assert_max_num_queries: Any
) -> None:
    def make() -> None:
        RequestFactory(opportunity=deal, resource=ResourceFactory(), hours=Decimal(1))
        QuestionFactory(opportunity=deal)
        PromiseFactory(opportunity=deal)
        Handover.objects.create(opportunity=OpportunityFactory(owner=rep, won=True), made_at=timezone.now())

    api = Api(rep)
    make()
    api.get(path)
    with django_assert_max_num_queries(12) as first:
        assert len(api.get(path).json()["results"]) == 1
    make()
    make()
    with django_assert_max_num_queries(len(first)):
        assert len(api.get(path).json()["results"]) == 3
    assert ResourceRequest.objects.count() == 3
