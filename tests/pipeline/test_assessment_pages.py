"""The sheet that assesses an element, and the same by API: what is sent, what is refused, what stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.enums import Element
from pipeline.models import Assessment, Opportunity
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db
SHEET_STATEMENTS = 6
PROGRESS_STATEMENTS = 5


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    account = AccountFactory()
    contact = ContactFactory(account=account, first_name="Rasa", last_name="Jankauskienė")
    return OpportunityFactory(owner=rep, account=account, contact=contact)


def sent(deal: Opportunity, **given: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"level": "2", "note": "€130k, capex", "contact_id": deal.contact_id, "said_on": today} | given


def url(deal: Opportunity, element: str = "budget") -> str:
    return f"/deals/{deal.pk}/assess/{element}/"


@pytest.mark.parametrize("element", list(Element))
def test_every_element_asks_its_question(mine: Client, deal: Opportunity, element: str) -> None:
    sheet = htmx_get(mine, url(deal, element))
    assert sheet.status_code == 200
    assert f"<p>{sheet.context['question']}</p>" in text(sheet)
    assert sheet.context["question"].endswith("?")


def test_an_element_is_assessed_from_the_sheet(mine: Client, deal: Opportunity) -> None:
    answer = htmx_post(mine, url(deal), sent(deal))
    assert answer.status_code == 200
    assert "Budget: Told by one contact" in answer.content.decode()
    assert [(each.element, each.level, each.note) for each in Assessment.objects.all()] == [
        ("budget", 2, "€130k, capex")
    ]
    again = htmx_get(mine, url(deal))
    assert "Rasa Jankauskienė · noted by" in " ".join(text(again).split())
    assert again.context["form"].initial["note"] == "€130k, capex"


def test_the_sheet_works_as_a_plain_form(mine: Client, deal: Opportunity) -> None:
    assert mine.get(url(deal)).status_code == 200
    answer = mine.post(url(deal), sent(deal))
    assert (answer.status_code, answer["Location"]) == (302, f"/deals/{deal.pk}/")
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("before", [1, 3])
def test_the_sheet_takes_the_same_statements(
    mine: Client, deal: Opportunity, before: int, django_assert_num_queries: Any
) -> None:
    for number in range(before):
        htmx_post(mine, url(deal), sent(deal, note=f"{number}"))
    htmx_get(mine, url(deal))
    with django_assert_num_queries(SHEET_STATEMENTS):
        htmx_get(mine, url(deal))


def test_what_is_old_is_said_to_be_old(mine: Client, deal: Opportunity) -> None:
    old = (timezone.localdate() - timedelta(days=46)).isoformat()
    htmx_post(mine, url(deal), sent(deal, said_on=old))
    assert "more than 45 days old" in htmx_get(mine, url(deal)).content.decode()
    htmx_post(mine, url(deal), sent(deal))
    assert "more than 45 days old" not in htmx_get(mine, url(deal)).content.decode()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param({"contact_id": ""}, "Choose who told us", id="told by nobody"),
        pytest.param({"level": "3", "contact_id": "", "note": ""}, "name the document", id="confirmed by nothing"),
        pytest.param({"level": "4"}, "Select a valid choice", id="above the scale"),
        pytest.param({"level": "none"}, "Select a valid choice", id="qualification always applies"),
        pytest.param({"level": ""}, "This field is required", id="no level"),
        pytest.param({"said_on": "2199-12-31"}, "not still to come", id="in the future"),
        pytest.param({"said_on": "31.02.2026"}, "Enter a valid date", id="no such day"),
        pytest.param({"contact_id": "9" * 30}, "Select a valid choice", id="no such contact"),
        pytest.param({"note": "x" * 1001}, "at most 1000 characters", id="a book"),
        pytest.param({"note": "a\x00b"}, "Null characters", id="a character no text has"),
    ],
)
def test_the_sheet_says_what_is_wrong_and_keeps_what_was_typed(
    mine: Client, deal: Opportunity, given: dict[str, Any], says: str
) -> None:
    answer = htmx_post(mine, url(deal), sent(deal, **given))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert "x" * 1001 in page or "€130k, capex" in page or given.get("note") in ("", "a\x00b")
    assert Assessment.objects.count() == 0


def test_a_milestone_may_not_apply(mine: Client, deal: Opportunity) -> None:
    given = sent(deal, level="none", contact_id="", note="Below the limit that asks for it")
    answer = htmx_post(mine, url(deal, "criteria_agreed"), given)
    assert "does not apply" in answer.content.decode()
    assert "Does not apply" in text(htmx_get(mine, url(deal, "criteria_agreed")))
    assert Assessment.objects.get().applies is False


@pytest.mark.parametrize("element", ["mood", "BUDGET", "0"])
def test_what_is_no_element_is_not_found(mine: Client, deal: Opportunity, element: str) -> None:
    assert mine.get(url(deal, element)).status_code == 404
    assert mine.post(url(deal, element), sent(deal)).status_code == 404


class TestApi:
    @pytest.fixture
    def api(self, rep: Any) -> Api:
        return Api(rep)

    def body(self, deal: Opportunity, **given: Any) -> dict[str, Any]:
        known = {"element": "need", "level": 2, "said_on": "2026-03-01", "contact": str(deal.contact_id)}
        return {**known, "note": "Cut kWh per tonne", **given}

    def path(self, deal: Opportunity) -> str:
        return f"opportunities/{deal.pk}/assessments/"

    def test_it_is_assessed_and_read(self, api: Api, deal: Opportunity) -> None:
        made = api.post(self.path(deal), self.body(deal, level=1, contact=None))
        assert made.status_code == 201
        told = api.post(self.path(deal), self.body(deal)).json()
        assert told == {
            "id": told["id"], "element": "need", "level": 2, "said_on": "2026-03-01", "contact": str(deal.contact_id),
            "note": "Cut kWh per tonne", "applies": True, "by": str(deal.owner_id), "at": told["at"], "ended_at": None,
        }  # fmt: skip
        assert api.get(self.path(deal), {"current": "true"}).json()["results"] == [told]
        (before,) = api.get(self.path(deal), {"current": "false", "element": "need"}).json()["results"]
        assert (before["id"], before["ended_at"]) == (made.json()["id"], told["at"])

    def test_a_key_makes_it_once(self, api: Api, deal: Opportunity) -> None:
        first = api.post(self.path(deal), self.body(deal), idempotency_key="k")
        assert api.post(self.path(deal), self.body(deal), idempotency_key="k").json() == first.json()
        assert Assessment.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            pytest.param({"contact": None}, 422, id="told by nobody"),
            pytest.param({"element": "mood"}, 400, id="no element"),
            pytest.param({"level": 4}, 400, id="above the scale"),
            pytest.param({"level": "2"}, 400, id="a text for a level"),
            pytest.param({"level": True}, 400, id="a truth for a level"),
            pytest.param({"said_on": "9999-12-31"}, 400, id="outside the calendar"),
            pytest.param({"said_on": "2199-01-01"}, 422, id="in the future"),
            pytest.param({"contact": "1" * 18}, 400, id="no such contact"),
            pytest.param({"applies": False}, 422, id="qualification always applies"),
            pytest.param({"by": "1"}, 400, id="in somebody's name"),
        ],
    )
    def test_it_is_refused_without_a_trace(
        self, api: Api, deal: Opportunity, given: dict[str, Any], status: int
    ) -> None:
        before = checksum()
        assert_problem(api.post(self.path(deal), self.body(deal, **given)), status)
        assert checksum() == before

    def test_progress_is_told_as_of_any_moment(self, api: Api, deal: Opportunity) -> None:
        before = api.get(f"opportunities/{deal.pk}/progress/").json()
        api.post(
            self.path(deal), self.body(deal, element="problem_confirmed", level=3, said_on=str(timezone.localdate()))
        )
        now = api.get(f"opportunities/{deal.pk}/progress/").json()
        assert (before["value"], before["weakest"], before["n"]) == ("0.00", "problem_confirmed", 7)
        assert (now["value"], now["weakest"]) == ("14.29", "criteria_agreed")
        assert (now["levels"]["problem_confirmed"], now["levels"]["champion"]) == ("3.00", "0.00")
        then = api.get(f"opportunities/{deal.pk}/progress/", {"as_of": before["as_of"]}).json()
        assert then == before
        assert_problem(api.get(f"opportunities/{deal.pk}/progress/", {"as_of": "soon"}), 400)
        assert_problem(Api(UserFactory(rep=True)).get(f"opportunities/{deal.pk}/progress/"), 404)

    def test_another_teams_deal_is_not_there(self, deal: Opportunity) -> None:
        stranger = Api(UserFactory(rep=True))
        assert_problem(stranger.get(self.path(deal)), 404)
        assert_problem(stranger.post(self.path(deal), self.body(deal, contact=None, level=1)), 404)

    def test_marketing_reads_and_does_not_write(self, deal: Opportunity) -> None:
        marketing = Api(UserFactory(marketing=True))
        assert marketing.get(self.path(deal)).json()["results"] == []
        assert_problem(marketing.post(self.path(deal), self.body(deal, contact=None, level=1)), 403)


class TestProgress:
    def test_the_sheet_lists_every_question_once(self, mine: Client, deal: Opportunity) -> None:
        htmx_post(mine, url(deal, "champion_sells"), sent(deal, note="Presented it to the plant meeting"))
        sheet = text(htmx_get(mine, f"/deals/{deal.pk}/progress/"))
        assert sheet.count("/assess/") == 2 * 13
        assert "Presented it to the plant meeting" in sheet
        assert "5 of 100" in sheet
        assert mine.get(f"/deals/{deal.pk}/progress/").status_code == 200

    def test_the_panel_tells_the_score_its_weakest_element_and_the_change(
        self, mine: Client, deal: Opportunity
    ) -> None:
        for element in ("problem_confirmed", "criteria_agreed", "stakeholders_known"):
            htmx_post(mine, url(deal, element), sent(deal, level="3"))
        page = mine.get(f"/deals/{deal.pk}/")
        shown = page.context["progress"]
        assert (shown["value"], shown["weakest"], shown["change"]) == ("43", "Budget and timeline", 43)
        assert "43 of 100" in text(page)

    def test_who_only_reads_gets_no_form(self, client: Client, deal: Opportunity) -> None:
        client.force_login(UserFactory(marketing=True))
        sheet = htmx_get(client, f"/deals/{deal.pk}/progress/")
        assert (sheet.status_code, "/assess/" in text(sheet)) == (200, False)
        assert "/assess/" not in text(client.get(f"/deals/{deal.pk}/"))

    @pytest.mark.parametrize("questions", [1, 3])
    def test_the_sheet_takes_the_same_statements(
        self, mine: Client, deal: Opportunity, questions: int, django_assert_num_queries: Any
    ) -> None:
        for element in ("problem_confirmed", "criteria_agreed", "executive_backs")[:questions]:
            htmx_post(mine, url(deal, element), sent(deal))
        htmx_get(mine, f"/deals/{deal.pk}/progress/")
        with django_assert_num_queries(PROGRESS_STATEMENTS):
            htmx_get(mine, f"/deals/{deal.pk}/progress/")


def test_the_panel_names_the_weakest_element_and_marks_what_is_old(mine: Client, deal: Opportunity) -> None:
    for element in ("budget", "authority", "need", "timing", "competition", "decision_process", "compelling_event"):
        htmx_post(mine, url(deal, element), sent(deal, level="3"))
    fresh = mine.get(f"/deals/{deal.pk}/")
    assert (fresh.context["qualification"]["weakest"], "Ask again" in text(fresh)) == ("", False)
    old = (timezone.localdate() - timedelta(days=46)).isoformat()
    htmx_post(mine, url(deal, "timing"), sent(deal, level="3", said_on=old))
    page = mine.get(f"/deals/{deal.pk}/")
    shown = page.context["qualification"]
    assert (shown["weakest"], shown["weakest_level"], shown["known"]) == ("Timing", "Told by one contact", 4)
    assert "Ask again" in text(page)
