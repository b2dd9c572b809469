"""The rules: drafts, publishing, and that publishing tells nobody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.jobs import find_job
from crm.models import Job
from scoring import tasks  # noqa: F401  (registers the job)
from scoring.commands.events import record_events
from scoring.commands.rules import RulesRefused, discard_draft, edit_draft, publish_draft
from scoring.enums import ModelState
from scoring.models import Crossing, Handoff, LeadScore, ScoringModel
from scoring.queries.rules import get_rulebook
from scoring.queries.scores import get_score
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)  # after the first version was published by the migration


def lower_threshold(to: int = 40, seen_version: int | None = None, **given: object) -> ScoringModel:
    by = given.pop("by", None) or UserFactory(marketing=True)
    return edit_draft(settings={"threshold": to}, rules={}, seen_version=seen_version, by=by, at=NOW)  # type: ignore[arg-type]


def test_a_draft_copies_what_is_published_and_scores_nobody() -> None:
    marketer = UserFactory(marketing=True)
    draft = edit_draft(settings={}, rules={"webinar": {"points": 30}}, by=marketer, at=NOW)
    assert (draft.number, draft.state, draft.threshold, draft.version) == (2, ModelState.DRAFT, 50, 2)
    assert dict(draft.rules.values_list("code", "points")) == {
        "pricing_page": 10, "whitepaper": 15, "webinar": 30, "demo_request": 25,
    }  # fmt: skip
    assert get_rulebook().model.number == 1


def test_two_people_cannot_overwrite_each_others_draft() -> None:
    lower_threshold(40)
    with pytest.raises(StaleRecord):
        lower_threshold(45)
    assert lower_threshold(45, seen_version=2).version == 3
    with pytest.raises(StaleRecord):
        lower_threshold(30, seen_version=2)


@pytest.mark.parametrize(
    ("settings", "rules", "field"),
    [
        ({"threshold": 0}, {}, "threshold"),
        ({"rearm_margin": 50}, {}, "rearm_margin"),
        ({"inactivity_days": 0}, {}, "inactivity_days"),
        ({}, {"webinar": {"points": 101}}, "webinar-points"),
        ({}, {"webinar": {"cap_count": -1}}, "webinar-cap_count"),
    ],
)
def test_numbers_out_of_range_are_refused_by_field(
    settings: dict[str, int], rules: dict[str, dict[str, int]], field: str
) -> None:
    with pytest.raises(RulesRefused) as refused:
        edit_draft(settings=settings, rules=rules, by=UserFactory(marketing=True), at=NOW)
    assert refused.value.field == field
    assert not ScoringModel.objects.filter(state=ModelState.DRAFT).exists()


def test_publishing_needs_a_change_and_a_reason_and_makes_a_version() -> None:
    marketer = UserFactory(marketing=True)
    with pytest.raises(RulesRefused, match="no_draft"):
        publish_draft(reason="Because.", by=marketer, at=NOW)
    lower_threshold(50)
    with pytest.raises(RulesRefused, match="nothing_changed"):
        publish_draft(reason="Because.", by=marketer, at=NOW)
    lower_threshold(40, seen_version=2)
    with pytest.raises(RulesRefused, match="change_reason_needed"):
        publish_draft(reason=" ", by=marketer, at=NOW)
    published = publish_draft(reason="Sales asked for more.", by=marketer, at=NOW, seen_version=3)
    assert list(ScoringModel.objects.order_by("number").values_list("number", "state")) == [
        (1, "retired"),
        (2, "published"),
    ]
    assert (published.published_at, published.published_by, published.reason) == (
        NOW,
        marketer,
        "Sales asked for more.",
    )
    assert Job.objects.get().key == f"scoring.apply_model:{published.pk}"


def test_reps_and_managers_only_read() -> None:
    rep = UserFactory(rep=True)
    for refused in (
        lambda: lower_threshold(by=rep),
        lambda: discard_draft(by=rep, at=NOW),
        lambda: publish_draft(reason="x" * 9, by=rep, at=NOW),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_whom_new_rules_bring_over_the_threshold_waits_and_history_keeps_its_rules() -> None:
    UserFactory(rep=True)
    lead, fresh = LeadFactory(), LeadFactory()
    for each in (lead, fresh):
        record_events(events=[sent(each, DEMO, NOW), sent(each, WEBINAR, NOW)], by=None, at=NOW)  # 45
    assert not Crossing.objects.exists()
    lower_threshold(40)
    later = NOW + timedelta(hours=1)
    publish_draft(reason="Sales asked for more.", by=UserFactory(marketing=True), at=later)
    assert Job.objects.count() == 1
    for _ in range(2):  # a job may run again
        for asked in Job.objects.order_by("pk"):  # then come the parts it asked for
            spec = find_job(asked.task)
            assert spec is not None
            spec.function(**asked.kwargs, at=later + timedelta(minutes=1))
    assert list(Crossing.objects.values_list("state", "waiting_reason")) == [("waiting", "published")] * 2
    assert not Handoff.objects.exists()
    assert set(LeadScore.objects.values_list("model__number", flat=True)) == {2}
    assert [get_score(lead.pk, as_of=moment)[1].model.number for moment in (NOW, later)] == [1, 2]


def test_an_event_between_publication_and_the_job_tells_nobody_about_the_past() -> None:
    UserFactory(rep=True)
    past, new = LeadFactory(), LeadFactory()
    record_events(events=[sent(past, DEMO, NOW), sent(past, WEBINAR, NOW), sent(new, DEMO, NOW)], by=None, at=NOW)
    lower_threshold(40)
    later = NOW + timedelta(hours=1)
    publish_draft(reason="Sales asked for more.", by=UserFactory(marketing=True), at=later)
    after = later + timedelta(minutes=5)
    record_events(events=[sent(past, PRICING, after), sent(new, WEBINAR, after)], by=None, at=after)
    found = dict(Crossing.objects.values_list("lead_id", "state"))
    assert found == {past.pk: "waiting", new.pk: "handed_over"}


def test_the_page_is_read_by_all_and_changed_by_marketing() -> None:
    rep, marketer = Client(), Client()
    rep.force_login(UserFactory(rep=True))
    marketer.force_login(UserFactory(marketing=True))
    assert "Visits the pricing page" in rep.get("/scoring/").content.decode()
    assert "Hand over at" in rep.get("/scoring/").content.decode()
    assert rep.post("/scoring/save/", {}).status_code == 403
    assert rep.get("/scoring/publish/").status_code == 403
    points = {"pricing_page": 15, "whitepaper": 15, "webinar": 20, "demo_request": 25}
    form = {
        "threshold": 55, "rearm_margin": 10, "inactivity_points": 15, "inactivity_days": 30, "version": "",
        **{f"{code}-points": number for code, number in points.items()},
        **{f"{code}-cap_count": 3 for code in points},
    }  # fmt: skip
    assert marketer.post("/scoring/save/", form).status_code == 302
    page = marketer.get("/scoring/").content.decode()
    for words in (
        "Hand over at 55 instead of 50.",
        "Visits the pricing page: 15 points instead of 10.",
        "3 changes from v1",
    ):
        assert words in page
    assert "Draft v2" not in rep.get("/scoring/").content.decode()
    assert marketer.post("/scoring/save/", form).status_code == 409
    wrong = marketer.post("/scoring/save/", form | {"threshold": "many", "version": 2})
    assert wrong.status_code == 422
    assert marketer.post("/scoring/published/", {"version": 2, "reason": ""}).status_code == 422
    done = marketer.post("/scoring/published/", {"version": 2, "reason": "Sales asked."})
    assert done.headers["Location"] == "/scoring/"
    assert "v2 in force" in rep.get("/scoring/").content.decode()
    assert "Sales asked." in rep.get("/scoring/v2/").content.decode()
    assert rep.get("/scoring/v9/").status_code == 404


def test_a_draft_can_be_discarded() -> None:
    marketer = UserFactory(marketing=True)
    lower_threshold(by=marketer)
    client = Client()
    client.force_login(marketer)
    client.post("/scoring/discard/", {"version": "99"})  # somebody changed it since
    assert ScoringModel.objects.count() == 2
    sheet = client.get("/scoring/discard/").content.decode()
    assert "instead of 50" in sheet and ScoringModel.objects.count() == 2  # it says what is lost, and asks first
    version = re.search(r'name="version" value="(\d+)"', sheet)
    assert version and client.post("/scoring/discard/", {"version": version[1]}).status_code == 302
    assert ScoringModel.objects.count() == 1


@pytest.mark.parametrize("threshold", ["-1", "0", "1e400", "", "\x00", "9" * 30, "fifty"])
def test_a_threshold_that_is_none_is_said_at_its_field_and_nothing_is_kept(threshold: str) -> None:
    client = Client()
    client.force_login(UserFactory(marketing=True))
    form = {
        "threshold": threshold, "rearm_margin": 10, "inactivity_points": 15, "inactivity_days": 30, "version": "",
        **{f"{code}-points": 10 for code in ("pricing_page", "whitepaper", "webinar", "demo_request")},
        **{f"{code}-cap_count": 3 for code in ("pricing_page", "whitepaper", "webinar", "demo_request")},
    }  # fmt: skip
    answer = client.post("/scoring/save/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["threshold"]
    assert not ScoringModel.objects.filter(state=ModelState.DRAFT).exists()
