"""How leads find their rep, what waits, what is offered, and how events come in, by API (S-2, S-9, S-13, FI-006)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import Absence, Holiday, Source, User
from scoring.commands.notices import tell_of_deadlines
from scoring.models import (
    Crossing,
    FormSubmission,
    Handoff,
    HandoffTerms,
    RepShare,
    ScoringModel,
    Territory,
    Trial,
    TrialWeek,
    WebForm,
    Website,
)
from tests.api.client import Api, assert_problem, checksum
from tests.api.test_matrix import HOSTILE
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import NOW, hot_lead
from tests.scoring.test_simulations import make_leads, try_draft

pytestmark = pytest.mark.django_db
NEW = ["territories/", "rep-shares/", "web-forms/", "websites/", "event-types/", "holidays/", "absences/",
       "crossings/release/"]  # fmt: skip
FORM = {"code": "demo", "name": "See it work", "asked": ["email", "company"], "thanks": "We call you."}


def act(api: Api, path: str, action: str, body: Any = None) -> Any:
    return api.post(f"{path}{action}/", body, if_match=api.get(path)["ETag"])


def results(api: Api, path: str, **query: str) -> Any:
    answer = api.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_marketing_says_who_takes_which_leads(marketing_api: Api, api: Api, rep: User) -> None:
    other = UserFactory(rep=True)
    made = marketing_api.post("territories/", {"name": "Nordics", "countries": ["fi", "SE"], "rep": str(rep.pk)})
    assert (made.status_code, made.json()["countries"], made.json()["team"]) == (201, ["FI", "SE"], None)
    path = made["Location"]
    assert api.get(path).json() == made.json()
    assert_problem(marketing_api.post("territories/", {"name": "Nordics", "rep": str(rep.pk)}), 422, "taken")
    assert_problem(marketing_api.patch(path, {"team": str(TeamFactory().pk)}), 422, "team_or_rep")
    assert_problem(marketing_api.patch(path, {"order": 2}, if_match='"1-9"'), 412)
    assert_problem(api.patch(path, {"order": 2}), 403)
    assert marketing_api.patch(path, {"order": 2, "countries": ["FI"]}).json()["order"] == 2
    share = {"rep": str(other.pk), "capacity": 2, "languages": ["ET"]}
    assert marketing_api.post("rep-shares/", share).json() == share | {"languages": ["et"]}
    assert_problem(marketing_api.post("rep-shares/", share | {"capacity": 11}), 422, "out_of_range")
    assert_problem(api.post("rep-shares/", share), 403)
    of_other = f"rep-shares/{other.pk}/"
    read = marketing_api.get(of_other)["ETag"]
    assert marketing_api.patch(of_other, {"languages": []}, if_match=read).json() == share | {"languages": []}
    assert_problem(marketing_api.patch(of_other, {"capacity": 9}, if_match=read), 412)
    assert_problem(marketing_api.patch(of_other, {"capacity": 9}, if_match=""), 428)
    assert_problem(marketing_api.patch(of_other, {"capacity": 11}), 422, "out_of_range")
    assert_problem(api.patch(of_other, {"capacity": 9}), 403)
    shares = {row["rep"]: row["capacity"] for row in results(api, "rep-shares/")}
    assert shares == {str(rep.pk): 1, str(other.pk): 2}
    assert hot_lead(country="FI").handoffs.get().owner == rep
    assert act(marketing_api, path, "archive").json()["archived_at"]
    assert results(api, "territories/") == []
    assert Territory.objects.get().version == 3


def test_terms_are_agreed_on_against_what_was_read(marketing_api: Api, api: Api) -> None:
    first = api.get("handoff-terms/")
    assert first.json() == {
        "version": 1,
        "answer_minutes": 240,
        "remind_minutes": 60,
        "trial_percent": 10,
        "pauses_when_away": False,
    }
    assert_problem(marketing_api.patch("handoff-terms/", {"answer_minutes": 30}), 422, "remind_before_due")
    agreed = marketing_api.patch("handoff-terms/", {"answer_minutes": 120}, if_match=first["ETag"])
    assert (agreed.status_code, agreed.json()["version"], agreed.json()["remind_minutes"]) == (200, 2, 60)
    assert_problem(marketing_api.patch("handoff-terms/", {"trial_percent": 5}, if_match=first["ETag"]), 412)
    assert_problem(api.patch("handoff-terms/", {"trial_percent": 5}), 403)
    for hostile in ("1e400", "maybe\x00", [], {}, None):
        assert_problem(marketing_api.patch("handoff-terms/", {"pauses_when_away": hostile}), 400)
    assert marketing_api.patch("handoff-terms/", {"pauses_when_away": True}).json()["pauses_when_away"] is True
    assert HandoffTerms.objects.get().trial_percent == 10


def test_holidays_and_absences(admin_api: Api, api: Api, other_api: Api, rep: User) -> None:
    day = {"country": "ee", "on": "2026-02-24", "name": "Independence Day"}
    made = admin_api.post("holidays/", day)
    assert (made.status_code, made.json()["country"]) == (201, "EE")
    assert admin_api.post("holidays/", day | {"name": "Vabariigi\naastapäev"}).json()["id"] == made.json()["id"]
    assert [row["name"] for row in results(api, "holidays/", on__gte="2026-02-01", country="EE")] == [
        "Vabariigi aastapäev"
    ]
    assert_problem(api.post("holidays/", day), 403)
    assert_problem(admin_api.post("holidays/", day | {"on": "1999-12-31"}), 422)
    assert_problem(api.client.delete(api.url(f"holidays/{made.json()['id']}/")), 403)
    assert admin_api.client.delete(made["Location"]).status_code == 204
    away = api.post("absences/", {"from_on": "2026-03-02", "to_on": "2026-03-06"})
    assert (away.status_code, away.json()["user"]) == (201, str(rep.pk))
    assert_problem(api.post("absences/", {"from_on": "2026-03-02", "to_on": "2026-03-01"}), 422)
    assert_problem(
        other_api.post("absences/", {"user": str(rep.pk), "from_on": "2026-03-02", "to_on": "2026-03-02"}), 403
    )
    assert_problem(other_api.get(away["Location"]), 404)
    assert_problem(other_api.client.delete(away["Location"]), 404)
    assert api.client.delete(away["Location"]).status_code == 204
    assert (Holiday.objects.count(), Absence.objects.count()) == (0, 0)


def test_a_handoff_is_found_with_who_was_told_and_given_to_another(marketing_api: Api, api: Api, rep: User) -> None:
    lead, other = hot_lead(owner=rep), UserFactory(rep=True, team=TeamFactory())
    tell_of_deadlines(at=NOW + timedelta(days=4))
    found = results(api, "handoffs/", waiting="true")
    assert [(row["lead"], row["owner"], row["answer"]) for row in found] == [(str(lead.pk), str(rep.pk), "")]
    assert [(told["kind"], told["to"]) for told in found[0]["notices"]] == [("escalation", None)]
    path, asked = f"leads/{lead.pk}/", {"owner": str(other.pk), "from_owner": str(rep.pk)}
    assert_problem(act(api, path, "give", asked), 403)
    assert_problem(act(marketing_api, path, "give", {"owner": str(other.pk)}), 422, "given_already")
    assert_problem(act(marketing_api, path, "give", {"owner": "0"}), 422, "cannot_answer_leads")
    given = act(marketing_api, path, "give", asked)
    assert (given.status_code, given.json()["handoff"]["owner"]) == (200, str(other.pk))
    assert results(marketing_api, "handoffs/", owner=str(rep.pk)) == []
    assert act(Api(other), path, "reject", {"reason": "wrong_fit", "note": "Too small"}).status_code == 200
    back = results(marketing_api, "handoffs/", answer="rejected", reason="wrong_fit")
    assert [(row["reason"], row["note"], row["answered_by"]) for row in back] == [
        ("wrong_fit", "Too small", str(other.pk))
    ]


def test_what_waits_is_released_and_twice_is_once(marketing_api: Api, api: Api, rep: User) -> None:
    leads = [hot_lead(waiting="imported", owner=rep) for _ in range(2)]
    waiting = results(marketing_api, "crossings/", state="waiting")
    assert {(row["lead"], row["waiting_reason"], row["handoff"]) for row in waiting} == {
        (str(lead.pk), "imported", None) for lead in leads
    }
    body = {"crossings": [row["id"] for row in waiting]}
    assert_problem(api.post("crossings/release/", body), 403)
    assert_problem(marketing_api.post("crossings/release/", {"crossings": []}), 400)
    released = marketing_api.post("crossings/release/", body).json()["handoffs"]
    assert {row["lead"] for row in released} == {str(lead.pk) for lead in leads}
    assert all(row["due_at"] for row in released)
    assert marketing_api.post("crossings/release/", body).json() == {"handoffs": []}
    assert {row["state"] for row in results(api, "crossings/")} == {"released"}


def offer(rep: User, day: datetime = NOW) -> Trial:
    week, _ = TrialWeek.objects.get_or_create(week_on=day.date(), defaults={"at": NOW, "percent": 10})
    return Trial.objects.create(week=week, lead=LeadFactory(), owner=rep, score=10, drawn_at=NOW)


def test_a_low_score_is_offered_taken_or_left(api: Api, other_api: Api, rep: User) -> None:
    taken, left = (f"leads/{offer(rep).lead_id}/" for _ in range(2))
    assert [row["score"] for row in results(api, "trials/")] == [10, 10] and results(other_api, "trials/") == []
    assert_problem(other_api.post(f"{taken}take/", if_match='"1-1"'), 404)
    assert_problem(api.post(f"{taken}take/"), 428)
    accepted = act(api, taken, "take").json()
    assert (accepted["status"], accepted["owner"]) == ("accepted", str(rep.pk))
    assert act(api, left, "pass").status_code == 200
    assert results(api, "trials/") == []
    assert_problem(act(api, taken, "pass"), 422, "not_offered")


def test_a_form_is_made_changed_closed_and_opened_again(marketing_api: Api, api: Api) -> None:
    Source.objects.create(code="site", name="Site", channel="inbound")
    made = marketing_api.post("web-forms/", FORM)
    assert (made.status_code, made.json()["double_opt_in"], made.json()["source"]) == (201, True, None), made.content
    assert made.json()["address"].endswith("/forms/demo/")
    path = made["Location"]
    assert_problem(marketing_api.post("web-forms/", FORM), 422, "taken")
    assert_problem(marketing_api.post("web-forms/", FORM | {"code": "x y", "asked": ["company"]}), 422)
    assert_problem(marketing_api.patch(path, {"origins": ["javascript:alert(1)"]}), 422, "not_an_origin")
    assert_problem(marketing_api.patch(path, {"name": "Mine"}, if_match='"1-7"'), 412)
    changed = marketing_api.patch(path, {"source": "site", "required": ["company"], "owner": str(api.user.pk)})
    assert (changed.json()["source"], changed.json()["version"]) == ("site", 2)
    for refused in (api.get("web-forms/"), api.get(path), api.get(f"{path}submissions/"), api.post("web-forms/", FORM)):
        assert_problem(refused, 403)
    assert act(marketing_api, path, "close").json()["archived_at"]
    assert results(marketing_api, "web-forms/") == []
    assert act(marketing_api, path, "reopen").json()["archived_at"] is None
    FormSubmission.objects.create(
        form=WebForm.objects.get(), key="k", email="a@example.com", state="waiting", submitted_at=NOW,
        values={"company": "Kiln"},
    )  # fmt: skip
    sent = results(marketing_api, f"{path}submissions/", state="waiting")
    assert [(row["email"], row["values"], row["lead"]) for row in sent] == [
        ("a@example.com", {"company": "Kiln"}, None)
    ]


def test_sites_and_kinds_of_events(marketing_api: Api, api: Api) -> None:
    site = marketing_api.post("websites/", {"name": "Shop", "origins": ["https://shop.example"]})
    assert site.status_code == 201 and len(site.json()["key"]) == 32
    assert_problem(marketing_api.post("websites/", {"name": "Shop", "origins": ["shop"]}), 422, "not_an_origin")
    assert_problem(api.get("websites/"), 403)
    assert act(marketing_api, site["Location"], "close").json()["archived_at"]
    assert act(marketing_api, site["Location"], "reopen").json()["version"] == Website.objects.get().version == 3
    kind = {"code": "video_watched", "name": "Watched a video"}
    assert marketing_api.post("event-types/", kind).status_code == 201
    assert_problem(marketing_api.post("event-types/", kind), 422, "taken")
    assert_problem(marketing_api.post("event-types/", kind | {"code": "Über"}), 422, "not_a_code")
    assert_problem(marketing_api.post("event-types/demo_requested/retire/"), 422, "used_by_rule")
    assert_problem(marketing_api.post("event-types/nothing/retire/"), 404)
    assert_problem(api.post("event-types/video_watched/retire/"), 403)
    for _ in range(2):
        assert marketing_api.post("event-types/video_watched/retire/").json()["retired_at"]
    assert [row["code"] for row in results(api, "event-types/", retired="true")] == ["video_watched"]
    assert marketing_api.post("event-types/video_watched/restore/").json()["retired_at"] is None


def test_a_suggestion_is_taken_into_the_draft(marketing_api: Api) -> None:
    make_leads(240, qualified=100)
    try_draft(marketing_api.user)
    draft = ScoringModel.objects.get(state="draft")
    path = f"scoring-models/{draft.pk}/"
    found = marketing_api.get(f"{path}simulate/").json()["found"]["rules"]
    code, suggested = next((row["code"], row["suggestion"]) for row in found if row["suggestion"])
    taken = act(marketing_api, path, "take-suggestion", {"rule": code})
    assert taken.status_code == 200, taken.content
    points = {rule["code"]: rule["points"] for rule in taken.json()["rules"]}
    assert points[code] == max(-100, min(100, suggested["points"]))
    assert_problem(act(marketing_api, path, "take-suggestion", {"rule": "nothing"}), 422, "nothing_suggested")
    first = f"scoring-models/{ScoringModel.objects.get(number=1).pk}/"
    assert_problem(act(marketing_api, first, "take-suggestion", {"rule": code}), 422, "not_a_draft")


def test_bodies_nobody_can_mean_are_refused_and_change_nothing(admin_api: Api) -> None:
    lead = hot_lead()
    before, tag = checksum(), admin_api.get(f"leads/{lead.pk}/")["ETag"]
    for path in [*NEW, f"leads/{lead.pk}/give/", f"leads/{lead.pk}/take/", f"leads/{lead.pk}/pass/"]:
        for name, body in HOSTILE.items():
            answer = admin_api.post(path, body, if_match=tag)
            assert 400 <= assert_problem(answer, answer.status_code)["status"] < 500, (path, name)
    for query in ("owner=1e400", "waiting=maybe", "due_at__lt=soon", "reason=%00", "x=1", "page_size=0", "ordering=no"):
        assert_problem(admin_api.get(f"/api/v1/handoffs/?{query}"), 400)
    assert checksum() == before


@pytest.mark.parametrize("path", ["handoffs/", "crossings/", "trials/", "territories/", "rep-shares/", "web-forms/",
                                  "holidays/", "absences/"])  # fmt: skip
def test_a_list_costs_the_same_for_one_and_for_three(admin_api: Api, path: str) -> None:
    counts = []
    admin_api.get(path)  # a token notes its first use
    for number in range(3):
        rep = UserFactory(rep=True)
        _one_of_each(rep, number)
        with CaptureQueriesContext(connection) as queries:
            assert len(results(admin_api, path)) >= number + 1
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 5


def _one_of_each(rep: User, number: int) -> None:
    lead, day = hot_lead(owner=rep), datetime(2026, 3, 2 + number, tzinfo=UTC)
    tell_of_deadlines(at=timezone.now())
    offer(rep, day)
    Territory.objects.create(name=f"T{number}", rep=rep, created_at=NOW, recorded_at=NOW)
    RepShare.objects.create(user=rep, capacity=2)
    source = Source.objects.create(code=f"s{number}", name="Site", channel="inbound")
    WebForm.objects.create(
        code=f"f{number}", name="F", asked=["email"], thanks="T", source=source, created_at=NOW, recorded_at=NOW
    )
    Holiday.objects.create(on=day, name="A day")
    Absence.objects.create(user=rep, from_on=day, to_on=day)
    assert Crossing.objects.filter(lead=lead).exists() and Handoff.objects.filter(lead=lead).exists()
