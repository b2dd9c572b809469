"""Figures and quarter reviews by API."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.values import Money
from crm.models import Job, Team, User
from pipeline.commands.opportunities import close_opportunity, create_opportunity
from pipeline.models import Opportunity
from reports.commands.qbrs import finish_part
from reports.models import QbrPart, QbrRun
from reports.queries.catalogue import CATALOGUE
from reports.queries.qbrs import BUILD_PART
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 7, 6, 9, tzinfo=UTC)
CLOSED = datetime(2026, 8, 20, 9, tzinfo=UTC)
Q3 = {"from": "2026Q3", "as_of": "2026-09-30"}


def won(owner: User, amount: int, *, by: User | None = None) -> Opportunity:
    deal = create_opportunity(
        account_id=AccountFactory(industry="Food").pk,
        name="Deal",
        owner_id=owner.pk,
        amount=Money(Decimal(amount), "EUR"),
        by=by,
        at=OPENED,
        **NO_MEETING_YET,
    )
    return close_opportunity(
        opportunity_id=deal.pk, outcome="won", reason_code="product", seen_version=deal.version, by=by, at=CLOSED
    )


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(manages=team)


@pytest.fixture
def manager_api(manager: User) -> Api:
    return Api(manager)


class TestFigures:
    @pytest.mark.parametrize("name", sorted(CATALOGUE))
    def test_every_figure_answers_with_its_envelope(self, api: Api, rep: User, name: str) -> None:
        won(rep, 1000)
        answer = api.get(f"figures/{name}/", Q3)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert (body["name"], body["as_of"]) == (name, "2026-09-30T23:59:59.999999Z")
        for row in body["rows"]:
            assert (row["value"] is None) == (row["reason"] is not None)
            assert all(isinstance(pk, str) for pk in row["ids"])

    def test_a_single_number_stands_at_the_top(self, api: Api, rep: User) -> None:
        deals = [won(rep, 1000), won(rep, 500)]
        body = api.get("figures/won-value/", Q3).json()
        assert (body["value"], body["n"], body["unit"]) == ("1500.00", 2, body["rows"][0]["unit"])
        assert sorted(body["ids"]) == sorted(str(deal.pk) for deal in deals)

    def test_as_of_looks_back(self, api: Api, rep: User) -> None:
        won(rep, 1000)
        assert api.get("figures/won-value/", {"from": "2026Q3", "as_of": "2026-08-01"}).json()["n"] == 0

    def test_it_covers_what_the_person_may_see(self, api: Api, other_api: Api, rep: User) -> None:
        won(rep, 1000)
        assert api.get("figures/won-value/", Q3).json()["n"] == 1
        assert other_api.get("figures/won-value/", Q3).json()["n"] == 0

    def test_by_gives_one_row_each(self, api: Api, rep: User, team: Team) -> None:
        mate = UserFactory(rep=True, team=team)
        won(rep, 1000)
        won(mate, 500)
        rows = api.get("figures/won-value/", Q3 | {"by": "owner"}).json()["rows"]
        assert {row["group"]: row["value"] for row in rows} == {str(rep.pk): "1000.00", str(mate.pk): "500.00"}
        alone = api.get("figures/won-value/", Q3 | {"owner": str(mate.pk)}).json()
        assert alone["value"] == api.get("figures/won-value/", Q3 | {"owner": mate.email}).json()["value"] == "500.00"

    @pytest.mark.parametrize(
        "query",
        ["as_of=yesterday", "known_at=%00", "from=2026Q5", "from=tomorrow", "from=2026-02-01&to=2026-01-01",
         "team=Nobody", "team=999999", "owner=nobody@example.com", "owner=999999", "pipeline=nowhere", "by=mood", "x=1",
         "by=owner&by=team", "from=9999Q4", "to=9999-12-31", "from=0000-01"],
    )  # fmt: skip
    def test_a_wrong_question_names_its_parameter(self, api: Api, query: str) -> None:
        problem = assert_problem(api.get(f"/api/v1/figures/win-rate/?{query}"), 400)
        assert "errors" in problem or problem["code"] == "unreadable"

    def test_an_unknown_figure_is_not_there(self, api: Api) -> None:
        assert_problem(api.get("figures/mood/"), 404)

    @pytest.mark.parametrize(("scope", "status"), [("reports:read", 200), ("read", 200), ("write", 403)])
    def test_a_scope_of_its_own(self, rep: User, scope: str, status: int) -> None:
        assert Api(rep, scope).get("figures/win-rate/").status_code == status


class TestQbrs:
    def ask(self, api: Api, team: Team, quarter: str = "2026Q3", **headers: str) -> Any:
        return api.post("qbrs/", {"team": str(team.pk), "quarter": quarter}, **headers)

    def test_asking_answers_with_where_to_look(self, manager_api: Api, team: Team) -> None:
        asked = self.ask(manager_api, team)
        assert asked.status_code == 202, asked.content
        body = asked.json()
        assert (body["status"], body["progress"], body["quarter"]) == ("queued", 0.0, "2026Q3")
        assert body["url"] == asked["Location"] == f"http://testserver/api/v1/qbrs/{body['id']}/"
        assert manager_api.get(body["url"]).json()["status"] == "queued"

    def test_progress_runs_to_one(self, manager_api: Api, team: Team) -> None:
        url = self.ask(manager_api, team).json()["url"]
        parts = list(QbrPart.objects.order_by("order"))
        for number, part in enumerate(parts, start=1):
            finish_part(part_id=part.pk, payload={"part": number}, suggested=["Call them"], at=CLOSED)
            assert manager_api.get(url).json()["progress"] == round(number / len(parts), 4)
        body = manager_api.get(url).json()
        assert (body["status"], body["progress"]) == ("ready", 1.0)
        assert [part["payload"] for part in body["parts"]] == [{"part": n} for n in range(1, len(parts) + 1)]
        assert [action["text"] for action in body["actions"]] == ["Call them"]

    def test_a_run_whose_workers_gave_up_has_failed(self, manager_api: Api, team: Team) -> None:
        url = self.ask(manager_api, team).json()["url"]
        assert manager_api.get(url).json()["status"] == "queued"
        Job.objects.filter(task=BUILD_PART).update(state="quarantined")
        assert manager_api.get(url).json()["status"] == "failed"
        assert [one["status"] for one in manager_api.get("qbrs/").json()["results"]] == ["failed"]
        again = self.ask(manager_api, team).json()
        assert (again["status"], again["number"]) == ("queued", 2)

    def test_the_team_and_marketing_read_and_do_not_ask(
        self, manager_api: Api, api: Api, marketing_api: Api, team: Team
    ) -> None:
        url = self.ask(manager_api, team).json()["url"]
        before = checksum()
        for each in (api, marketing_api):
            assert each.get(url).status_code == 200
            assert_problem(self.ask(each, team, "2026Q2"), 403, "not_permitted")
        assert checksum() == before

    def test_another_teams_is_not_there(self, manager_api: Api, other_api: Api, team: Team) -> None:
        url = self.ask(manager_api, team).json()["url"]
        assert_problem(other_api.get(url), 404)
        assert other_api.get("qbrs/").json()["results"] == []
        assert len(manager_api.get("qbrs/", {"team": str(team.pk)}).json()["results"]) == 1

    @pytest.mark.parametrize(
        ("body", "status"),
        [({}, 400), ({"quarter": "2026Q5"}, 422), ({"quarter": "2199Q1"}, 422), ({"quarter": 5}, 400),
         ({"team": "999"}, 400), ({"status": "ready"}, 400), ({"quarter": "0000Q1"}, 422),
         ({"quarter": "9999Q4"}, 422)],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_request_builds_nothing(self, manager_api: Api, team: Team, body: Any, status: int) -> None:
        body = body and {"team": str(team.pk), "quarter": "2026Q3"} | body
        assert_problem(manager_api.post("qbrs/", body), status)
        assert not QbrRun.objects.exists()

    def test_sent_again_with_its_key_it_is_built_once(self, manager_api: Api, team: Team) -> None:
        answers = [self.ask(manager_api, team, idempotency_key="q").json() for _ in range(2)]
        assert answers[0] == answers[1]
        assert QbrRun.objects.count() == 1

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_list_costs_the_same_for_one_and_for_three(
        self, admin_api: Api, rows: int, django_assert_num_queries: Any
    ) -> None:
        for _row in range(rows):
            self.ask(admin_api, TeamFactory())
        with django_assert_num_queries(4):
            assert len(admin_api.get("qbrs/").json()["results"]) == rows
