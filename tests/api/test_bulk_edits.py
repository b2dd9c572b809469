"""Many deals changed by API: the command and the gates of the page, versions instead of columns, answers one by one."""

from typing import Any

import pytest

from crm.models import User
from pipeline.models import BulkEdit, Opportunity, OpportunityEvent
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import signed_in

pytestmark = pytest.mark.django_db
REASON = "The board signs it on Friday"
STEP = {"purpose": "Call", "due_on": "2099-03-02"}


@pytest.fixture
def deals(rep: User) -> list[Opportunity]:
    made: list[Opportunity] = OpportunityFactory.create_batch(2, owner=rep)
    return made


def chosen(*deals: Opportunity) -> list[dict[str, Any]]:
    return [{"id": str(deal.pk), "version": deal.version} for deal in deals]


def outcomes(answer: Any) -> dict[int, tuple[str, list[str]]]:
    return {
        int(each["deal"]): (each["outcome"], [why["code"] for why in each["refusals"]])
        for each in answer.json()["answers"]
    }


@pytest.mark.parametrize(
    "change",
    [
        {"deal_type": "expansion"}, {"expected_close_on": "2027-03-31"}, {"next_step": STEP},
        {"setpoint": "25", "pipeline": "new_business", "reason": REASON},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_each_deal_is_answered_and_all_are_taken_back(api: Api, deals: list[Opportunity], change: Any) -> None:
    before = Opportunity.objects.order_by("pk").values_list(
        "setpoint", "deal_type", "expected_close_on", "next_step_on"
    )
    stood = list(before.all())
    made = api.post("bulk-edits/", {"deals": chosen(*deals), **change})
    assert made.status_code == 201, made.content
    done = "overridden" if "setpoint" in change else "changed"
    assert outcomes(made) == {deal.pk: (done, []) for deal in deals}
    assert (made.json()["kind"], list(before.all()) != stood) == (next(iter(change)), True)
    assert OpportunityEvent.objects.filter(via="api").count() == 2
    assert api.get(made["Location"]).json() == made.json()
    undone = api.post(f"bulk-edits/{made.json()['id']}/undo/")
    assert undone.json()["undone_at"] is not None and list(before.all()) == stood
    assert_problem(api.post(f"bulk-edits/{made.json()['id']}/undo/"), 422, "undone_already")


def test_who_changed_since_whose_it_is_and_what_is_missing(api: Api, deals: list[Opportunity], rep: User) -> None:
    fresh, stale = deals
    api.patch(f"opportunities/{stale.pk}/", {"name": "Kiln 2"})
    foreign = OpportunityFactory(owner=UserFactory(rep=True))
    change = {"setpoint": "25", "pipeline": "new_business"}
    made = api.post("bulk-edits/", {"deals": chosen(fresh, stale, foreign), **change})
    told = outcomes(made)
    assert told[stale.pk] == ("refused", ["stale_record"]) and foreign.pk not in told
    assert told[fresh.pk][0] == "refused" and set(told[fresh.pk][1]) == {"criterion_unmet"}
    assert {each["override_allowed"] for each in made.json()["answers"]} == {True, False}
    field = api.post("bulk-edits/", {"deals": chosen(fresh, stale), "deal_type": "expansion"})
    assert outcomes(field) == {fresh.pk: ("changed", []), stale.pk: ("refused", ["stale_record"])}
    path = f"bulk-edits/{made.json()['id']}/"
    other = Api(UserFactory(rep=True, team=rep.memberships.get().team))
    assert_problem(other.get(path), 404)
    assert_problem(other.post(f"{path}undo/"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"deals": []}, {"deals": "all", "deal_type": "expansion"}, {"deal_type": "gift"}, {"deal_type": None},
        {"deal_type": "expansion", "expected_close_on": "2027-01-01"}, {"expected_close_on": "1899-12-31"}, {"reason": REASON},
        {"setpoint": "25"}, {"setpoint": "75", "pipeline": "new_business"}, {"pipeline": "new_business"}, {"owner": "0"},
        {"setpoint": "25", "pipeline": "x\x00"}, {"next_step": {"purpose": "Call"}}, {"next_step": {**STEP, "owner": "1"}},
        {"deals": [{"id": "1", "version": 1}] * 1001, "deal_type": "expansion"}, {"amount": {"amount": "1", "currency": "EUR"}},
        {"deals": [{"id": "1"}], "deal_type": "expansion"}, {"deals": [{"id": 1, "version": 1}], "deal_type": "expansion"},
    ],
)  # fmt: skip
def test_what_no_change_says_changes_nothing(api: Api, deals: list[Opportunity], body: dict[str, Any]) -> None:
    before = checksum()
    answer = api.post("bulk-edits/", {"deals": chosen(*deals), **body} if body else body)
    assert answer.status_code == 400, answer.content
    assert checksum() == before


def test_who_changes_no_deals_changes_none_of_them(deals: list[Opportunity], marketing_api: Api) -> None:
    before, body = checksum(), {"deals": chosen(*deals), "deal_type": "expansion"}
    assert_problem(marketing_api.post("bulk-edits/", body), 403, "not_permitted")
    browser, helper = signed_in(UserFactory(contributor=True)), "application/json"
    assert browser.post("/api/v1/bulk-edits/", body, content_type=helper).status_code in (403, 404)
    for change in ({"owner": str(marketing_api.user.pk)}, {"owner": str(UserFactory(rep=True).pk)}):
        assert Api(deals[0].owner).post("bulk-edits/", {"deals": chosen(*deals), **change}).status_code in (
            400,
            403,
            422,
        )
    assert (checksum()["pipeline_opportunity"], BulkEdit.objects.count()) == (before["pipeline_opportunity"], 0)
