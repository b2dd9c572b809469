"""Leads, scores and events by API."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.lib.errors import NotPermitted
from crm.models import User
from pipeline.models import Opportunity
from scoring.commands.events import record_events
from scoring.commands.rules import edit_draft
from scoring.models import Handoff, Lead, LeadEvent, LeadScore
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
CONVERTS = {"first_meeting_at": "2026-04-01T09:00:00Z", "deal_type": "expansion"}


def event(key: str, type: str, on: date, **lead: str) -> dict[str, Any]:
    return {"idempotency_key": key, "type": type, "occurred_at": f"{on}T10:00:00Z", "lead": lead}


def act(api: Api, lead: Lead, action: str, body: Any = None, **headers: str) -> Any:
    headers.setdefault("if_match", api.get(f"leads/{lead.pk}/")["ETag"])
    return api.post(f"leads/{lead.pk}/{action}/", body, **headers)


@pytest.fixture
def lead(rep: User) -> Lead:
    return LeadFactory(owner=rep)


@pytest.fixture
def handed(lead: Lead) -> Lead:
    """A lead over the threshold, in its owner's hands."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    done = ("demo_requested", "webinar_attended", "whitepaper_downloaded")
    record_events(events=[sent(lead, kind, at) for kind in done], by=None, at=at)
    assert Handoff.objects.filter(lead=lead, answered_at=None).exists()
    return lead


class TestScore:
    @pytest.fixture
    def scored(self, lead: Lead, marketing_api: Api) -> Lead:
        events = [
            event("b23-1", "pricing_page_viewed", START, email=str(lead.email)),
            event("b23-2", "whitepaper_downloaded", START + timedelta(days=5), email=str(lead.email)),
            event("b23-3", "webinar_attended", START + timedelta(days=10), email=str(lead.email)),
            event("b23-4", "demo_requested", START + timedelta(days=12), email=str(lead.email)),
        ]
        answer = marketing_api.post("events/", {"events": events})
        assert answer.status_code == 202
        assert [one["status"] for one in answer.json()["events"]] == ["accepted"] * 4
        return lead

    @pytest.mark.parametrize(
        ("day", "score"), [(10, 45), (12, 70), (41, 70), (42, 60), (72, 50), (102, 40), (222, 0), (300, 0)]
    )
    def test_the_step_column_of_b23(self, api: Api, scored: Lead, day: int, score: int) -> None:
        answer = api.get(f"leads/{scored.pk}/score/", {"as_of": str(START + timedelta(days=day))})
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert body["score"] == score
        assert body["fit"] + body["behaviour"] + body["engagement"] + body["inactivity"] == score
        assert sum(contribution["points"] for contribution in body["contributions"]) == score

    def test_it_says_what_it_rests_on(self, api: Api, scored: Lead) -> None:
        body = api.get(f"leads/{scored.pk}/score/", {"as_of": "2026-01-13T12:00:00Z"}).json()
        assert (body["grade"], body["model_version"], body["threshold"]) == (None, 1, 50)
        assert (body["next_change_at"], body["next_score"]) == ("2026-02-12T00:00:00Z", 60)
        assert body["as_of"] == "2026-01-13T12:00:00Z"
        assert body["contributions"][0]["name"] and body["contributions"][0]["event"].isdigit()

    def test_the_curve_ends_at_the_score_and_each_step_is_the_sum_of_its_causes(
        self, api: Api, scored: Lead, django_assert_num_queries: Any
    ) -> None:
        path = f"leads/{scored.pk}/score/curve/"
        api.get(path)
        with django_assert_num_queries(6):  # token, origin, reach, the lead, the rules, what it did
            body = api.get(path, {"as_of": str(START + timedelta(days=80))}).json()
        steps = [(step["after"], *(effect["points"] for effect in step["effects"])) for step in body["shifts"]]
        assert steps == [(10, 10), (25, 15), (45, 20), (70, 25), (60, -10), (50, -10)]
        assert (body["begin"], body["score"], body["next_fall"]["after"]) == (0, 50, 40)
        assert [effect["kind"] for effect in body["next_fall"]["effects"]] == ["inactivity"]
        assert_problem(api.get(path, {"as_of": "soon"}), 400)

    def test_what_was_not_known_then_is_left_out(self, api: Api, scored: Lead) -> None:
        query = {"as_of": "2026-01-13", "known_at": "2026-01-13"}
        assert api.get(f"leads/{scored.pk}/score/", query).json()["score"] == 0

    @pytest.mark.parametrize(
        "query",
        ["as_of=yesterday", "as_of=2026-02-30", "as_of=", "model=0", "model=one", "model=99", "model=1e3", "x=1",
         "as_of=2026-01-01&as_of=2026-01-02"],
    )  # fmt: skip
    def test_a_wrong_question_is_refused(self, api: Api, scored: Lead, query: str) -> None:
        assert_problem(api.get(f"/api/v1/leads/{scored.pk}/score/?{query}"), 400)

    def test_a_draft_of_the_rules_is_for_those_who_may_change_them(
        self, api: Api, marketing_api: Api, scored: Lead
    ) -> None:
        at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        edit_draft(settings={"threshold": 33}, rules={}, by=marketing_api.user, at=at)
        path = f"leads/{scored.pk}/score/"
        assert marketing_api.get(path, {"model": 2}).json()["threshold"] == 33
        assert_problem(api.get(path, {"model": 2}), 400)

    def test_the_lead_carries_the_stored_score(self, api: Api, scored: Lead) -> None:
        assert api.get(f"leads/{scored.pk}/").json()["score"] == Lead.objects.get(pk=scored.pk).score.score


class TestLeads:
    def test_a_lead_has_exactly_these_fields(self, api: Api, lead: Lead) -> None:
        assert set(api.get(f"leads/{lead.pk}/").json()) == {
            "id", "external_id", "version", "created_at", "recorded_at", "archived_at", "first_name", "last_name",
            "email", "phone", "company", "job_title", "seniority", "industry", "employee_count", "country",
            "technologies", "channel", "source", "campaign", "approach", "owner", "status", "account", "contact",
            "score", "grade", "next_change_at", "handoff",
        }  # fmt: skip

    def test_a_new_lead_is_the_sellers_own_and_nobodys_from_marketing(self, api: Api, marketing_api: Api) -> None:
        made = api.post("leads/", {"last_name": "Tamm"})
        assert (made.status_code, made.json()["owner"]) == (201, str(api.user.pk))
        assert api.get(made["Location"]).status_code == 200
        assert marketing_api.post("leads/", {"last_name": "Kask"}).json()["owner"] is None

    def test_another_teams_lead_is_not_there(self, api: Api, other_api: Api, lead: Lead) -> None:
        assert api.get("leads/").json()["results"]
        assert other_api.get("leads/").json()["results"] == []
        before = checksum()
        tag = f'"{lead.pk}-1"'
        for answer in (
            other_api.get(f"leads/{lead.pk}/"),
            other_api.get(f"leads/{lead.pk}/score/"),
            other_api.patch(f"leads/{lead.pk}/", {"city": "a"}, if_match=tag),
            *(
                other_api.post(f"leads/{lead.pk}/{action}/", {}, if_match=tag)
                for action in ("accept", "reject", "convert")
            ),
        ):
            assert_problem(answer, 404, "not_found")
        assert checksum() == before

    def test_a_lead_nobody_owns_is_marketings(self, api: Api, marketing_api: Api) -> None:
        lead = LeadFactory(owner=None)
        assert_problem(api.get(f"leads/{lead.pk}/"), 404)
        assert marketing_api.get(f"leads/{lead.pk}/").status_code == 200

    def test_a_lead_is_added_and_changed(self, marketing_api: Api) -> None:
        body = {"first_name": "Kertu", "email": "Kertu@Example.com", "company": "Dairy", "job_title": "CEO"}
        made = marketing_api.post("leads/", body)
        assert made.status_code == 201, made.content
        record = made.json()
        assert (record["email"], record["status"], record["seniority"], record["score"]) == (
            "kertu@example.com", "new", "c_level", 0,
        )  # fmt: skip
        changed = marketing_api.patch(f"leads/{record['id']}/", {"company": "Dairy Ltd"})
        assert (changed.status_code, changed.json()["company"]) == (200, "Dairy Ltd")

    @pytest.mark.parametrize(
        ("body", "status"),
        [({}, 422), ({"email": "nobody"}, 400), ({"status": "sql", "email": "a@example.com"}, 400),
         ({"score": 99, "email": "a@example.com"}, 400), ({"email": 5}, 400),
         ({"email": "a@example.com", "channel": "tv"}, 400)],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_lead_is_not_added(self, marketing_api: Api, body: Any, status: int) -> None:
        before = checksum()
        assert_problem(marketing_api.post("leads/", body), status)
        assert checksum() == before

    def test_an_email_belongs_to_one_lead(self, marketing_api: Api, lead: Lead) -> None:
        problem = assert_problem(marketing_api.post("leads/", {"email": lead.email}), 422, "taken")
        assert list(problem["errors"]) == ["email"]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_list_costs_the_same_for_one_and_for_three(
        self, api: Api, rep: User, rows: int, django_assert_num_queries: Any
    ) -> None:
        api.get("leads/")
        for _row in range(rows):
            LeadFactory(owner=rep)
        with django_assert_num_queries(4):  # the token, what its person reaches, the list, its handoffs
            assert len(api.get("leads/", {"ordering": "-score"}).json()["results"]) == rows

    def test_filters_and_words(self, api: Api, rep: User, handed: Lead) -> None:
        LeadFactory(owner=rep, last_name="Õun", company="Orchard")
        for query in ({"status": "mql"}, {"score__gte": "50"}, {"email": str(handed.email).upper()}):
            assert [row["id"] for row in api.get("leads/", query).json()["results"]] == [str(handed.pk)], query
        assert [row["last_name"] for row in api.get("leads/", {"search": "oun orch"}).json()["results"]] == ["Õun"]


class TestDecisions:
    def test_accepting_makes_it_its_holders(self, api: Api, handed: Lead) -> None:
        before = api.get(f"leads/{handed.pk}/").json()
        assert before["handoff"]["owner"] == str(api.user.pk)
        accepted = act(api, handed, "accept")
        assert accepted.status_code == 200, accepted.content
        assert (accepted.json()["status"], accepted.json()["handoff"]) == ("accepted", None)

    def test_rejecting_until_a_day_and_finding_what_waits(self, api: Api, handed: Lead) -> None:
        def found(query: str) -> list[str]:
            return [each["id"] for each in api.get(f"leads/?{query}").json()["results"]]

        handoff = handed.handoffs.get()
        owner, due = handoff.owner_id, (handoff.due_at + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for query in ("waiting=true", f"handoff_owner={owner}", f"handoff_due__lt={due}"):
            assert found(query) == [str(handed.pk)], query
        assert (
            found("waiting=false")
            == found("handoff_owner=999999")
            == found("handoff_due__lt=2020-01-01T00:00:00Z")
            == []
        )
        for wrong in ("waiting=1e400", "handoff_owner=abc", "handoff_due__lt=soon"):
            assert api.get(f"leads/?{wrong}").status_code == 400, wrong
        for day, status in (("2020-01-01", 422), ("soon", 400), ("9999-01-01", 400), ("2090-01-01", 422)):
            assert act(api, handed, "reject", {"reason": "not_now", "recycle_on": day}).status_code == status, day
        day = (datetime.now(UTC) + timedelta(days=30)).date()
        assert act(api, handed, "reject", {"reason": "wrong_fit", "recycle_on": str(day)}).status_code == 422
        assert act(api, handed, "reject", {"reason": "not_now", "recycle_on": str(day)}).status_code == 200
        assert handed.handoffs.get().recycle_on == day

    @pytest.mark.parametrize(("reason", "status"), [("not_now", "recycled"), ("wrong_fit", "disqualified")])
    def test_rejecting_names_a_reason(self, api: Api, handed: Lead, reason: str, status: str) -> None:
        rejected = act(api, handed, "reject", {"reason": reason, "note": "Next year"})
        assert (rejected.status_code, rejected.json()["status"]) == (200, status)

    @pytest.mark.parametrize(
        ("action", "body", "status"),
        [("reject", {}, 400), ("reject", {"reason": "mood"}, 422), ("reject", {"reason": 5}, 400), ("convert", {}, 400),
         ("convert", {"deal_type": "new_business"}, 422),
         ("convert", {"first_meeting_at": "soon"}, 400), ("accept", {"now": True}, 400),
         ("convert", CONVERTS | {"amount": {"amount": "-1", "currency": "EUR"}}, 400),
         ("convert", CONVERTS | {"account": "99999"}, 400), ("convert", CONVERTS | {"deal_type": ""}, 400)],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_decision_changes_nothing(
        self, api: Api, handed: Lead, action: str, body: Any, status: int
    ) -> None:
        before = checksum()
        assert_problem(act(api, handed, action, body), status)
        assert checksum() == before

    def test_a_decision_is_made_against_a_version(self, api: Api, handed: Lead) -> None:
        before = checksum()
        for action in ("accept", "reject", "convert"):
            assert_problem(act(api, handed, action, {}, if_match=""), 428)
            assert_problem(act(api, handed, action, {}, if_match=f'"{handed.pk}-99"'), 412)
        assert checksum() == before

    def test_nothing_handed_over_is_refused(self, api: Api, lead: Lead) -> None:
        assert_problem(act(api, lead, "accept"), 422, "no_open_handoff")

    def test_converting_makes_everything_or_nothing(self, api: Api, handed: Lead) -> None:
        body = CONVERTS | {"amount": {"amount": "5000.00", "currency": "EUR"}}
        converted = act(api, handed, "convert", body, idempotency_key="c1")
        assert converted.status_code == 200, converted.content
        result = converted.json()
        deal = Opportunity.objects.get(pk=result["opportunity"])
        assert (deal.owner_id, str(deal.account_id), deal.contact_id) == (
            api.user.pk,
            result["account"],
            int(result["contact"]),
        )
        assert (deal.lead_created_at, deal.deal_type) == (handed.created_at, "expansion")
        again = act(api, handed, "convert", body, idempotency_key="c1")
        assert again.json() == result
        assert Opportunity.objects.count() == 1

    def test_the_type_of_a_deal_is_asked_for_and_never_guessed(self, api: Api, handed: Lead) -> None:
        before = checksum()
        untyped = {"first_meeting_at": CONVERTS["first_meeting_at"]}
        problem = assert_problem(act(api, handed, "convert", untyped), 400, "invalid")
        assert list(problem["errors"]) == ["deal_type"]
        assert checksum() == before
        without_deal = act(api, handed, "convert", {"opens_deal": False})
        assert (without_deal.status_code, without_deal.json()["opportunity"]) == (200, None)

    def test_marketing_may_not_decide(self, marketing_api: Api, handed: Lead) -> None:
        before = checksum()
        assert_problem(act(marketing_api, handed, "accept"), 403, "not_permitted")
        assert checksum() == before


class TestEvents:
    def test_one_event_is_one_answer(self, marketing_api: Api, lead: Lead) -> None:
        answer = marketing_api.post("events/", event("k1", "demo_requested", START, id=str(lead.pk)))
        stored = LeadEvent.objects.get()
        assert (answer.status_code, answer.json()) == (
            202,
            {
                "events": [
                    {
                        "idempotency_key": "k1",
                        "status": "accepted",
                        "event": str(stored.pk),
                        "lead": str(lead.pk),
                        "why": [],
                    }
                ]
            },
        )
        assert (stored.via, stored.lead_id) == ("api", lead.pk)

    def test_the_same_key_again_is_a_duplicate_for_ever(self, marketing_api: Api, api: Api, lead: Lead) -> None:
        body = event("k1", "demo_requested", START, id=str(lead.pk))
        statuses = [
            each.post("events/", body).json()["events"][0]["status"] for each in (marketing_api, marketing_api, api)
        ]
        assert statuses == ["accepted", "duplicate", "duplicate"]
        assert LeadEvent.objects.count() == 1

    def test_a_bad_event_does_not_hold_up_the_others(self, marketing_api: Api, lead: Lead) -> None:
        good = event("good", "demo_requested", START, id=str(lead.pk))
        bad: list[Any] = [
            5, None, "event", {}, {**good, "type": "danced"}, {**good, "type": 5}, {**good, "occurred_at": "yesterday"},
            {**good, "occurred_at": "2190-01-01T00:00:00Z"}, {**good, "lead": {}}, {**good, "lead": "x"},
            {**good, "lead": {"id": "99999999"}}, {**good, "lead": {"external_id": "nobody"}},
            {**good, "lead": {"email": "no address"}}, {**good, "idempotency_key": ""},
            {**good, "idempotency_key": "k" * 201}, {**good, "properties": []},
            {**good, "properties": {"text": "a" * 30_000}}, {**good, "score": 100},
            {**good, "lead": {"id": int(lead.pk)}},
        ]  # fmt: skip
        answer = marketing_api.post("events/", {"events": [*bad, good]})
        assert answer.status_code == 202
        answers = answer.json()["events"]
        assert [one["status"] for one in answers] == ["rejected"] * len(bad) + ["accepted"]
        assert all(one["why"] and one["why"][0]["message"] for one in answers[:-1])
        assert LeadEvent.objects.count() == 1

    def test_an_unknown_email_becomes_a_lead(self, marketing_api: Api) -> None:
        body = event("k1", "demo_requested", START, email="New@Example.com") | {"properties": {"source": "fair"}}
        made = marketing_api.post("events/", body).json()["events"][0]
        lead = Lead.objects.get(email="new@example.com")
        assert (made["lead"], lead.status, lead.source.code) == (str(lead.pk), "new", "fair")

    def test_an_unknown_visitor_is_remembered(self, marketing_api: Api) -> None:
        answer = marketing_api.post("events/", event("k1", "page_viewed", START, visitor="v-1")).json()["events"][0]
        assert (answer["status"], answer["lead"]) == ("accepted", None)

    @pytest.mark.parametrize(
        "body",
        [[], {"events": []}, {"events": {}}, {"events": None}, {"events": [{}] * 1001}, {"events": [], "x": 1}],
        ids=lambda b: str(b)[:20],
    )
    def test_what_is_no_batch_is_refused(self, marketing_api: Api, body: Any) -> None:
        assert_problem(marketing_api.post("events/", body), 400, "invalid")

    def test_a_thousand_events_are_one_batch(self, marketing_api: Api, lead: Lead) -> None:
        events = [event(f"k{number}", "page_viewed", START, id=str(lead.pk)) for number in range(1000)]
        answers = marketing_api.post("events/", {"events": events}).json()["events"]
        assert {one["status"] for one in answers} == {"accepted"}
        assert LeadEvent.objects.count() == 1000

    @pytest.mark.parametrize(
        ("scope", "status"), [("events:write", 202), ("write", 202), ("read", 403), ("reports:read", 403)]
    )
    def test_a_scope_of_its_own(self, marketer: User, scope: str, status: int) -> None:
        assert (
            Api(marketer, scope).post("events/", event("k1", "page_viewed", START, visitor="v")).status_code == status
        )

    def test_a_rep_reaches_no_lead_of_another_team_by_its_id(self, other_api: Api, lead: Lead) -> None:
        before = checksum()
        answer = other_api.post("events/", event("k1", "demo_requested", START, id=str(lead.pk))).json()["events"][0]
        assert (answer["status"], answer["why"][0]["code"], answer["lead"]) == ("rejected", "unknown_lead", None)
        assert checksum() == before

    def test_an_email_is_enough_to_send_an_event_and_shows_nothing(self, other_api: Api, lead: Lead) -> None:
        for key, email in (("k1", str(lead.email)), ("k2", "new@example.com"), ("k3", "new@example.com")):
            answer = other_api.post("events/", event(key, "demo_requested", START, email=email)).json()["events"][0]
            assert (answer["status"], answer["why"], answer["lead"]) == ("accepted", [], None)

    def test_contributors_send_nothing(self) -> None:
        with pytest.raises(NotPermitted):
            Api(UserFactory(contributor=True), "events:write")


def test_a_lead_alone_and_in_a_list_has_the_score_of_now_though_no_job_ran(api: Api, lead: Lead) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    record_events(events=[sent(lead, "demo_requested", at)], by=None, at=at)
    assert LeadScore.objects.get(lead=lead).score == 25
    (listed,) = api.get("leads/").json()["results"]
    assert (listed["score"], api.get(f"leads/{lead.pk}/").json()["score"]) == (0, 0)
