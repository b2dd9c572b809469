"""Two versions held against each other, in words and in effect, and what publishing would do (S-6, S-7)."""

from datetime import timedelta

import pytest

from crm.models import User
from scoring.commands.rules import edit_draft, publish_draft
from scoring.models import ScoringModel
from tests.api.client import Api, assert_problem
from tests.factories.crm import UserFactory
from tests.scoring.test_simulations import AT, make_leads, try_draft
from tests.testing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(marketing=True)


def more_for_prices(by: User) -> ScoringModel:
    return edit_draft(settings={"threshold": 12}, rules={"pricing_page": {"points": 15}}, by=by, at=AT)


def test_the_sheet_says_what_publishing_does_by_the_latest_try_of_this_very_draft(marketer: User) -> None:
    make_leads(8, qualified=3)
    client, api = signed_in(marketer), Api(marketer)
    draft = more_for_prices(marketer)

    def told() -> tuple[str, dict[str, object]]:
        return client.get("/scoring/publish/").content.decode(), api.get(f"scoring-models/{draft.pk}/changes/").json()

    page, body = told()
    assert "was not tried on the real past yet" in page
    assert "Try it first" in page
    assert (body["effect"], body["is_dated"]) == (None, False)
    try_draft(marketer)
    page, body = told()
    assert "Up to 5 leads newly over the threshold wait for release" in page
    assert "Try it first" not in page
    assert (body["effect"]["newly"], body["effect"]["gone"], body["known_against"]) == (5, 0, [1])
    edit_draft(
        settings={"threshold": 99}, rules={}, seen_version=2, by=marketer, at=AT
    )  # a try tells of every threshold
    assert told()[1]["effect"]["gone"] == 3
    edit_draft(settings={}, rules={"webinar": {"points": 30}}, seen_version=3, by=marketer, at=AT)
    page, body = told()
    assert "The rules changed since they were tried" in page
    assert "Try it first" in page
    assert (body["effect"], body["is_dated"], body["known_against"]) == (None, True, [])
    client.post("/scoring/simulations/ask/")
    assert "It is being tried now" in told()[0]


def test_any_two_versions_are_compared_in_words_and_in_effect(marketer: User) -> None:
    make_leads(8, qualified=3)
    more_for_prices(marketer)
    try_draft(marketer)
    publish_draft(reason="More leads.", by=marketer, at=AT)
    edit_draft(settings={"threshold": 40}, rules={"webinar": {"points": 30}}, by=marketer, at=AT)
    third = publish_draft(reason="Fewer again.", by=marketer, at=AT + timedelta(days=1))
    rep = signed_in(UserFactory(rep=True))

    def compared(path: str) -> str:
        return rep.get(f"/scoring/{path}").content.decode()

    assert "Hand over at 40 instead of 12." in compared("v3/")
    far = compared("v3/?against=1")
    assert "Hand over at 40 instead of 50." in far
    assert "30 points instead of 20." in far
    assert "v3 was not tried against v1" in far
    assert "Tried against v1 on 8 leads" in compared("v2/")
    assert "known against v1" in compared("v2/?against=3")
    for odd, is_compared in (("1e400", True), ("%00", True), ("-1", True), ("3", False), ("99", False)):
        found = compared(f"v3/?against={odd}").split('id="compared"')[1]
        assert ("Hand over at" in found) == is_compared
    api, path = Api(UserFactory(rep=True)), f"scoring-models/{third.pk}/changes/"
    said = [
        (each["field"], each["rule"], each["old"], each["new"])
        for each in api.get(path, {"against": 1}).json()["changes"]
    ]
    assert said == [("threshold", "", 50, 40), ("points", "pricing_page", 10, 15), ("points", "webinar", 20, 30)]
    first = ScoringModel.objects.get(number=2)
    effect = api.get(f"scoring-models/{first.pk}/changes/").json()["effect"]
    assert (effect["newly"], effect["newly_leads"]) == (5, [])  # nobody's leads are not shown to a rep
    assert_problem(api.get(path, {"against": "x"}), 400)
    assert_problem(api.get(path, {"against": 9}), 404)


def test_a_draft_is_compared_by_marketing_alone(marketer: User) -> None:
    draft = edit_draft(settings={"threshold": 60}, rules={"webinar": None}, by=marketer, at=AT)
    assert "Attends a webinar: removed." in signed_in(marketer).get("/scoring/v2/").content.decode()
    removed = Api(marketer).get(f"scoring-models/{draft.pk}/changes/").json()["changes"][1]
    assert (removed["field"], removed["rule"], removed["old"]["points"]) == ("removed", "webinar", 20)
    rep = UserFactory(rep=True)
    assert signed_in(rep).get("/scoring/v2/").status_code == 404
    assert 'id="compared"' not in signed_in(rep).get("/scoring/v1/?against=2").content.decode()
    assert_problem(Api(rep).get(f"scoring-models/{draft.pk}/changes/"), 404)
    assert_problem(
        Api(rep).get(f"scoring-models/{ScoringModel.objects.get(number=1).pk}/changes/", {"against": 2}), 404
    )
