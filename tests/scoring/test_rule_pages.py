"""The rules are built in sheets by people who never coded: added, changed, grouped, ordered, gone back to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from scoring.commands.rules import edit_draft, publish_draft
from scoring.enums import ModelState, ScorePart
from scoring.models import ScoringModel, ScoringRule
from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)
RULE: dict[str, Any] = {
    "name": "Has 200 people or more", "part": "fit", "group": "", "counting": "while", "points": "20", "version": "",
    "c0-field": "lead.employee_count", "c0-operator": "at_least", "c0-value": "200", "c0-property": "",
    "c1-field": "lead.seniority", "c1-operator": "in", "c1-value": "Director, Top management", "c1-property": "",
    "e0-types": ["demo_requested"], "e0-times": "2", "e0-days": "7",
}  # fmt: skip


@pytest.fixture
def marketer() -> Client:
    client = Client()
    client.force_login(UserFactory(marketing=True))
    return client


def draft() -> ScoringModel:
    return ScoringModel.objects.get(state=ModelState.DRAFT)


def test_a_rule_is_built_from_rows_in_words(marketer: Client) -> None:
    assert "Only if all of this holds" in marketer.get("/scoring/rules/new/").content.decode()
    assert marketer.post("/scoring/rules/add/", RULE).status_code == 302
    rule = draft().rules.get(code="has_200_people_or_more")
    assert (rule.points, rule.part, rule.counting, rule.event_types) == (20, "fit", "while", [])
    assert rule.conditions == [
        {"field": "lead.employee_count", "is": "at_least", "value": "200"},
        {"field": "lead.seniority", "is": "in", "value": ["director", "c_level"]},
        {"events": ["demo_requested"], "times": 2, "days": 7},
    ]
    page = marketer.get("/scoring/").content.decode()
    for words in (
        "Number of people is at least 200",
        "Level is one of",
        "2 times in 7 days",
        "Has 200 people or more: added.",
    ):
        assert words in page
    sheet = marketer.get("/scoring/rules/has_200_people_or_more/").content.decode()
    assert 'value="Director, Top management"' in sheet
    changed = RULE | {"points": "25", "version": draft().version}
    assert marketer.post("/scoring/rules/has_200_people_or_more/save/", changed).status_code == 302
    assert marketer.post("/scoring/rules/has_200_people_or_more/save/", changed).status_code == 409
    assert marketer.post("/scoring/rules/has_200_people_or_more/remove/").status_code == 302
    assert not ScoringRule.objects.filter(code="has_200_people_or_more").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"c0-value": "many"}, "Use a number."),
        ({"c0-value": "1e400"}, "Use a number."),
        ({"c0-operator": "contains"}, "This field cannot be compared so."),
        ({"c0-field": "lead.email"}, "lead.email"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"points": "9" * 30}, "less than or equal to"),
        (
            {"c0-field": "", "counting": "each", "event_types": ["webinar_attended"], "cap_count": "9" * 30},
            "less than or equal",
        ),
        ({"points": "101"}, "Use between -100 and 100 points."),
        ({"e0-days": "0" * 5 + "400"}, "Use between 0 and 365 days"),
        ({"e0-property": "x" * 10_000}, "at most 100 characters"),
        ({"e0-property": "a\x00b", "e0-value": "1"}, "Null characters are not allowed."),
        ({"e0-property": "topic", "e0-value": ""}, "Say what to compare with."),
        ({"e0-property": "minutes", "e0-operator": "at_least", "e0-value": "1e400"}, "Use a number."),
        ({"e0-often": "seldom"}, "seldom"),
        ({"decay_kind": "half_life", "decay_days": "30"}, "What somebody is does not fade."),
        ({"decay_steps": "30"}, "Write steps as age in days"),
        ({"group": "gone"}, "gone"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(marketer: Client, wrong: dict[str, str], words: str) -> None:
    answer = marketer.post("/scoring/rules/add/", RULE | wrong)
    assert (answer.status_code, words in answer.content.decode()) == (422, True), answer.content.decode()
    assert not ScoringModel.objects.filter(state=ModelState.DRAFT).exists()
    assert marketer.post("/scoring/rules/add/", RULE | wrong | {"again": "1"}).status_code == 200  # while it is typed


def test_what_happened_is_asked_for_a_property_of_it_or_not_to_have_been(marketer: Client) -> None:
    happened = {
        "e0-types": ["webinar_attended"], "e0-days": "90", "e0-property": "topic", "e0-operator": "in",
        "e0-value": "prices, costs", "e1-types": ["demo_requested"], "e1-often": "none", "e1-times": "", "e1-days": "0",
    }  # fmt: skip
    form = RULE | happened | {"c0-field": "", "c1-field": ""}
    answer = marketer.post("/scoring/rules/add/", form | {"again": "1"}).content.decode()
    assert "Attended a webinar where “topic” is one of prices, costs: 2 times in 90 days" in answer
    assert marketer.post("/scoring/rules/add/", form).status_code == 302
    rule = draft().rules.get(code="has_200_people_or_more")
    where = {"field": "property.topic", "is": "in", "value": ["prices", "costs"]}
    assert rule.conditions == [
        {"events": ["webinar_attended"], "times": 2, "days": 90, "where": where},
        {"events": ["demo_requested"], "times": 0, "days": 0},
    ]
    sheet = marketer.get("/scoring/rules/has_200_people_or_more/").content.decode()
    assert 'value="prices, costs"' in sheet
    assert "Asked for a product demo: never" in sheet
    unfinished = form | {"version": draft().version, "e0-value": ""}
    answer = marketer.post("/scoring/rules/has_200_people_or_more/save/", unfinished).content.decode()
    assert "Attended a webinar where “topic” is one of …: 2 times in 90 days" in answer
    kept = form | {"version": draft().version, "e1-days": "30", "e0-property": ""}
    assert marketer.post("/scoring/rules/has_200_people_or_more/save/", kept).status_code == 302
    assert draft().rules.get(code="has_200_people_or_more").conditions[0].keys() == {"events", "times", "days"}
    nothing_chosen = form | {"version": draft().version, "e0-types": [""]}
    answer = marketer.post("/scoring/rules/has_200_people_or_more/save/", nothing_chosen)
    assert (answer.status_code, "Choose at least one thing a lead does." in answer.content.decode()) == (422, True)


def test_further_rows_keep_what_was_typed(marketer: Client) -> None:
    answer = marketer.post("/scoring/rules/add/", RULE | {"more": "1", "name": ""})
    page = answer.content.decode()
    assert (answer.status_code, 'name="c3-field"' in page, 'value="Director, Top management"' in page) == (
        200,
        True,
        True,
    )


def test_a_group_caps_its_rules_and_rules_change_places(marketer: Client) -> None:
    assert (
        marketer.post(
            "/scoring/groups/add/", {"name": "Web", "part": "engagement", "most": "20", "version": ""}
        ).status_code
        == 302
    )
    rule = {"name": "Visits the pricing page", "part": "behaviour", "group": "web", "counting": "each", "points": "15",
            "event_types": ["pricing_page_viewed"], "version": draft().version}  # fmt: skip
    assert marketer.post("/scoring/rules/pricing_page/save/", rule).status_code == 302
    assert draft().rules.get(code="pricing_page").part == ScorePart.ENGAGEMENT
    assert "15 points once each, 20 at most" in marketer.get("/scoring/").content.decode()
    assert marketer.post("/scoring/rules/webinar/move/").status_code == 302
    assert list(draft().rules.values_list("code", flat=True)) == [
        "pricing_page",
        "webinar",
        "whitepaper",
        "demo_request",
    ]
    assert marketer.post("/scoring/groups/web/remove/").status_code == 302
    assert draft().rules.get(code="pricing_page").group is None


def test_limits_of_grades_move_their_neighbours_along(marketer: Client) -> None:
    edit_draft(
        settings={"fit_limits": (5, 15, 30), "interest_limits": (10, 30, 60)},
        rules={},
        by=UserFactory(marketing=True),
        at=NOW,
    )
    form = {
        "threshold": 50, "rearm_margin": 10, "inactivity_points": 10, "inactivity_days": 30, "version": draft().version,
        "inactivity_mode": "once", "floor": "-5", "ceiling": "", "fades_twice": "1",
        **{f"{code}-points": 10 for code in ("pricing_page", "whitepaper", "webinar", "demo_request")},
        "fit_limits-0": 40, "fit_limits-1": 15, "fit_limits-2": 30,
        "interest_limits-0": 10, "interest_limits-1": 30, "interest_limits-2": 60,
    }  # fmt: skip
    assert marketer.post("/scoring/save/", form).status_code == 302
    model = draft()
    assert (model.fit_limits, model.interest_limits) == ([40, 41, 42], [10, 30, 60])
    assert (model.inactivity_mode, model.floor, model.ceiling, model.fades_twice) == ("once", -5, None, True)
    assert marketer.post("/scoring/save/", form | {"version": model.version, "fit_limits-1": ""}).status_code == 302
    assert (draft().fit_limits, draft().interest_limits) == ([], [])
    empty = {f"{name}_limits-{at}": "" for name in ("fit", "interest") for at in range(3)}
    assert (
        marketer.post("/scoring/save/", form | empty | {"version": draft().version, "fit_limits-0": 20}).status_code
        == 302
    )
    assert (draft().fit_limits, draft().interest_limits) == ([20, 21, 30], [20, 40, 60])


def test_one_goes_back_to_an_old_version(marketer: Client) -> None:
    by = UserFactory(marketing=True)
    edit_draft(settings={"threshold": 60}, rules={}, by=by, at=NOW)
    publish_draft(reason="More.", by=by, at=NOW)
    assert "Go back to this version" in marketer.get("/scoring/v1/").content.decode()
    assert marketer.post("/scoring/v1/restore/").status_code == 302
    assert (draft().threshold, draft().number) == (50, 3)
    assert "Hand over at 50 instead of 60." in marketer.get("/scoring/publish/").content.decode()


def test_reps_build_nothing() -> None:
    rep = Client()
    rep.force_login(UserFactory(rep=True))
    for path in ("rules/new/", "rules/webinar/", "groups/new/"):
        assert rep.get(f"/scoring/{path}").status_code == 403
    for path in (
        "rules/add/",
        "rules/webinar/save/",
        "rules/webinar/remove/",
        "rules/webinar/move/",
        "groups/add/",
        "v1/restore/",
    ):
        assert rep.post(f"/scoring/{path}").status_code == 403
