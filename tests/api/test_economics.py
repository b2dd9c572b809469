"""A deal's economics by API: rows added, changed, taken away; the figures with their reasons."""

from typing import Any

import pytest
from django.utils import timezone

from crm.models import User
from pipeline.models import Effort, Opportunity, OpportunityCost, OpportunityLine
from tests.api.client import Api, assert_problem
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory

pytestmark = pytest.mark.django_db
EUR = {"amount": "30000.00", "currency": "EUR"}
WHY = "The first dairy of its size in the region"


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep)


def test_a_line_is_added_changed_and_taken_away(api: Api, deal: Opportunity) -> None:
    product = ProductFactory()
    url = f"opportunities/{deal.pk}/lines/"
    made = api.post(url, {"product": str(product.pk), "price": EUR, "cost": {"amount": "6000.00", "currency": "EUR"}})
    assert made.status_code == 201
    row = made.json()
    assert row == {
        "id": str(OpportunityLine.objects.get().pk), "removed": False, "product": str(product.pk), "description": "",
        "quantity": "1.000", "price": EUR, "list_price": None, "cost": {"amount": "6000.00", "currency": "EUR"},
        "discount": "0.0000", "billing": "one_off", "months": None, "standard": True,
    }  # fmt: skip
    mine = f"{url}{row['id']}/"
    assert api.get(mine, if_none_match=made["ETag"]).status_code == 304
    changed = api.patch(mine, {"discount": "0.0500"}, if_match=made["ETag"])
    assert (changed.json()["discount"], changed.json()["price"]) == ("0.0500", EUR)
    assert changed["ETag"] == api.get(mine)["ETag"]
    assert api.delete(mine).status_code == 204
    assert [each["removed"] for each in api.get(url).json()["results"]] == [True]
    assert_problem(api.patch(mine, {"quantity": "2"}), 422, "removed_already")


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("lines", {"description": "Base", "price": EUR}, {"quantity": "2"}), ("costs", {"kind": "services"}, {"note": "x"}),
        ("expansions", {"kind": "usage", "yearly": EUR}, {"note": "x"}),
        ("strategic-values", {"kind": "reference", "weight": 2, "justification": WHY}, {"weight": 3}),
    ],
    ids=["lines", "costs", "expansions", "strategic-values"],
)  # fmt: skip
def test_nobody_changes_a_row_they_did_not_see(api: Api, deal: Opportunity, path: str, body: Any, change: Any) -> None:
    made = api.post(f"opportunities/{deal.pk}/{path}/", body)
    mine, tag = f"opportunities/{deal.pk}/{path}/{made.json()['id']}/", made["ETag"]
    assert_problem(api.patch(mine, change, if_match=""), 428)
    changed = api.patch(mine, change, if_match=tag)
    assert changed.status_code == 200
    refused = api.patch(mine, change, if_match=tag)
    told = assert_problem(refused, 412, "stale_record")
    assert (told["current"].keys(), refused["ETag"]) == (change.keys(), changed["ETag"])
    assert_problem(api.delete(mine, if_match=tag), 412)
    assert_problem(api.patch(mine, {"id": "5"}), 400)
    assert api.delete(mine, if_match=changed["ETag"]).status_code == 204
    assert_problem(api.get(mine.replace(str(deal.pk), "999999", 1)), 404)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"description": "x", "quantity": "1e400"}, 400),
        ({"description": "x", "quantity": "0"}, 422),
        ({"description": "x", "quantity": "NaN"}, 400),
        ({"description": "x", "discount": "0.15"}, 422),
        ({"description": "x", "discount": "2.0"}, 422),
        ({"description": "a\x00b"}, 400),
        ({"product": "999999"}, 400),
        ({"description": "x", "price": 5}, 400),
        ({"description": "x", "months": 12}, 422),
        ({"removed": True}, 400),
        ({"id": "999999", "description": "x"}, 400),
        ({"weather": 1}, 400),
    ],
)
def test_a_line_that_cannot_be(api: Api, deal: Opportunity, body: dict[str, Any], status: int) -> None:
    assert_problem(api.post(f"opportunities/{deal.pk}/lines/", body), status)
    assert OpportunityLine.objects.count() == 0


def test_a_row_of_another_deal_is_not_there(api: Api, deal: Opportunity, rep: User) -> None:
    other = OpportunityLine.objects.create(opportunity=OpportunityFactory(owner=rep), description="x")
    assert_problem(api.delete(f"opportunities/{deal.pk}/lines/{other.pk}/", if_match='"1"'), 404)
    hidden = OpportunityFactory(owner=UserFactory(rep=True))
    for path in ("lines", "costs", "efforts", "expansions", "strategic-values", "economics"):
        assert_problem(api.get(f"opportunities/{hidden.pk}/{path}/"), 404)


def test_costs_and_hours(api: Api, deal: Opportunity) -> None:
    cost = api.post(f"opportunities/{deal.pk}/costs/", {"kind": "services"}).json()
    assert cost["amount"] is None
    url = f"opportunities/{deal.pk}/costs/"
    assert api.patch(f"{url}{cost['id']}/", {"amount": EUR}).json()["amount"] == EUR
    assert_problem(api.post(url, {"amount": EUR}), 400)
    url = f"opportunities/{deal.pk}/efforts/"
    on = Opportunity.objects.get(pk=deal.pk).created_at
    assert_problem(api.post(url, {"kind": "demo", "minutes": 30, "on": "2190-01-01"}), 422)
    assert_problem(api.post(url, {"kind": "demo", "minutes": 30, "on": f"{on:%Y-%m-%d}T"}), 400)
    assert_problem(api.post(url, {"kind": "demo"}), 400)
    assert Effort.objects.count() == 0
    assert OpportunityCost.objects.count() == 1


def test_hours_are_ones_own_and_taken_back(api: Api, deal: Opportunity, rep: User) -> None:
    url, today = f"opportunities/{deal.pk}/efforts/", timezone.localdate().isoformat()
    made = api.post(url, {"kind": "demo", "minutes": 30, "on": today}).json()
    assert (made["user"], made["minutes"]) == (str(rep.pk), 30)
    mine = f"{url}{made['id']}/"
    assert_problem(api.patch(mine, {"minutes": 40}), 405)
    assert api.delete(mine).status_code == 204
    assert api.get(mine).json()["removed"] is True


def test_the_figures_come_with_their_reasons(api: Api, deal: Opportunity) -> None:
    url = f"opportunities/{deal.pk}/economics/"
    empty = api.get(url).json()
    assert (empty["checked"], empty["figures"]["margin"]["reason"], empty["assumed_since"]) == (False, "no_data", None)
    price, cost = EUR, {"amount": "6000.00", "currency": "EUR"}
    api.post(f"opportunities/{deal.pk}/lines/", {"description": "Base", "price": price, "cost": cost})
    found = api.get(url).json()
    assert (found["checked"], found["currency"], found["figures"]["margin"]["value"]) == (True, "EUR", "24000.00")
    assert found["figures"]["margin"]["parts"]["share"]["value"] == "0.800000"
    assert found["figures"]["payback"]["reason"] == "incomplete"
    assert_problem(api.get(url + "?weather=1"), 400)


def test_potential_is_said_said_anew_and_taken_back(api: Api, deal: Opportunity) -> None:
    url = f"opportunities/{deal.pk}/expansions/"
    said = api.post(url, {"kind": "usage", "yearly": EUR, "note": "Two more plants"})
    assert said.status_code == 201
    row = said.json()
    assert row == {
        "id": row["id"], "removed": False, "kind": "usage", "yearly": EUR, "note": "Two more plants",
    }  # fmt: skip
    more = {"amount": "40000.00", "currency": "EUR"}
    mine = f"{url}{row['id']}/"
    assert api.patch(mine, {"yearly": more}).json() == {**row, "yearly": more}
    assert api.post(url, {"kind": "usage", "yearly": EUR}).json()["id"] == row["id"]
    assert_problem(api.patch(mine, {"kind": "product"}), 400)
    assert api.delete(mine).status_code == 204
    for wrong, status in (
        ({"kind": "usage"}, 400), ({"yearly": EUR}, 400), ({"kind": "wish", "yearly": EUR}, 400),
        ({"kind": "usage", "yearly": None}, 400),
        ({"kind": "usage", "yearly": {"amount": "1e400", "currency": "EUR"}}, 400),
        ({"kind": "usage", "yearly": EUR, "note": "a\x00b"}, 400),
    ):  # fmt: skip
        assert_problem(api.post(url, wrong), status)


def test_strategic_value_is_claimed_and_counts_once_the_owners_manager_agreed() -> None:
    team = TeamFactory()
    rep, manager = UserFactory(rep=True, team=team), UserFactory(manages=team)
    deal = OpportunityFactory(owner=rep)
    mine, theirs, url = Api(rep), Api(manager), f"opportunities/{deal.pk}/strategic-values/"
    made = mine.post(url, {"kind": "reference", "weight": 2, "justification": WHY})
    row, tag, claim = made.json(), made["ETag"], {"reason": WHY}
    assert (row["claimed_by"], row["approved_by"], row["value"]) == (str(rep.pk), None, None)
    place, approve = f"{url}{row['id']}/", f"{url}{row['id']}/approve/"
    assert_problem(mine.post(approve, claim, if_match=tag), 403)
    assert_problem(theirs.post(approve, {"reason": "ok"}, if_match=tag), 422)
    assert_problem(theirs.post(approve, claim), 428)
    assert_problem(theirs.post(f"{url}999999/approve/", claim, if_match=tag), 404)
    for wrong in ({"reason": 5}, {"reason": "a\x00b"}, {"id": row["id"]}):
        assert_problem(theirs.post(approve, {**claim, **wrong}, if_match=tag), 400)
    agreed = theirs.post(approve, claim, if_match=tag).json()
    assert (agreed["approved_by"], agreed["reason"]) == (str(manager.pk), WHY)
    anew = mine.patch(place, {"value": EUR})
    assert [anew.json()[name] for name in ("value", "weight", "approved_by", "reason")] == [EUR, 2, None, ""]
    assert_problem(theirs.post(approve, claim, if_match=tag), 412)
    assert mine.delete(place).status_code == 204
    assert_problem(theirs.post(approve, claim, if_match=theirs.get(place)["ETag"]), 422)
    for wrong in ({"kind": "fame"}, {"weight": 4}, {"weight": "2"}, {"justification": 1001 * "x"}):
        assert_problem(mine.post(url, {"kind": "reference", "weight": 2, "justification": WHY, **wrong}), 400)
    assert_problem(mine.post(url, {"kind": "reference", "weight": 2, "justification": "because"}), 422)
    stranger = Api(UserFactory(rep=True, team=TeamFactory()))
    assert_problem(stranger.post(approve, claim, if_match=tag), 404)
