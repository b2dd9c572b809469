"""Activities are logged at deals and leads by API, at those a person may see."""

from typing import Any

import pytest

from crm.models import Activity
from tests.api.client import Api, assert_problem
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db
CALL = {"kind": "call", "occurred_at": "2026-03-02T10:00:00Z", "outcome": "conversation"}
FACTORIES: dict[str, Any] = {"opportunity": OpportunityFactory, "lead": LeadFactory}


@pytest.mark.parametrize("named", FACTORIES)
def test_an_activity_is_logged_at_a_deal_or_a_lead(api: Api, rep: Any, named: str) -> None:
    contact = ContactFactory(account=AccountFactory())
    record = FACTORIES[named](owner=rep, account=contact.account, contact=contact)
    made = api.post("activities/", {**CALL, named: str(record.pk)})
    assert made.status_code == 201, made.content
    assert (made.json()["account"], made.json()["contact"]) == (str(contact.account_id), str(contact.pk))
    assert [link.activity_id for link in record.activity_links.all()] == [int(made.json()["id"])]


def test_an_activity_at_a_deal_keeps_the_company_it_names(api: Api, rep: Any) -> None:
    partner = AccountFactory()
    deal = OpportunityFactory(owner=rep, contact=ContactFactory())
    made = api.post("activities/", {**CALL, "opportunity": str(deal.pk), "account": str(partner.pk)})
    assert (made.json()["account"], made.json()["contact"]) == (str(partner.pk), None)


@pytest.mark.parametrize("named", FACTORIES)
@pytest.mark.parametrize("there", [True, False], ids=["another team's", "unknown"])
def test_no_activity_is_logged_at_what_one_does_not_see(api: Api, named: str, there: bool) -> None:
    record = FACTORIES[named](owner=UserFactory(rep=True))
    answer = api.post("activities/", {**CALL, named: str(record.pk if there else record.pk + 999)})
    assert named in assert_problem(answer, 400)["errors"]
    assert (Activity.objects.count(), record.activity_links.count()) == (0, 0)


def test_marketing_logs_nothing_at_a_deal_it_only_reads(marketing_api: Api) -> None:
    deal = OpportunityFactory()
    assert_problem(marketing_api.post("activities/", {**CALL, "opportunity": str(deal.pk)}), 403, "not_permitted")
    assert Activity.objects.count() == 0


def test_who_else_took_part_is_written_and_read(api: Api, rep: Any) -> None:
    main, other, colleague = ContactFactory(), ContactFactory(), UserFactory(rep=True)
    sent = {
        **CALL,
        "contact": str(main.pk),
        "participants": [str(main.pk), str(other.pk)],
        "colleagues": [str(colleague.pk)],
    }
    made = api.post("activities/", sent).json()
    assert (made["participants"], made["colleagues"]) == ([str(other.pk)], [str(colleague.pk)])
    assert api.get(f"activities/{made['id']}/").json()["participants"] == [str(other.pk)]
    assert (
        "participants" in assert_problem(api.post("activities/", {**CALL, "participants": ["999999"]}), 400)["errors"]
    )
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("named", FACTORIES)
def test_activities_tell_and_are_found_by_what_they_belong_to(api: Api, other_api: Api, rep: Any, named: str) -> None:
    record, other = FACTORIES[named](owner=rep), FACTORIES[named](owner=rep)
    made = [api.post("activities/", {**CALL, named: str(each.pk)}).json() for each in (record, record, other)]
    assert [each[named] for each in made] == [str(record.pk), str(record.pk), str(other.pk)]
    found = api.get("activities/", {named: str(record.pk)}).json()["results"]
    assert {each["id"] for each in found} == {each["id"] for each in made[:2]}
    assert {each[named] for each in found} == {str(record.pk)}
    patched = api.patch(f"activities/{made[0]['id']}/", {"subject": "Asked for an offer"}).json()
    assert (patched["subject"], patched[named]) == ("Asked for an offer", str(record.pk))
    assert other_api.get("activities/", {named: str(record.pk)}).json()["results"] == []


def test_an_activity_of_two_deals_tells_only_of_the_one_that_is_seen(api: Api, rep: Any) -> None:
    mine, theirs = OpportunityFactory(owner=rep), OpportunityFactory()
    activity_id = api.post("activities/", {**CALL, "opportunity": str(mine.pk)}).json()["id"]
    theirs.activity_links.create(activity_id=activity_id)
    assert api.get(f"activities/{activity_id}/").json()["opportunity"] == str(mine.pk)
    assert api.get("activities/", {"opportunity": str(theirs.pk)}).json()["results"] == []


def test_an_activity_of_no_deal_says_so(api: Api) -> None:
    made = api.post("activities/", {**CALL, "account": str(AccountFactory().pk)}).json()
    assert (made["opportunity"], made["lead"]) == (None, None)
