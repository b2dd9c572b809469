"""Champion and challenger: who is scored by what, what it came to, and how it ends (S-12, B29)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.lib.errors import NotPermitted
from crm.models import Job, User
from scoring.commands.challenges import ChallengeOver, end_challenge, start_challenge
from scoring.commands.events import record_events
from scoring.commands.parts import share_out_all
from scoring.commands.rules import APPLY_MODEL, NoDraft, RulesRefused, edit_draft, publish_draft
from scoring.commands.scores import refresh_due_scores, refresh_scores
from scoring.enums import ChallengeEnd, ChallengeMetric, CrossingState, LeadStatus, ModelState, Verdict, WaitingReason
from scoring.models import Challenge, ChallengeLead, Crossing, Lead, LeadScore, LeadStatusEvent, ScoringModel
from scoring.queries.books import get_books
from scoring.queries.challenges import get_result
from scoring.queries.scores import SCORED, freshen_scores, get_score, list_scores
from scoring.queries.trends import get_scores_and_trends
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR
from tests.testing import element, signed_in

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def marketer() -> User:
    user: User = UserFactory(marketing=True)
    return user


def start(by: User, *, percent: int = 50, at: datetime = START, threshold: int = 20, **given: Any) -> Challenge:
    """Try rules that hand over at 20 and give 40 for a demo against those in force."""
    edit_draft(settings={"threshold": threshold}, rules={"demo_request": {"points": 40}}, by=by, at=at)
    terms = {"metric": ChallengeMetric.QUALIFIED_OF_ASSIGNED, "minimum": 10, "reason": "A demo says more"} | given
    return start_challenge(percent=percent, by=by, at=at, **terms)


def newcomers(count: int, at: datetime, kind: str = DEMO) -> list[Lead]:
    leads = [LeadFactory(created_at=at, recorded_at=at) for _ in range(count)]
    record_events(events=[sent(lead, kind, at) for lead in leads], by=None, at=at)
    return leads


def sides() -> dict[int, bool]:
    return dict(ChallengeLead.objects.values_list("lead_id", "is_challenger"))


def stored() -> dict[int, tuple[float, int]]:
    return {lead: (score, number) for lead, score, number in
            LeadScore.objects.values_list("lead_id", "score", "model__number")}  # fmt: skip


def test_who_comes_is_drawn_once_and_scored_and_handed_over_by_its_side(marketer: User) -> None:
    UserFactory(rep=True)
    before = newcomers(2, START - DAY)
    challenge = start(marketer)
    leads = newcomers(20, START + DAY)
    drawn = sides()
    assert set(drawn) == {lead.pk for lead in leads}
    assert 1 <= sum(drawn.values()) <= 19
    expected = {lead.pk: (40, 2) if drawn[lead.pk] else (25, 1) for lead in leads}
    assert stored() == {**{lead.pk: (25, 1) for lead in before}, **expected}
    crossed = dict(Crossing.objects.values_list("lead_id", "model_id"))
    assert crossed == {pk: challenge.challenger_id for pk, is_challenger in drawn.items() if is_challenger}
    assert set(Crossing.objects.values_list("state", flat=True)) == {CrossingState.HANDED_OVER}
    for _ in range(2):
        refresh_scores(lead_ids=[lead.pk for lead in leads], at=START + 2 * DAY)
    assert (sides(), stored()) == (drawn, {**{lead.pk: (25, 1) for lead in before}, **expected})
    assert Crossing.objects.count() == len(crossed)


def test_every_reading_goes_by_the_side_of_the_lead(marketer: User) -> None:
    start(marketer)
    leads, at = newcomers(20, START + DAY), START + 2 * DAY
    ids = [lead.pk for lead in leads]
    expected = {pk: 40 if is_challenger else 25 for pk, is_challenger in sides().items()}
    assert len(set(expected.values())) == 2
    assert {pk: get_score(pk, as_of=at)[0].score for pk in ids} == expected
    scores, _, books = get_scores_and_trends(ids, as_of=at)
    assert {pk: score.score for pk, score in scores.items()} == expected
    assert {pk: books.of(pk).model.number for pk in ids} == {
        pk: 2 if points == 40 else 1 for pk, points in expected.items()
    }
    assert {pk: score for pk, _, score in list_scores(None, as_of=at)} == expected
    LeadScore.objects.update(next_change_at=at, score=0)
    late = list(Lead.objects.select_related(SCORED).order_by("pk"))
    freshen_scores(late, at=at)
    assert {lead.pk: lead.score.score for lead in late} == expected
    assert refresh_due_scores(at=at).changed == 20
    assert get_score(ids[0], as_of=START - DAY)[1].model.number == 1


def test_how_many_leads_there_are_makes_no_difference_to_the_statements(marketer: User) -> None:
    start(marketer)
    counts = []
    for many in (20, 30):
        ids = [lead.pk for lead in newcomers(many, START + DAY, PRICING)]
        assert len({sides()[pk] for pk in ids}) == 2
        with CaptureQueriesContext(connection) as queries:
            refresh_scores(lead_ids=ids, at=START + 2 * DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_keeping_the_champion_scores_its_leads_anew_and_hands_nobody_over(marketer: User) -> None:
    UserFactory(rep=True)
    challenge = start(marketer, threshold=90)
    leads, end = newcomers(20, START + DAY), START + 2 * DAY
    ids = {pk for pk, is_challenger in sides().items() if is_challenger}
    events = [sent(lead, kind, START + DAY) for lead in leads for kind in (WEBINAR, PRICING)]
    record_events(events=events, by=None, at=START + DAY)
    assert set(Crossing.objects.values_list("lead_id", flat=True)) == {lead.pk for lead in leads} - ids
    for _ in range(2):
        end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason="No better", by=marketer, at=end)
    challenger = ScoringModel.objects.get(pk=challenge.challenger_id)
    assert (challenger.state, challenger.retired_at) == (ModelState.RETIRED, end)
    with pytest.raises(ChallengeOver):
        end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.REPLACED, reason="Or so", by=marketer, at=end)
    mate = UserFactory(marketing=True)
    with pytest.raises(ChallengeOver):  # somebody else is told that it was ended, even so
        end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason="No better", by=mate, at=end)
    late = list(Lead.objects.select_related(SCORED))
    freshen_scores(late, at=end)
    assert {lead.score.score for lead in late} == {55}
    assert refresh_due_scores(at=end).leads == len(ids)
    assert set(stored().values()) == {(55, 1)}
    # What the champion would have handed over meanwhile waits for a person.
    waiting = Crossing.objects.filter(state=CrossingState.WAITING, waiting_reason=WaitingReason.PUBLISHED)
    assert set(waiting.values_list("lead_id", flat=True)) == ids
    some = min(ids)
    assert [get_score(some, as_of=at)[1].model.number for at in (end - timedelta(hours=1), end)] == [2, 1]
    newcomers(1, end)
    assert ChallengeLead.objects.count() == 20


def test_one_that_began_by_a_clock_behind_that_of_the_end_before_is_the_one_that_runs(marketer: User) -> None:
    end = {"ends_as": ChallengeEnd.KEPT, "reason": "No better", "by": marketer, "at": START + 2 * DAY}
    end_challenge(challenge_id=start(marketer).pk, **end)  # type: ignore[arg-type]  # one of each kind
    later = start(marketer, at=START + DAY)
    challenger = get_books([], as_of=START + DAY).challenger
    assert challenger is not None and challenger.model.id == later.challenger_id


def test_putting_the_challenger_in_force_scores_everybody_by_it(marketer: User) -> None:
    old = newcomers(1, START - DAY)[0]
    challenge = start(marketer)
    newcomers(6, START + DAY)
    end = START + 2 * DAY
    end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.REPLACED, reason="It is better", by=marketer, at=end)
    published = ScoringModel.objects.get(state=ModelState.PUBLISHED)
    assert (published.pk, published.published_at, published.published_by) == (challenge.challenger_id, end, marketer)
    assert ScoringModel.objects.get(number=1).retired_at == end
    assert Job.objects.filter(task=APPLY_MODEL).count() == 1
    share_out_all(cause="test", at=end)
    refresh_scores(lead_ids=Lead.objects.values_list("pk", flat=True), at=end)
    assert set(stored().values()) == {(40, 2)}
    assert Crossing.objects.get(lead=old).state == CrossingState.WAITING


def test_what_is_refused_changes_nothing(marketer: User) -> None:
    rep = UserFactory(rep=True)

    def begin(by: User = marketer) -> Challenge:
        terms = {"percent": 50, "metric": ChallengeMetric.QUALIFIED_OF_ASSIGNED, "minimum": 10, "reason": "A third"}
        return start_challenge(**terms, by=by, at=START)  # type: ignore[arg-type]  # one of each kind

    with pytest.raises(NoDraft):
        begin()
    for wrong in ({"percent": 0}, {"percent": 100}, {"minimum": 9}, {"reason": " "}):
        with transaction.atomic(), pytest.raises(RulesRefused):
            start(marketer, **wrong)
        ScoringModel.objects.filter(state=ModelState.DRAFT).delete()
    assert not Challenge.objects.exists()
    challenge = start(marketer)
    edit_draft(settings={"threshold": 30}, rules={}, by=marketer, at=START)
    for refused in (begin, lambda: publish_draft(reason="In between", by=marketer, at=START)):
        with pytest.raises(RulesRefused) as told:
            refused()
        assert [refusal.code for refusal in told.value.refusals] == ["challenge_runs"]
    with pytest.raises(NotPermitted):
        begin(by=rep)
    with pytest.raises(NotPermitted):
        end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason="Me too", by=rep, at=START)
    assert Challenge.objects.get().ended_at is None


def test_the_report_compares_whose_time_is_over_and_names_nobody_too_early(marketer: User) -> None:
    UserFactory(rep=True)
    challenge = start(marketer, minimum=10)
    leads = newcomers(60, START + DAY)
    drawn, later = sides(), newcomers(5, START + 30 * DAY)
    for lead in leads:
        if drawn[lead.pk]:
            told = {"occurred_at": START + 9 * DAY, "recorded_at": START + 9 * DAY, "via": "page"}
            LeadStatusEvent.objects.create(lead=lead, old="new", new=LeadStatus.SQL, **told)
    early = get_result(challenge, as_of=START + 20 * DAY)
    assert (early.value, early.detail["verdict"]) == (None, Verdict.TOO_FEW)
    found = get_result(challenge, as_of=START + 32 * DAY)
    challengers = sum(drawn.values())
    assert found.n == 60
    assert (found.value, found.detail["verdict"]) == (1, Verdict.CHALLENGER)
    side = found.parts["challenger"]
    assert (side.numerator, side.denominator) == (challengers, challengers)
    assert side.detail["qualified"] == challengers
    assert found.parts["champion"].detail["assigned"] + side.detail["assigned"] == 60 + len(later)
    assert side.detail["handed_over"] == side.detail["assigned"]
    handed = Challenge(pk=challenge.pk, metric=ChallengeMetric.QUALIFIED_OF_HANDED_OVER, minimum=10)
    assert get_result(handed, as_of=START + 32 * DAY).parts["champion"].n == 0


def test_the_page_starts_reports_and_ends(marketer: User) -> None:
    client, url = signed_in(marketer), "/scoring/challenges/"
    assert "There is no draft to try." in client.get(url).content.decode()
    edit_draft(settings={"threshold": 20}, rules={}, by=marketer, at=START)
    terms = {
        "percent": "30",
        "minimum": "50",
        "metric": "qualified_of_assigned",
        "reason": "Try it",
        "seen_version": "",
    }
    for wrong in ({"percent": "1e400"}, {"minimum": "-1"}, {"metric": "won"}, {"reason": "\x00"}):
        assert client.post(f"{url}start/", terms | wrong).status_code == 422
    assert client.post(f"{url}start/", terms | {"seen_version": "99"}).status_code == 422
    assert client.post(f"{url}start/", terms).status_code == 302
    page = client.get(url)
    report = str(element(page, "challenge-report"))
    for words in ("v2 against v1", "Not decided: too few leads yet", "50 are missing"):
        assert words in report, words
    challenge = Challenge.objects.get()
    rep = signed_in(UserFactory(rep=True))
    assert str(element(rep.get(f"{url}{challenge.pk}/"), "challenge-report")) == report
    assert "challenge-end" not in rep.get(url).content.decode()
    assert client.post(f"{url}{challenge.pk}/end/", {"ends_as": "kept", "reason": ""}).status_code == 422
    assert client.post(f"{url}{challenge.pk}/end/", {"ends_as": "kept", "reason": "Enough"}).status_code == 302
    assert "The champion was kept" in client.get(f"{url}{challenge.pk}/").content.decode()
    assert "v2 against v1" in str(element(client.get(url), "challenges-earlier"))
