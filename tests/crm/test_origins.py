"""Sources and campaigns, and what they are made of, as marketing edits them (D-41, LT-055 to LT-065, FI-004)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm.commands.origins import OriginRefused, archive_origin, create_origin, edit_origin, restore_origin
from crm.enums import ContentType
from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import Campaign, Source, User
from crm.policies.origins import clean_origin, days_refusals
from reports.queries.figures import compute
from tests.api.client import Api, assert_problem
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory
from tests.testing import element, signed_in, text

AT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
FAIR = {"name": "Aquatech fair", "channel": "outbound", "content_type": "conference"}


class TestPolicy:
    @pytest.mark.parametrize(
        ("values", "code"),
        [
            ({"name": " "}, "required"), ({"name": "x" * 201}, "too_long"), ({"channel": "sideways"}, "unknown_value"),
            ({"content_type": ""}, "unknown_value"), ({"code": "mine"}, "not_editable"),
        ],
    )  # fmt: skip
    def test_odd_values(self, values: dict[str, Any], code: str) -> None:
        fields = frozenset({"name", "channel", "content_type"})
        assert [refusal.code for refusal in clean_origin(values, fields=fields)[1]] == [code]

    def test_a_campaign_ends_when_it_starts_or_later(self) -> None:
        day = date(2026, 3, 6)
        assert days_refusals(day, day) == days_refusals(None, day) == days_refusals(day, None) == []
        assert days_refusals(day, date(2026, 3, 5)) == [Refusal.of("ends_before_it_starts", field="ends_on")]


@pytest.fixture
def marketer() -> User:
    return UserFactory(marketing=True)


@pytest.mark.django_db
class TestCommands:
    def test_what_is_changed_keeps_its_code_and_its_leads(self, marketer: User) -> None:
        fair = create_origin(Source, values=FAIR, by=marketer, at=AT)
        leaks = create_origin(Campaign, values={"name": "Leaks", "source_id": fair.pk}, by=marketer, at=AT)
        lead = LeadFactory(source=fair, campaign=leaks)
        edit_origin(Source, origin_id=fair.pk, changes={"name": "Aquatech"}, by=marketer, at=AT, seen_version=1)
        with pytest.raises(StaleRecord):
            edit_origin(Source, origin_id=fair.pk, changes={"name": "Mine"}, by=marketer, at=AT, seen_version=1)
        fair.refresh_from_db()
        assert (fair.code, fair.name, fair.version) == ("aquatech-fair", "Aquatech", 2)
        for by, group in (("content_type", "conference"), ("source", "aquatech-fair"), ("campaign", "leaks")):
            rows = {row.group: row.figure.ids for row in compute("leads", user=None, at=lead.created_at, by=by)}
            assert rows == {group: [lead.pk]}, by
        edit_origin(Campaign, origin_id=leaks.pk, changes={"content_type": "webinar"}, by=marketer, at=AT)
        assert compute("leads", user=None, at=lead.created_at, by="content_type")[0].group == "webinar"
        archive_origin(Source, origin_id=fair.pk, by=marketer, at=AT)
        assert archive_origin(Source, origin_id=fair.pk, by=marketer, at=AT).archived_at == AT
        assert restore_origin(Source, origin_id=fair.pk, by=marketer, at=AT).archived_at is None

    @pytest.mark.parametrize(
        "values",
        [
            {"name": "Aquatech fair"}, {"name": "\x00"}, {"name": "Leaks", "source_id": 999_999},
            {"name": "Leaks", "starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, values: dict[str, Any], marketer: User) -> None:
        create_origin(Campaign, values={"name": "Aquatech fair"}, by=marketer, at=AT)
        with pytest.raises(OriginRefused):
            create_origin(Campaign, values=values, by=marketer, at=AT)
        assert Campaign.objects.count() == 1

    def test_sales_reads_and_does_not_write(self) -> None:
        with pytest.raises(NotPermitted):
            create_origin(Source, values=FAIR, by=UserFactory(rep=True), at=AT)


@pytest.mark.django_db
class TestPages:
    def test_marketing_edits_them_by_plain_forms(self, marketer: User, django_assert_num_queries: Any) -> None:
        client = signed_in(marketer)
        assert client.post("/settings/sources/source/new/", FAIR).status_code == 302
        fair = Source.objects.get()
        leaks = {"name": "Leaks", "source_id": fair.pk, "content_type": "case_study", "ends_on": "2026-03-01"}
        refused = client.post("/settings/sources/campaign/new/", leaks | {"starts_on": "2026-03-02"})
        assert (refused.status_code, "The last day comes before" in text(refused)) == (422, True)
        assert client.post("/settings/sources/campaign/new/", leaks).status_code == 302
        page = client.get("/settings/sources/")
        assert "Leaks" in str(element(page, f"source-{fair.pk}"))
        changed = FAIR | {"name": "Aquatech", **{f"seen-{name}": value for name, value in FAIR.items()}}
        assert client.post(f"/settings/sources/source/{fair.pk}/", changed).status_code == 302
        stale = client.post(f"/settings/sources/source/{fair.pk}/", changed | {"name": "Mine"})
        assert stale.status_code == 409
        assert client.get("/settings/sources/mood/new/").status_code == 404
        create_origin(Source, values=FAIR | {"name": "Search", "channel": "inbound"}, by=None, at=AT)
        create_origin(Campaign, values={"name": "Loose"}, by=None, at=AT)
        with django_assert_num_queries(7):
            assert "Loose" in str(element(client.get("/settings/sources/"), "loose"))
        client.post(f"/settings/sources/source/{fair.pk}/put/")
        put = Campaign.objects.get(name="Leaks")
        sheet = client.get(f"/settings/sources/campaign/{put.pk}/").context
        seen = {field.html_name: field.value() or "" for field in sheet["seen"]}
        renamed = leaks | seen | {"name": "Drips", "source_id": ""}  # archived, it is not offered and cannot be sent
        assert client.post(f"/settings/sources/campaign/{put.pk}/", renamed).status_code == 302
        put.refresh_from_db()
        assert (put.name, put.source_id) == ("Drips", fair.pk)
        assert f"source-{fair.pk}" not in text(client.get("/settings/sources/"))
        assert f"source-{fair.pk}" in text(client.get("/settings/sources/?left=1"))

    def test_every_kind_of_content_is_offered(self, marketer: User) -> None:
        offered = signed_in(marketer).get("/settings/sources/source/new/").context["form"]["content_type"]
        assert {value for value, _label in offered.field.choices} == set(ContentType)


@pytest.mark.django_db
class TestApi:
    def test_by_api_too(self, marketer: User) -> None:
        api, rep = Api(marketer), Api(UserFactory(rep=True))
        made = api.post("sources/", FAIR)
        assert (made.status_code, made.json()["code"]) == (201, "aquatech-fair")
        campaign = api.post("campaigns/", {"name": "Leaks", "source": "aquatech-fair", "starts_on": "2026-03-01"})
        assert campaign.json()["source"] == "aquatech-fair"
        assert api.patch(campaign["Location"], {"content_type": "tutorial"}).json()["content_type"] == "tutorial"
        path = made["Location"]
        assert_problem(api.patch(path, {"name": "x"}, if_match='"0-0"'), 412)
        assert_problem(rep.patch(path, {"name": "x"}), 403)
        assert api.post(f"{path}archive/", if_match=made["ETag"]).json()["archived_at"] is not None
        assert_problem(api.post(f"{path}restore/", if_match=made["ETag"]), 412)
        assert [row["code"] for row in rep.get("campaigns/?content_type=tutorial").json()["results"]] == ["leaks"]

    @pytest.mark.parametrize("body", [{"name": "\x00", "channel": "inbound"}, {"name": 7}, {"channel": "x"}, {}])
    def test_odd_bodies(self, body: Any, marketer: User) -> None:
        assert Api(marketer).post("sources/", body).status_code in (400, 422)
        assert not Source.objects.exists()
