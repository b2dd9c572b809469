"""Versions of the rules by API: drafts, what they may not say, publishing; every row of math.md B23."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import Crossing, LeadScore, ScoringModel
from tests.api.client import Api, assert_problem
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db
DAY_0 = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
PRICING, PAPER, WEBINAR, DEMO = "pricing_page_viewed", "whitepaper_downloaded", "webinar_attended", "demo_requested"
TABLE = [(0, PRICING), (5, PAPER), (10, WEBINAR), (12, DEMO)]
FADING = {"inactivity_points": 0}
CODES = ("pricing_page", "whitepaper", "webinar", "demo_request")


@pytest.fixture
def api(db: None) -> Api:
    return Api(UserFactory(marketing=True))


def draft(api: Api, **wanted: Any) -> Any:
    made = api.post("scoring-models/", {}).json()
    changed = api.patch(f"scoring-models/{made['id']}/", wanted)
    assert changed.status_code == 200, changed.json()
    return changed.json()


def faded(decay: dict[str, Any]) -> dict[str, Any]:
    return {**FADING, "rules": [{"code": code, "decay": decay} for code in CODES]}


def send(api: Api, happened: list[tuple[float, str]]) -> int:
    lead = LeadFactory()
    events = [
        {"idempotency_key": f"{lead.pk}-{number}", "type": kind, "lead": {"id": str(lead.pk)},
         "occurred_at": (DAY_0 + timedelta(days=day)).isoformat()}
        for number, (day, kind) in enumerate(happened)
    ]  # fmt: skip
    answers = api.post("events/", {"events": events}).json()["events"]
    assert {answer["status"] for answer in answers} == {"accepted"}
    return lead.pk


def score(api: Api, lead_id: int, day: float, number: int) -> dict[str, Any]:
    as_of = (DAY_0 + timedelta(days=day)).isoformat()
    answer = api.get(f"leads/{lead_id}/score/", {"as_of": as_of, "model": number})
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 200, body
    assert sum(row["points"] for row in body["contributions"]) == pytest.approx(body["score"])
    return body


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"threshold": 51}, {10: 45, 12: 70, 41: 70, 42: 60, 72: 50, 102: 40, 222: 0}),
        ({"inactivity_mode": "once"}, {10: 45, 12: 70, 41: 70, 42: 60, 72: 60, 102: 60, 222: 60}),
        (faded({"kind": "half_life", "days": 30}), {12: 64.435, 22: 51.142, 23: 49.974, 42: 32.218}),
        (faded({"kind": "linear", "percent": 50}), {12: 70, 42: 35, 72: 0}),
        (faded({"kind": "window", "days": 30}), {12: 70, 41: 25, 42: 0}),
        (faded({"kind": "step", "steps": [[30, 100], [90, 50]]}), {12: 70, 42: 47.5, 102: 12.5, 103: 0}),
    ],
    ids=["step", "once", "half-life", "linear", "window", "by-age"],
)
def test_every_row_of_b23(api: Api, wanted: dict[str, Any], expected: dict[int, float]) -> None:
    number, lead = draft(api, **wanted)["number"], send(api, TABLE)
    found = {day: score(api, lead, day, number)["score"] for day in expected}
    assert {day: round(points, 3) for day, points in found.items()} == expected


@pytest.mark.parametrize(
    ("happened", "cap", "expected"),
    [
        ([(0, DEMO), (1, WEBINAR)], 3, 45),
        ([(0, DEMO), (1, WEBINAR), (2, PRICING)], 3, 55),
        ([(day, PRICING) for day in range(5)], 0, 50),
        ([(day, PRICING) for day in range(5)], 3, 30),
    ],
    ids=["demo+webinar", "and-pricing", "five-uncapped", "five-capped"],
)
def test_the_point_model_is_stricter_than_it_looks(api: Api, happened: Any, cap: int, expected: int) -> None:
    rules = [{"code": code, **({"cap_count": cap} if code == "pricing_page" else {})} for code in CODES]
    model = draft(api, rules=rules)
    assert score(api, send(api, happened), 6, model["number"])["score"] == expected


def test_fit_groups_fast_track_and_grades(api: Api) -> None:
    big = {"code": "big", "name": "Has 200 people or more", "part": "fit", "counting": "while", "points": 20,
           "conditions": [{"field": "lead.employee_count", "operator": "at_least", "value": 200}]}  # fmt: skip
    web = {"code": "web", "name": "Web", "part": "behaviour", "most": 20}
    rules = [{"code": "pricing_page", "group": "web"}, {"code": "whitepaper", "group": "web"}, {"code": "webinar"},
             {"code": "demo_request", "fast_track": True}, big]  # fmt: skip
    model = draft(api, rules=rules, groups=[web], fit_limits=[5, 15, 30], interest_limits=[10, 30, 60])
    assert [rule["code"] for rule in model["rules"]] == [*CODES, "big"]
    assert (model["groups"][0]["most"], model["odd"]) == (20, [])
    published = api.post(
        f"scoring-models/{model['id']}/publish/",
        {"reason": "Fit counts."},
        if_match=f'"{model["id"]}-{model["version"]}"',
    )
    assert published.json()["state"] == "published"
    lead = send(api, TABLE)
    body = score(api, lead, 12, model["number"])
    assert (body["score"], body["behaviour"], body["grade"]) == (65, 65, "C")
    assert [(row["kind"], row["points"]) for row in body["contributions"]][-1] == ("cap", -5)
    assert Crossing.objects.get().fast_track
    api.patch(f"leads/{lead}/", {"employee_count": 250})
    now = api.get(f"leads/{lead}/").json()
    assert (LeadScore.objects.get().fit, now["grade"]) == (20, "C")
    assert [each["id"] for each in api.get("leads/", {"grade": "C"}).json()["results"]] == [str(lead)]
    assert api.get("leads/", {"grade": "A"}).json()["results"] == []


def test_how_often_something_happened_asks_for_a_property_of_it(api: Api) -> None:
    about = {"field": "property.topic", "operator": "is", "value": "price"}
    often = {"events": [WEBINAR], "times": 2, "days": 90, "where": about}
    never = {"events": [DEMO], "times": 0, "days": 0, "where": None}
    keen = {"code": "keen", "name": "Twice", "counting": "while", "points": 25, "conditions": [often, never]}
    model = draft(api, rules=[keen, {"code": "whitepaper"}], **FADING)  # no rule gives points for a webinar
    assert model["rules"][0]["conditions"] == [often, never]
    lead = LeadFactory()
    for number, topic in enumerate(("price", "news", "Price", "price")):
        kind = DEMO if number == 3 else WEBINAR
        event = {"idempotency_key": f"k{number}", "type": kind, "lead": {"id": str(lead.pk)},
                 "occurred_at": (DAY_0 + timedelta(days=number * 10)).isoformat(), "properties": {"topic": topic}}  # fmt: skip
        assert api.post("events/", event).json()["events"][0]["status"] == "accepted"
    assert [score(api, lead.pk, day, model["number"])["score"] for day in (10, 20, 30)] == [0, 25, 0]


def test_a_draft_is_marketings_and_what_was_in_force_is_everybodys(api: Api) -> None:
    model = draft(api, threshold=60)
    rep = Api(UserFactory(rep=True))
    assert [each["number"] for each in rep.get("scoring-models/").json()["results"]] == [1]
    assert [each["number"] for each in api.get("scoring-models/").json()["results"]] == [2, 1]
    assert_problem(rep.get(f"scoring-models/{model['id']}/"), 404)
    assert_problem(rep.post("scoring-models/", {}), 403)
    first = ScoringModel.objects.get(number=1)
    assert_problem(rep.patch(f"scoring-models/{first.pk}/", {"threshold": 1}), 422, "not_a_draft")
    assert_problem(api.post("scoring-models/", {}), 422, "draft_exists")


def lately(**asked: Any) -> dict[str, Any]:
    return {"rules": [{"code": "webinar", "conditions": [{"events": [DEMO], **asked}]}]}


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"threshold": -1}, 422, "threshold_out_of_range"),
        ({"threshold": 10**400}, 400, "unreadable"),
        ({"threshold": "50"}, 400, "invalid"),
        ({"rules": [{"code": "x\u0000"}]}, 400, "unreadable"),
        ({"rules": [{"code": "demo", "points": 5}]}, 422, "refused"),
        ({"groups": [{"code": "new", "name": "G"}]}, 422, "reserved_code"),
        ({"rules": [{"code": "webinar", "points": 5}, {"code": "webinar", "points": 9}]}, 400, "invalid"),
        ({"rules": [{"code": "webinar", "points": 101}]}, 422, "points_out_of_range"),
        ({"rules": [{"code": "webinar", "conditions": [{"field": "lead.email", "operator": "known"}]}]}, 422, "unknown_field"),
        ({"rules": [{"code": "webinar", "conditions": [{"field": "lead.country"}]}]}, 400, "invalid"),
        (
            {"rules": [{"code": "webinar", "conditions": [
                {"field": "lead.employee_count", "operator": "at_least", "value": "1e400"}]}]},
            422, "number_needed",
        ),
        (lately(where={"field": "property.x", "operator": "is", "value": 10**400}), 400, "unreadable"),
        (lately(where={"field": "property.x", "operator": "is", "value": [["a"]]}), 400, "invalid"),
        (lately(where={"field": "property.x", "operator": "is", "value": {"a": 1}}), 400, "invalid"),
        (lately(where={"field": "property.x", "operator": "at_least", "value": "1e400"}), 422, "number_needed"),
        (lately(where={"field": "property." + "x" * 10_000, "operator": "known"}), 400, "invalid"),
        (lately(where={"field": "property.x\x00", "operator": "known"}), 400, "unreadable"),
        (lately(where={"field": "lead.country", "operator": "is", "value": "EE"}), 422, "only_a_property"),
        (lately(where={"field": "property.x"}), 400, "invalid"),
        (lately(where="x"), 400, "invalid"),
        (lately(times="2"), 400, "invalid"),
        (lately(days=366), 422, "lately_out_of_range"),
        (lately(times=-1), 422, "times_out_of_range"),
        ({"rules": [{"code": "webinar", "decay": {"kind": "half_life", "days": 0}}]}, 422, "days_out_of_range"),
        ({"rules": [{"code": "webinar", "decay": {"kind": "step", "steps": [[1]]}}]}, 400, "invalid"),
        ({"groups": [{"code": "g", "name": "G", "least": 5, "most": 1}]}, 422, "least_above_most"),
        ({"fit_limits": [1, 2, 3]}, 422, "limits_needed"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    api: Api, wanted: dict[str, Any], status: int, code: str
) -> None:
    made = api.post("scoring-models/", {}).json()
    assert_problem(api.patch(f"scoring-models/{made['id']}/", wanted), status, code)
    assert api.get(f"scoring-models/{made['id']}/").json() == made


def test_double_punishment_is_told_and_not_published_unless_meant(api: Api) -> None:
    model = draft(api, rules=[{"code": code, "decay": {"kind": "half_life"}} for code in CODES])
    assert {(each["code"], each["blocks"]) for each in model["odd"]} == {("fades_twice", True)}
    path, tag = f"scoring-models/{model['id']}/", {"if_match": f'"{model["id"]}-{model["version"]}"'}
    assert_problem(api.post(f"{path}publish/", {"reason": "Because."}, **tag), 422)
    meant = api.patch(path, {"fades_twice": True})
    assert meant.json()["odd"] == []
    refused = api.post(f"{path}publish/", {"reason": "x"}, if_match=meant.headers["ETag"])
    assert "rules change" in refused.json()["detail"]
    assert_problem(api.post(f"{path}publish/", {"reason": "Because."}, **tag), 412)
    assert api.post(f"{path}publish/", {"reason": "Because."}, if_match=meant["ETag"]).status_code == 200


def test_an_old_version_is_gone_back_to_and_a_draft_forgotten(api: Api) -> None:
    model = draft(api, threshold=60)
    path = f"scoring-models/{model['id']}/"
    assert api.post(f"{path}publish/", {"reason": "More."}, if_match=api.get(path)["ETag"]).status_code == 200
    assert_problem(api.post("scoring-models/", {"number": 9}), 422, "unknown_version")
    back = api.post("scoring-models/", {"number": 1}).json()
    assert (back["number"], back["threshold"], back["state"]) == (3, 50, "draft")
    gone = f"scoring-models/{back['id']}/"
    assert_problem(api.client.delete(api.url(gone)), 428)
    assert_problem(api.delete(gone, if_match=f'"{back["id"]}-0"'), 412)
    assert api.delete(gone).status_code == 204
    assert ScoringModel.objects.count() == 2


def test_versions_are_listed_in_as_many_queries_whatever_their_number(api: Api) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        api.get("scoring-models/")
    draft(api, threshold=60, groups=[{"code": "g", "name": "G"}])
    with CaptureQueriesContext(connection) as two:
        assert len(api.get("scoring-models/").json()["results"]) == 2
    assert len(one) == len(two)


def fit(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": "fit",
        "name": "Fits",
        "part": "fit",
        "counting": "while",
        "points": 5,
        "conditions": list(conditions),
    }


BIG = {"field": "lead.employee_count", "operator": "at_least", "value": 200}
SMALL = {"field": "lead.employee_count", "operator": "at_most", "value": 50}
NOT_THERE = {"field": "lead.country", "operator": "is_not", "value": "US"}


@pytest.mark.parametrize(
    ("wanted", "code", "blocks"),
    [
        ({"rules": [{"code": "webinar"}, fit(BIG, SMALL)]}, "matches_nobody", True),
        ({"rules": [fit(BIG)]}, "out_of_reach", True),
        ({"rules": [{"code": "webinar"}, fit(NOT_THERE)]}, "matches_everybody", False),
    ],
    ids=["contradicts", "nobody reaches the threshold", "matches everybody"],
)
def test_what_nobody_can_have_meant_is_told_and_may_keep_it_from_being_published(
    api: Api, wanted: dict[str, Any], code: str, blocks: bool
) -> None:
    model = draft(api, **wanted)
    assert [(each["code"], each["blocks"]) for each in model["odd"]] == [(code, blocks)]
    assert model["odd"][0]["message"]
    path = f"scoring-models/{model['id']}/"
    answer = api.post(f"{path}publish/", {"reason": "Tried."}, if_match=api.get(path)["ETag"])
    if blocks:
        assert_problem(answer, 422, code)
    else:
        assert answer.status_code == 200
    assert ScoringModel.objects.get(number=2).state == ("draft" if blocks else "published")


def test_a_draft_is_tried_on_a_share_of_the_leads_and_dropped(api: Api) -> None:
    terms = {"percent": 50, "metric": "qualified_of_assigned", "minimum": 100, "reason": "Try it"}
    assert_problem(api.post("scoring-challenges/", terms), 409, "no_draft")
    tried = draft(api, threshold=30)
    reader = Api(UserFactory(rep=True))
    assert_problem(reader.post("scoring-challenges/", terms), 403)
    for wrong in ({"percent": 0}, {"metric": "won"}, {"minimum": "many"}, {"seed": "mine"}):
        assert_problem(api.post("scoring-challenges/", terms | wrong), 400)
    made = api.post("scoring-challenges/", terms)
    assert (made.status_code, made.json()["challenger"]) == (201, tried["id"])
    path = f"scoring-challenges/{made.json()['id']}/"
    result = reader.get(f"{path}result/").json()
    assert (result["verdict"], result["value"], result["minimum"]) == ("too_few", None, 100)
    end = {"ends_as": "kept", "reason": "Enough"}
    assert_problem(api.post(f"{path}end/", end, if_match='"0"'), 412)
    ended = api.post(f"{path}end/", end, if_match=api.get(path).headers["ETag"])
    assert (ended.status_code, ended.json()["ended_as"]) == (200, "kept")
