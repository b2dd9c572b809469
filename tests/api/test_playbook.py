"""Personas, insight, guides and meetings that are written down, by API."""

from typing import Any

import pytest

from crm.models import AccountInsight, Contact, Persona, User
from pipeline.models import MeetingRecord, MessageGuide, OpportunityEvent
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    InsightFactory,
    PersonaFactory,
    UserFactory,
)
from tests.factories.pipeline import OpportunityActivityFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
ODD: list[Any] = ["\x00", 7, [], {}, 1.5, True]


@pytest.fixture
def marketing() -> Api:
    return Api(UserFactory(marketing=True))


class TestPersonas:
    def test_marketing_adds_and_changes_what_sellers_read(self, api: Api, marketing: Api) -> None:
        made = marketing.post("personas/", {"name": "Finance", "goals": "Payback\nin a year", "external_id": "p-1"})
        assert made.status_code == 201
        path = made["Location"]
        changed = marketing.patch(path, {"goals": "Less risk"}, if_match=made["ETag"])
        assert (changed.json()["goals"], changed.json()["version"]) == ("Less risk", 2)
        assert_problem(marketing.patch(path, {"goals": "x"}, if_match=made["ETag"]), 412)
        assert [row["name"] for row in api.get("personas/").json()["results"]] == ["Finance"]
        assert_problem(api.patch(path, {"goals": "x"}, if_match=changed["ETag"]), 403)
        assert_problem(marketing.post("personas/", {"name": "FINANCE"}), 422)

    @pytest.mark.parametrize("name", [*ODD, "", None, "x" * 101])
    def test_odd_names_change_nothing(self, marketing: Api, name: Any) -> None:
        before = checksum()
        assert marketing.post("personas/", {"name": name}).status_code in (400, 422)
        assert checksum() == before

    def test_a_contact_names_its_own(self, api: Api, rep: User) -> None:
        contact, persona = ContactFactory(owner=rep), PersonaFactory()
        shown = api.patch(f"contacts/{contact.pk}/", {"persona": str(persona.pk)})
        assert shown.json()["persona"] == str(persona.pk)
        assert_problem(api.patch(f"contacts/{contact.pk}/", {"persona": "999999999"}), 400)
        gone = PersonaFactory(archived=True)
        assert_problem(api.patch(f"contacts/{contact.pk}/", {"persona": str(gone.pk)}), 422)
        assert Contact.objects.get(pk=contact.pk).persona == persona


def test_a_second_record_of_one_external_id_says_so_by_its_field(marketing: Api) -> None:
    account, seller = str(AccountFactory().pk), Api(UserFactory(admin=True))
    for client, path, first, other in (
        (marketing, "personas/", {"name": "Finance"}, {"name": "User"}),
        (marketing, "guides/", {"seniority": "manager", "proof": "x"}, {"seniority": "director", "proof": "x"}),
        (seller, "insights/", *({"account": account, "kind": "aim", "text": text} for text in ("A", "B"))),
    ):
        assert client.post(path, {**first, "external_id": "name-1"}).status_code == 201
        refused = assert_problem(client.post(path, {**other, "external_id": "name-1"}), 422)
        assert list(refused["errors"]) == ["external_id"]


class TestInsight:
    def test_it_is_noted_put_right_and_ended(self, api: Api, rep: User) -> None:
        account = AccountFactory()
        sent = {"account": str(account.pk), "kind": "goal", "text": "Less water", "burner": "back"}
        made = api.post("insights/", sent)
        assert (made.status_code, made.json()["by"]) == (201, str(rep.pk))
        path = made["Location"]
        moved = api.patch(path, {"burner": "front"}, if_match=made["ETag"])
        assert (moved.status_code, moved.json()["burner"]) == (200, "front")
        assert_problem(api.patch(path, {"account": str(AccountFactory().pk)}), 400)
        listed = api.get("insights/", {"account": str(account.pk), "burner": "front"}).json()["results"]
        assert [row["text"] for row in listed] == ["Less water"]
        assert_problem(api.post(f"{path}end/", {}, if_match=made["ETag"]), 412)
        assert api.post(f"{path}end/", {}, if_match=moved["ETag"]).status_code == 200
        assert api.get("insights/", {"account": str(account.pk)}).json()["results"] == []

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"burner": ""}, 422), ({"burner": "oven"}, 400), ({"kind": "rumour"}, 400), ({"kind": "change"}, 422),
            ({"kind": "change", "on": "9999-12-31"}, 400), ({"kind": "change", "on": "1e400"}, 400), ({"text": ""}, 400),
            ({"text": "\x00"}, 400), ({"text": "x" * 501}, 400), ({"account": "0"}, 400), ({"told_by": "999999"}, 400),
            ({"by": "1"}, 400), ({"archived_at": None}, 400),
        ],
    )  # fmt: skip
    def test_what_cannot_be_noted_changes_nothing(self, api: Api, more: dict[str, Any], status: int) -> None:
        sent = {"account": str(AccountFactory().pk), "kind": "goal", "text": "Less water", "burner": "front", **more}
        before = checksum()
        assert_problem(api.post("insights/", sent), status)
        assert checksum() == before

    def test_a_colleagues_note_stays(self, api: Api) -> None:
        theirs = InsightFactory(by=UserFactory(rep=True), account__owner=UserFactory(rep=True))
        assert_problem(api.patch(f"insights/{theirs.pk}/", {"text": "x"}), 403)
        assert AccountInsight.objects.get().version == 1


class TestGuides:
    def test_marketing_writes_and_executives_need_their_terms(self, api: Api, marketing: Api) -> None:
        persona = PersonaFactory()
        assert_problem(marketing.post("guides/", {"seniority": "c_level", "message": "Our pump"}), 422)
        sent = {"seniority": "c_level", "persona": str(persona.pk), "business_terms": "Payback in a year"}
        made = marketing.post("guides/", sent)
        assert made.status_code == 201
        assert_problem(marketing.post("guides/", sent), 422)
        path = made["Location"]
        assert marketing.patch(path, {"proof": "Three won"}).json()["proof"] == "Three won"
        assert_problem(marketing.patch(path, {"business_terms": ""}), 422)
        found = api.get("guides/", {"persona": str(persona.pk)}).json()["results"]
        assert [row["business_terms"] for row in found] == ["Payback in a year"]
        assert_problem(api.post("guides/", sent), 403)
        assert MessageGuide.objects.get().version == 2

    @pytest.mark.parametrize(
        "more", [{}, {"seniority": "unknown"}, {"competitor": "9"}, {"message": 7}, {"seniority": []}]
    )
    def test_a_guide_for_nobody_is_none(self, marketing: Api, more: dict[str, Any]) -> None:
        before = checksum()
        assert marketing.post("guides/", {"message": "x", **more}).status_code in (400, 422)
        assert checksum() == before


class TestMeetingRecords:
    def test_a_meeting_is_written_down_and_told(self, api: Api, rep: User) -> None:
        deal = OpportunityFactory(owner=rep)
        link = OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, account=deal.account))
        path, meeting = f"opportunities/{deal.pk}/meeting-records/", str(link.activity_id)
        made = api.post(path, {"activity": meeting, "goals": "Less water"})
        assert (made.status_code, made.json()["goals"], made.json()["by"]) == (201, "Less water", str(rep.pk))
        assert api.post(path, {"activity": meeting, "challenges": "Old meters"}).json()["goals"] == "Less water"
        assert [row["activity"] for row in api.get(path).json()["results"]] == [meeting]
        assert set(OpportunityEvent.objects.values_list("kind", "via")) == {("meeting_record", "api")}

    @pytest.mark.parametrize("sent", [{}, {"goals": ""}, {"goals": "\x00"}, {"goals": "x" * 4001}, {"goals": [1]}])
    def test_what_says_nothing_is_refused(self, api: Api, rep: User, sent: dict[str, Any]) -> None:
        deal = OpportunityFactory(owner=rep)
        link = OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, account=deal.account))
        path = f"opportunities/{deal.pk}/meeting-records/"
        assert api.post(path, {"activity": str(link.activity_id), **sent}).status_code in (400, 422)
        assert_problem(api.post(path, {"activity": "1e400", "goals": "x"}), 400)
        other = OpportunityActivityFactory(activity=ActivityFactory(held=True))
        assert_problem(api.post(path, {"activity": str(other.activity_id), "goals": "x"}), 400)
        assert not MeetingRecord.objects.exists()

    def test_of_another_team_it_is_not_there(self, api: Api) -> None:
        assert_problem(api.get(f"opportunities/{OpportunityFactory().pk}/meeting-records/"), 404)


@pytest.mark.parametrize("path", ["personas/", "insights/", "guides/"])
def test_a_list_takes_the_same_statements_however_long(api: Api, path: str, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        persona = PersonaFactory()
        InsightFactory()
        MessageGuide.objects.create(persona=persona, created_at=persona.created_at, recorded_at=persona.created_at)
        assert Persona.objects.count() == number + 1
        with django_assert_max_num_queries(8):
            assert len(api.get(path).json()["results"]) == number + 1
