"""What a deal is asked for, what meets it and its next steps, over the API (P-2, D-25)."""

from typing import Any

import pytest

from crm.models import User
from pipeline.commands.opportunities import attest_criterion
from pipeline.models import Attestation, NextStep, Opportunity
from tests.api.client import NOW, Api
from tests.factories.crm import ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, get_version, meet_criteria

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> User:
    person: User = UserFactory(rep=True, team=TeamFactory())
    return person


@pytest.fixture
def deal(rep: User) -> Opportunity:
    contact = ContactFactory()
    made: Opportunity = OpportunityFactory(owner=rep, account=contact.account, contact=contact)
    return made


def rows(api: Api, deal: Opportunity) -> dict[str, Any]:
    return {row["code"]: row for row in api.get(f"opportunities/{deal.pk}/criteria/").json()["results"]}


def test_a_client_sees_what_is_missing_says_who_said_it_and_moves(rep: User, deal: Opportunity) -> None:
    api = Api(rep)
    meet_criteria(deal, "25", but="interest_confirmed")
    missing = {code for code, row in rows(api, deal).items() if row["setpoint"] == "25" and row["met_by"] is None}
    assert missing == {"interest_confirmed"}
    move = {"setpoint": "25"}
    assert api.post(f"opportunities/{deal.pk}/move/", move, if_match=f'"{deal.pk}-1"').status_code == 422
    said = {
        "criterion": "interest_confirmed",
        "said_on": "2026-01-05",
        "contact": str(deal.contact_id),
        "note": "Show us",
    }
    answer = api.post(f"opportunities/{deal.pk}/criteria/", said)
    assert (answer.status_code, answer.json()["met_by"]["note"]) == (201, "Show us")
    deal.refresh_from_db()
    tag = api.get(f"opportunities/{deal.pk}/")["ETag"]
    moved = api.post(f"opportunities/{deal.pk}/move/", move, if_match=tag)
    assert (moved.status_code, moved.json()["setpoint"], moved.json()["evidenced_setpoint"]) == (200, "25", "25")
    place = f"opportunities/{deal.pk}/criteria/{answer.json()['met_by']['attestation']}/revoke/"
    assert api.post(place).json()["met_by"] is None
    assert api.get(f"opportunities/{deal.pk}/").json()["evidenced_setpoint"] == "first_meeting"
    assert (api.post(place).status_code, Attestation.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"criterion": "budget_known"}, 422),  # met by an assessment, not by words
        ({"criterion": "nobody_asks"}, 422),
        ({"criterion": "x" * 51}, 400),
        ({"note": ""}, 400),
        ({"contact": None}, 422),
        ({"said_on": "2199-01-01"}, 422),
    ],
    ids=["a field meets it", "unknown", "too long", "no words", "nobody said it", "tomorrow"],
)
def test_what_was_not_said_meets_nothing(rep: User, deal: Opportunity, changed: Any, status: int) -> None:
    said = {"criterion": "verbal_agreement", "said_on": "2026-01-05", "contact": str(deal.contact_id), "note": "Yes"}
    assert Api(rep).post(f"opportunities/{deal.pk}/criteria/", said | changed).status_code == status
    assert not Attestation.objects.exists()


def test_what_somebody_said_of_another_deal_stays_theirs(rep: User, deal: Opportunity) -> None:
    other = OpportunityFactory(account=deal.account, contact=deal.contact)
    said = attest_criterion(
        opportunity_id=other.pk, criterion_version_id=get_version("interest_confirmed").pk, said_on=NOW.date(), note="Yes",
        contact_id=deal.contact_id, by=None, at=NOW,
    )  # fmt: skip
    api = Api(rep)
    assert api.post(f"opportunities/{deal.pk}/criteria/{said.pk}/revoke/").status_code == 404
    assert api.get(f"opportunities/{other.pk}/criteria/").status_code == 404
    said.refresh_from_db()
    assert said.revoked_at is None


def test_the_criteria_of_a_deal_take_as_many_statements_as_ever(
    rep: User, deal: Opportunity, django_assert_num_queries: Any
) -> None:
    api = Api(rep)
    rows(api, deal)
    with django_assert_num_queries(5):
        rows(api, deal)
    meet_criteria(deal, "90")
    with django_assert_num_queries(5):
        rows(api, deal)


def test_a_step_is_agreed_moved_and_done(rep: User, deal: Opportunity) -> None:
    api, place = Api(rep), f"opportunities/{deal.pk}/next-steps/"
    given = {
        "purpose": "Walk through the plant",
        "due_on": "2026-01-09",
        "due_at": "2026-01-09T08:00:00Z",
        "kind": "meeting",
    }
    alone = api.post(place, given)
    assert (alone.status_code, rows(api, deal)["next_step_agreed"]["met_by"]) == (201, None)
    made = api.post(place, given | {"agreed_with": str(deal.contact_id)})
    agreed, tag = made.json(), made["ETag"]
    assert rows(api, deal)["next_step_agreed"]["met_by"]["note"] == "Walk through the plant"
    mine, later = f"{place}{agreed['id']}/", {"due_on": "2026-01-12"}
    assert api.post(f"{mine}reschedule/", later).status_code == 428
    moved = api.post(f"{mine}reschedule/", later, if_match=tag)
    assert (moved.json()["due_on"], moved.json()["due_at"]) == ("2026-01-12", None)
    assert api.post(f"{mine}reschedule/", later, if_match=tag).status_code == 412
    assert api.post(f"{mine}end/", {"done": True}, if_match=tag).status_code == 412
    ended = api.post(f"{mine}end/", {"done": True}, if_match=moved["ETag"])
    assert ended.json()["done_at"] is not None
    assert api.post(f"{mine}end/", {"done": True}, if_match=ended["ETag"]).status_code == 422
    given_up = api.post(f"{place}{alone.json()['id']}/end/", {"done": False}, if_match=alone["ETag"])
    assert given_up.json()["dropped_at"] is not None
    assert [len(api.get(f"{place}?open={which}").json()["results"]) for which in ("true", "false")] == [0, 2]


@pytest.mark.parametrize(
    "changed",
    [
        {"due_at": "2026-01-10T08:00:00Z"}, {"due_on": "1e400"}, {"purpose": "x" * 301}, {"purpose": ""},
        {"kind": "party"}, {"agreed_with": "999999"}, {"done_at": "2026-01-09T08:00:00Z"},
    ],
    ids=str,
)  # fmt: skip
def test_a_step_without_day_purpose_or_person_is_none(rep: User, deal: Opportunity, changed: Any) -> None:
    given = {"purpose": "Call", "due_on": "2026-01-09"}
    assert Api(rep).post(f"opportunities/{deal.pk}/next-steps/", given | changed).status_code == 400
    assert not NextStep.objects.exists()
