"""Trying rules on the real past: the job in parts, the slider, calibration, by page and API (S-7, S-8)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.lib.errors import NotPermitted
from crm.models import Job, User
from scoring.commands import simulations as commands
from scoring.commands.challenges import end_challenge, start_challenge
from scoring.commands.events import record_events
from scoring.commands.rules import discard_draft, edit_draft, publish_draft
from scoring.commands.simulations import SimulationRefused, ask_simulation, simulate_part
from scoring.enums import ChallengeEnd, ChallengeMetric
from scoring.figures.evidence import get_calibration
from scoring.models import Conversion, Lead, LeadStatusEvent, ScoringModel, Simulation, Trial, TrialWeek
from scoring.queries.simulations import get_past_scores
from tests.api.client import Api, assert_problem
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)
LONG_SINCE = datetime(2026, 11, 1, tzinfo=UTC)  # for what reads the clock itself


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(marketing=True)


def make_leads(count: int, *, qualified: int, at: datetime = AT) -> None:
    """Make leads of half a year ago; the qualified ones asked for a demo, all looked at prices."""
    leads = LeadFactory.create_batch(count)
    events, told = [], []
    for number, lead in enumerate(leads):
        came = at - timedelta(days=170 - number * 7 % 60)
        Lead.objects.filter(pk=lead.pk).update(created_at=came)
        kinds = [PRICING, PAPER, DEMO, WEBINAR] if number < qualified else [PRICING]
        events += [sent(lead, kind, came + timedelta(days=1, minutes=n)) for n, kind in enumerate(kinds)]
        if number < qualified:
            then = came + timedelta(days=20)
            told.append(LeadStatusEvent(lead=lead, new="sql", occurred_at=then, recorded_at=then, via="page"))
    record_events(events=events, by=UserFactory(marketing=True), at=at)
    LeadStatusEvent.objects.bulk_create(told)


def try_draft(by: User, threshold: int = 60, **rules: Any) -> Simulation:
    draft = ScoringModel.objects.filter(state="draft").first()
    draft = draft or edit_draft(settings={"threshold": threshold}, rules=rules, by=by, at=AT)
    tried = ask_simulation(model_id=draft.pk, by=by, at=AT, in_process=True)
    for part_id in tried.parts.values_list("pk", flat=True):
        simulate_part(part_id=part_id, at=AT)
    tried.refresh_from_db()
    return tried


def test_a_try_is_made_in_parts_that_may_run_twice_and_in_any_order(marketer: User, monkeypatch: Any) -> None:
    make_leads(7, qualified=3)
    whole = try_draft(marketer)
    monkeypatch.setattr(commands, "PART", 2)
    tried = ask_simulation(model_id=whole.model_id or 0, by=marketer, at=AT)
    assert ask_simulation(model_id=whole.model_id or 0, by=marketer, at=AT) == tried
    parts = list(tried.parts.order_by("-first").values_list("pk", flat=True))
    assert Job.objects.filter(task="scoring.simulate_part").count() == len(parts) == 4
    edit_draft(settings={"threshold": 99}, rules={}, seen_version=2, by=marketer, at=AT)  # too late to matter
    for part_id in parts[:2] * 2 + parts[2:] * 2:
        simulate_part(part_id=part_id, at=AT)
    tried.refresh_from_db()
    assert tried.finished_at == AT
    assert tried.result == whole.result
    discard_draft(by=marketer, at=AT)
    tried.refresh_from_db()
    assert tried.model is None
    assert tried.number == 2


def test_only_who_writes_rules_may_try_them_and_not_on_nobody(marketer: User) -> None:
    model = ScoringModel.objects.get()
    with pytest.raises(NotPermitted):
        ask_simulation(model_id=model.pk, by=UserFactory(rep=True), at=AT)
    with pytest.raises(SimulationRefused):
        ask_simulation(model_id=model.pk, by=marketer, at=AT)


def test_the_slider_tells_of_every_threshold_and_takes_one_into_the_draft(marketer: User, client: Client) -> None:
    make_leads(60, qualified=25)
    tried = try_draft(marketer, pricing_page={"points": 15})
    client.force_login(marketer)
    address, part = f"/scoring/simulations/{tried.pk}/", {"HX-Request": "true", "HX-Target": "effect"}
    page = client.get(address)
    assert page.context["effect"].threshold == 60
    assert (page.context["effect"].newly, page.context["effect"].gone) == (0, 0)
    with CaptureQueriesContext(connection) as queries:
        moved = client.get(address, {"threshold": "12"}, headers=part)
    assert len(queries) <= 8
    assert b"<html" not in moved.content
    assert moved.context["effect"].newly == 35  # one look at prices is 15 now
    for text in ("1e400", "-5", "\x00", "9" * 50, "٤٠"):
        assert client.get(address, {"threshold": text, "capacity": text}).context["effect"].threshold == 60
    answer = client.post(f"{address}take/", {"threshold": "45"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/scoring/"
    assert ScoringModel.objects.get(state="draft").threshold == 45
    wished = client.get(address, {"capacity": "50", "precision": "90"})
    assert wished.context["suggested"].threshold == 20  # below, those who only looked at prices come too


def test_progress_is_shown_until_the_try_is_ready(marketer: User, client: Client) -> None:
    make_leads(2, qualified=1, at=LONG_SINCE)
    client.force_login(marketer)
    answer = client.post("/scoring/simulations/ask/", follow=True)
    assert b"0 of 2 leads" in answer.content
    tried = Simulation.objects.get()
    Job.objects.update(state="quarantined")
    assert client.get(f"/scoring/simulations/{tried.pk}/").context["progress"].is_stuck
    simulate_part(part_id=tried.parts.get().pk, at=AT)
    polled = client.get(f"/scoring/simulations/{tried.pk}/", headers={"HX-Request": "true"})
    assert polled.status_code == 286


def test_suggested_points_are_taken_one_by_one(marketer: User, client: Client) -> None:
    make_leads(90, qualified=25)
    try_draft(marketer)
    client.force_login(marketer)
    page = client.get("/scoring/calibration/")
    rows = {row["code"]: row for row in page.context["rows"]}
    demo, pricing = rows["demo_request"], rows["pricing_page"]
    assert (demo["evidence"].leads, demo["evidence"].qualified, demo["can_take"]) == (25, 25, True)
    assert pricing["suggestion"] is None  # everybody looked: nothing to compare with
    client.post("/scoring/calibration/take/", {"rule": "demo_request"})
    taken = dict(ScoringModel.objects.get(state="draft").rules.values_list("code", "points"))
    assert taken["demo_request"] == min(100, demo["suggestion"].points)
    for code in ("pricing_page", "nobody", "\x00"):
        client.post("/scoring/calibration/take/", {"rule": code})
    assert dict(ScoringModel.objects.get(state="draft").rules.values_list("code", "points")) == taken
    client.post("/scoring/calibration/take/", {"rule": "webinar", "outcome": "won"})  # nobody was won
    assert dict(ScoringModel.objects.get(state="draft").rules.values_list("code", "points")) == taken
    seller = Client()
    seller.force_login(UserFactory(rep=True))
    assert "simulation" not in seller.get("/scoring/calibration/").context  # of a draft, which is private
    publish_draft(reason="The demo tells.", by=marketer, at=AT)
    assert "simulation" not in seller.get("/scoring/calibration/").context  # what was tried was never in force


def test_what_was_tried_before_a_challenge_still_says_what_scores_meant_after_it(marketer: User) -> None:
    make_leads(3, qualified=1)
    tried = try_draft(marketer)
    terms = {"metric": ChallengeMetric.QUALIFIED_OF_ASSIGNED, "minimum": 10, "reason": "As tried"}
    challenge = start_challenge(percent=50, by=marketer, at=AT, **terms)
    during = get_past_scores(challenge.challenger.number)
    end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.REPLACED, reason="Better", by=marketer, at=AT)
    assert during == get_past_scores(challenge.challenger.number) == ("draft", tried.result["scores"])


def test_a_lead_says_what_its_score_has_meant_once_enough_leads_do(
    marketer: User, client: Client, django_assert_num_queries: Any
) -> None:
    make_leads(90, qualified=25)
    lead = Lead.objects.latest("pk")
    client.force_login(marketer)
    told = "Of 65 leads with 0–24 points, 0 became qualified within 90 days (0% to 6%)."
    assert told not in client.get(f"/leads/{lead.pk}/").content.decode()
    with django_assert_num_queries(8):
        client.get(f"/leads/{lead.pk}/why/")
    try_draft(marketer)
    for path in (f"/leads/{lead.pk}/", f"/leads/{lead.pk}/why/"):
        assert told in client.get(path).content.decode()
    with django_assert_num_queries(8):
        client.get(f"/leads/{lead.pk}/why/")
    with CaptureQueriesContext(connection) as listed:
        client.get("/leads/?list=all")
    assert not any("scoring_simulation" in query["sql"] for query in listed)


def test_too_little_is_said_plainly(marketer: User, client: Client) -> None:
    make_leads(30, qualified=5)
    try_draft(marketer)
    client.force_login(marketer)
    page = client.get("/scoring/calibration/")
    assert page.context["calibration"].is_little
    assert page.context["calibration"].logistic is None
    assert b"Only 5 leads became qualified so far" in page.content
    assert b"Too little for a curve" in page.content


def test_low_scores_drawn_by_lot_stand_apart_and_what_came_qualified_teaches_nothing(
    marketer: User, client: Client
) -> None:
    make_leads(40, qualified=20)
    drawn, undated, converted = Lead.objects.order_by("pk")[20], *Lead.objects.order_by("-pk")[:2]
    week = TrialWeek.objects.create(week_on=date(2026, 10, 5), at=AT, percent=10)
    called_at = drawn.created_at + timedelta(days=40)
    given = {"lead": drawn, "owner": marketer, "score": 10, "drawn_at": called_at, "answered_at": called_at}
    Trial.objects.create(week=week, answer="taken", **given)
    LeadStatusEvent.objects.bulk_create(
        [
            LeadStatusEvent(lead=drawn, old="new", new="accepted", occurred_at=called_at, recorded_at=AT, via="page"),
            LeadStatusEvent(lead=drawn, old="accepted", new="sql", occurred_at=called_at, recorded_at=AT, via="page"),
            *(
                LeadStatusEvent(lead=lead, new="sql", occurred_at=lead.created_at, recorded_at=AT, via="import")
                for lead in (undated, converted)
            ),
        ]
    )
    deal = OpportunityFactory(outcome="won", closed_at=converted.created_at + timedelta(days=60))
    at = converted.created_at + timedelta(days=30)
    Conversion.objects.create(lead=converted, opportunity=deal, at=at, recorded_at=at)
    try_draft(marketer)
    client.force_login(marketer)
    found = client.get("/scoring/calibration/").context["calibration"]
    assert (found.leads, found.qualified, found.drawn_leads, found.has_few_drawn) == (38, 21, 1, True)
    won = get_calibration(Simulation.objects.get().result or {}, codes=[], outcome="won")
    assert (won.leads, won.qualified) == (38, 1)
    page = client.get("/scoring/calibration/", {"outcome": "won"}).content.decode()
    assert "too few to say what low scores are worth" in page
    assert "1 of 38 leads were won within 90 days" in page
    assert "21 of 38 leads became qualified" in client.get("/scoring/calibration/?outcome=%00").content.decode()


def test_by_api(marketer: User) -> None:
    make_leads(40, qualified=20, at=LONG_SINCE)
    api, model = Api(marketer), ScoringModel.objects.get()
    address = f"scoring-models/{model.pk}/simulate/"
    assert_problem(api.get(address), 404)
    asked = api.post(address, idempotency_key="once")
    assert (asked.status_code, asked.json()["found"]) == (202, None)
    assert api.post(address, idempotency_key="once").json() == asked.json()
    simulate_part(part_id=Simulation.objects.get().parts.get().pk, at=AT)
    found = api.get(address, {"threshold": "60"}).json()
    assert (found["progress"], found["threshold"], found["threshold_in_force"]) == (1.0, 60, 50)
    assert [row["scheme"] for row in found["found"]["quality"]] == ["draft", "published", "fit"]
    assert found["found"]["draft"]["precision"] == 1.0
    assert sum(band["leads"] for band in found["found"]["bands"]) == 40
    won = api.get(address, {"outcome": "won"}).json()
    assert (won["outcome"], won["found"]["quality"][0]["qualified"]) == ("won", 0)
    assert found["found"]["suggested"] is None
    wished = api.get(address, {"capacity": "40", "precision": "90", "hours_a_lead": "3"}).json()["found"]
    row = wished["suggested"]
    assert row in wished["thresholds"] and row["precision"] == 1.0
    assert abs(row["hours_a_week"] - 3 * row["a_week"]) < 1e-5
    for wrong in ({"threshold": "1e400"}, {"outcome": "lost"}, {"capacity": "-1"}):
        assert_problem(api.get(address, wrong), 400)
    assert_problem(Api(UserFactory(rep=True)).post(address), 403)
